"""The REST interface of GitHub, as far as the platform uses it."""
