"""Where a request comes from: straight from this machine, or through proxies that say for whom they ask."""

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

# Whatever stands between adds one of these: then the request has left some machine, even if the last step is ours.
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def is_loopback(address: str | None) -> bool:
    """Whether an IP address or a host name is this very machine."""
    host = (address or "").strip("[]")
    if host == "localhost":
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def on_this_machine() -> bool:
    """Whether this request never left the machine: the only place where demo accounts work."""
    host = urlsplit(current_app.config["DOLEANCE_URL"]).hostname
    passed_on = any(name in request.headers for name in PASSED_ON)
    return is_loopback(request.remote_addr) and is_loopback(host) and not passed_on


def init(app: Flask) -> None:
    """Believe as many proxies as `DOLEANCE_PROXIES` says, and only what they say of the caller's address.

    Without it nobody is believed, so that limits on guessing cannot be dodged by a header. Host and scheme never
    come from a header: `DOLEANCE_URL` says them.
    """
    proxies = app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
