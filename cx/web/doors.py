"""Doors: every view declares who may enter and whether it writes; a view without a door fails the build.

The door judges the visitor, never the object: cases are judged by `cx.disputes.sight`.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import abort, g, redirect, request, url_for

from cx.core.words import Role
from cx.web.visitors import visitor

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """The audiences of doors, besides the roles of staff."""

    EVERYONE = "everyone"
    CUSTOMER = "customer"  # whoever holds a key of the case; others are asked for the code
    OPERATOR = "operator"  # not public: loopback or a bearer token


@dataclass(frozen=True, slots=True)
class Door:
    """Who may enter (audiences or roles) and whether the view opens its one transaction."""

    audience: frozenset[str]
    writes: bool


def door(*audience: Who | Role, writes: bool = False) -> Callable[[View], View]:
    """Declare who may enter a view. Staff who are not signed in are asked to; a wrong role gets 403."""
    if not audience:
        message = "a door needs an audience"
        raise TypeError(message)
    sign = Door(frozenset(str(one) for one in audience), writes)
    roles = frozenset(one for one in audience if isinstance(one, Role))

    def hang(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.door = sign
            if roles:
                who = visitor()
                if not who.signed_in:
                    if request.method in {"GET", "HEAD"}:
                        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
                    abort(401)
                if not who.has(*roles):
                    abort(403)
            return view(*args, **kwargs)

        guarded.door = sign  # type: ignore[attr-defined]
        return cast("View", guarded)

    return hang
