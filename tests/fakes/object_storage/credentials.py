ACCESS_KEY_ID = "AKIAREHEARSAL"
SECRET_ACCESS_KEY = "of-the-stand-in-alone"  # noqa: S105 - as it says
