"""Columns that are marked as personal: which ones they are, and how nothing of them leaves."""
