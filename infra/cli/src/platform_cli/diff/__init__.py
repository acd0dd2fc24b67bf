"""What a pull request does to the data: its gold tables held against production's, row by row."""
