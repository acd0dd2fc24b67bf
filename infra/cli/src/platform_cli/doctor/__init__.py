"""What `platform doctor` looks at: a check for each thing that must be right, in lists that it goes through."""
