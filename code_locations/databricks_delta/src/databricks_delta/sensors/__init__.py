"""What starts a run: files that land, and periods whose rows have changed."""
