"""`platform bench`: what a person waits for, measured in a fresh clone."""
