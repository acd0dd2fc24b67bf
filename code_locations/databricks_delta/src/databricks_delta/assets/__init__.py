"""The Dagster definitions that a lakehouse's declaration stands for."""
