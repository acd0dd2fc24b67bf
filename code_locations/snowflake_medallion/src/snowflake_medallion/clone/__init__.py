"""Copies of another deployment's tables, which a pull request starts from."""
