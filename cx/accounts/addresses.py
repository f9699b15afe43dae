"""One rule for addresses: how an e-mail is written down, which machine asks, where a page may lead back to."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

_EMAIL = re.compile(r"[^\s@\"'<>(),:;\\\[\]]+@(?:[^\W_][\w-]*\.)+[^\W\d_][\w-]+")
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
MOST_EMAIL = 254


def email_of(text: str) -> str | None:
    """An e-mail address in the one form in which it is stored and compared; None when it is not exactly one."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return plain if len(plain) <= MOST_EMAIL and _EMAIL.fullmatch(plain) else None


def own_path(wanted: str) -> str | None:
    """The path to go back to, when it is one of our own; None for anything that could lead elsewhere."""
    if len(wanted) > 1000 or not _OWN_PATH.fullmatch(wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc or parts.path.startswith("/accounts/log") else wanted


def network_of(address: str | None) -> str:
    """Who asks, for counting: an IPv4 address, or the /64 that a household has on IPv6."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found)
