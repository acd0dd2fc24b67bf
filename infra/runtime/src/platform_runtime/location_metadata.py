DBT_MANIFEST = "platform/dbt_manifest"
"""Metadata of a code location that runs a dbt project: the manifest that it was loaded from."""
