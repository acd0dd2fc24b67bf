"""What commands do inside a job of a GitHub workflow: sign in, read variables, hand on outputs."""
