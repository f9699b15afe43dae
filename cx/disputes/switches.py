"""What the administrator said of single legal clocks: read once a minute at most for each database, written here."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cx.core.limits import Regime
from models import Account, RegimeSwitch

ASK_AGAIN = 60.0

_known: WeakKeyDictionary[Engine, tuple[float, Mapping[str, bool]]] = WeakKeyDictionary()


def said(session: Session) -> Mapping[str, bool]:
    """By id: whether the administrator uses a row (True) or freezes it (False); a row nobody spoke of is absent."""
    engine = session.get_bind().engine
    asked, found = _known.get(engine, (float("-inf"), MappingProxyType({})))
    if time.monotonic() - asked > ASK_AGAIN:
        rows = session.execute(select(RegimeSwitch.regime_id, RegimeSwitch.used))
        found = MappingProxyType({row.regime_id: row.used for row in rows})
        _known[engine] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Ask again at once, because something was said; other processes ask within a minute."""
    _known.clear()


@dataclass(frozen=True, slots=True)
class Switched:
    """What was said of a row: used or frozen, why, by whom and when."""

    regime_id: str
    used: bool
    note: str
    by: str
    at: datetime


def all_said(session: Session) -> Mapping[str, Switched]:
    """Every word of an administrator on a row, by its id."""
    query = select(RegimeSwitch, Account.name).outerjoin(Account, Account.id == RegimeSwitch.account_id)
    return {
        one.regime_id: Switched(one.regime_id, one.used, one.note, name or "", one.at)
        for one, name in session.execute(query)
    }


def say(session: Session, row: Regime, used: bool, note: str, account_id: int | None, at: datetime) -> None:
    """Use a row or freeze it, in the present transaction; the usual state of a row leaves no word behind."""
    found = session.scalars(select(RegimeSwitch).where(RegimeSwitch.regime_id == row.id)).first()
    if found is None:
        found = RegimeSwitch(regime_id=row.id, used=used, note=note, account_id=account_id, at=at)
        session.add(found)
    found.used, found.note, found.account_id, found.at = used, note, account_id, at
    session.flush()
    forget()


def said_or_nothing(session: Session) -> Mapping[str, bool]:
    """The same for pages that must stand when the database does not answer."""
    try:
        return said(session)
    except SQLAlchemyError:
        return MappingProxyType({})
