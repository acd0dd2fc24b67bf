"""The demo: every asset of every code location, materialised on this machine by a process for each location."""
