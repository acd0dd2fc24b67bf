"""Who may do what: proved from what the programs declare and what the pipelines need."""
