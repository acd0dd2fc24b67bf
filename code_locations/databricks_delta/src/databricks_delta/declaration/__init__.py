"""What a lakehouse's `defs.yaml` may say."""
