"""What the code locations share when they run: demo mode, pools, the local stores and their Dagster home."""
