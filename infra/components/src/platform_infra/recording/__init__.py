"""Programs run against a recording engine: what they declare, without account, credentials or the Pulumi CLI."""
