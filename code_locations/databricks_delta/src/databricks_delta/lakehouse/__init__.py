"""Delta tables behind one interface: on this machine, or on a Databricks SQL warehouse."""
