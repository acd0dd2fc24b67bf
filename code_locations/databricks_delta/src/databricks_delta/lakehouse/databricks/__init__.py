"""Delta tables of a Unity Catalog catalog, by statements sent to a SQL warehouse."""
