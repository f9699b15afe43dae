"""What the environment says, read in one way by the watcher of processes and by the application.

Standard library only. A value that cannot be meant raises a ValueError whose message is one sentence for people.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Listening everywhere is no address to visit: this machine is. Hosts are compared by name, so IPv6's own has one.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "localhost", "::1": "localhost"}
# A name or an IPv4 address. Flask's comparison of hosts knows no IPv6 literals, so none can be the address.
_AUTHORITY = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?(?::[0-9]{1,5})?")


def bracketed(host: str) -> str:
    """The host as addresses write it: IPv6 stands in brackets."""
    return f"[{host}]" if ":" in host else host


def whole_number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number from the environment; ValueError with a sentence when it is none or out of bounds."""
    given = environment.get(name) or str(default)
    if not (given.isascii() and given.isdecimal()) or not least <= int(given) <= most:
        message = f"{name} must be a whole number from {least} to {most}, not {given!r}."
        raise ValueError(message)
    return int(given)


def host_of(environment: Mapping[str, str], default: str = "127.0.0.1") -> str:
    """Where the product listens (`HOST`), without brackets."""
    return environment.get("HOST", "").strip("[]") or default


def port_of(environment: Mapping[str, str]) -> int:
    """The port on which the product listens (`PORT`)."""
    return whole_number(environment, "PORT", 8000, 1, 65535)


def address_of(environment: Mapping[str, str]) -> str:
    """The base of every link: `DOLEANCE_URL`, else where the product listens. No slash at the end."""
    given = (environment.get("DOLEANCE_URL") or "").rstrip("/")
    if not given:
        host = host_of(environment)
        return f"http://{bracketed(EVERYWHERE.get(host, host))}:{port_of(environment)}"
    scheme, _, authority = given.partition("://")
    if scheme not in {"http", "https"} or not _AUTHORITY.fullmatch(authority):
        message = f"DOLEANCE_URL must look like https://complaints.example.org, without a path, not {given!r}."
        raise ValueError(message)
    return given


def is_loopback_address(address: str) -> bool:
    """Whether an address of the product (`address_of`) is that of this machine only."""
    return (urlsplit(address).hostname or "") in LOOPBACK
