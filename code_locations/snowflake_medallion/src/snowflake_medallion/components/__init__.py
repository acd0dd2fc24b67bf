"""The components that `defs.yaml` declares."""
