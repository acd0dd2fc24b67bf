"""What the stack files say, read into typed values: which deployment, whose it is, how large and how long."""
