import socket


def is_free(host: str, port: int) -> bool:
    """Whether nothing listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) != 0
