"""What a deployment can cost at most in a month, by what caps it, and what nothing caps."""
