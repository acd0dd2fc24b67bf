"""What a lakehouse's `defs.yaml` says, as data: the location, the infrastructure and the commands read it alike."""
