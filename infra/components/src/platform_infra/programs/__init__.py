"""One record for each cloud's program, for whoever treats both alike."""
