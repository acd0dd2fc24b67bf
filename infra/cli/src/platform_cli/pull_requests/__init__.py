"""What pull requests get and leave: environments, comments, remains."""
