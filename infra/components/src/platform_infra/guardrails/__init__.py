"""Checks over everything that a program declares, run at preview, before the cloud is asked for anything."""
