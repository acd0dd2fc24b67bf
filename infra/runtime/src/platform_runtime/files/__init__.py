"""Files that landed: what counts as one, how it is opened, hashed, read and refused, the same for whoever asks."""
