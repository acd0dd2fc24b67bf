"""Checks of what the tables hold, declared in YAML and run as SQL on either engine."""
