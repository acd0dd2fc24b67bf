"""What starts a run: files that land, and months whose rows have changed."""
