"""What a change does to the declared infrastructure, told without any account."""
