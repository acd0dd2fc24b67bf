"""What a deployment is made of: its names in both clouds and on this machine, and the settings it needs.

Infrastructure, Dagster and dbt derive every name from here. Standard library only, so that it loads in milliseconds.
"""
