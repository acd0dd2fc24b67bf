"""What `dg scaffold defs` writes for a new lakehouse."""
