"""What closed pull requests left behind is found, and its removal started."""
