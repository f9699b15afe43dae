"""Takes complaints of an archive in: stories without a dispute, each once, whatever happens in between.

Rows are composed into ledgers (slow, needs no database, may run in other processes) and written by the thousand, each
thousand in one transaction; a row that is there already is left alone, so an import that was killed goes on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cx.core.acts import Actor
from cx.core.dispute import told
from cx.core.incident import Reading
from cx.core.words import MessageKind, Origin, Role, Sector, Wish
from cx.disputes import effects
from cx.disputes.analysis import first_words, fold
from cx.disputes.archive_rows import ArchiveRow
from cx.disputes.blank import blank_case
from cx.disputes.filing import CUSTOMER
from cx.disputes.ledger import Ledger, Text
from cx.disputes.masking import mask
from cx.disputes.recipients import never_told_of
from cx.disputes.reference import new_reference
from cx.disputes.storing import save, table
from cx.disputes.workbench import Workbench
from models import Case, Organisation

UNKNOWN = "Unknown"
# Not a country: nobody knows where the organisation of an archive is, so no legal clock can be named.
NOWHERE = ""
Detect = Callable[[str, str], str]
"""(text, language of the surroundings) to `fr`, `en` or nothing."""
Read = Callable[[str, str], Reading]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Home:
    """What a case copies from its organisation."""

    id: int
    sector: str
    country: str
    zone: str
    jurisdiction: str
    calendar: str
    target_days: int


def key_of(row: ArchiveRow) -> Key:
    """What makes a row the same row in every file: its source and its id there."""
    return row.source, row.id


def already(session: Session, keys: Iterable[Key]) -> set[Key]:
    """Which of these rows are stored already."""
    by_source: dict[str, list[str]] = {}
    for source, one in keys:
        by_source.setdefault(source, []).append(one)
    columns = table(Case)
    found: set[Key] = set()
    for source, ids in by_source.items():
        query = select(columns.c.source_id).where(columns.c.source == source, columns.c.source_id.in_(ids))
        found.update((source, str(one)) for one in session.scalars(query))
    return found


def homes(session: Session, wanted: Iterable[tuple[Sector, str]], at: datetime) -> dict[tuple[Sector, str], Home]:
    """The organisations of an archive by (sector, name), made unclaimed where nobody knows them, in this transaction.

    Whoever reads us under that name gets the story; the empty name is one organisation a sector, called Unknown.
    """
    places = {(sector, name): (sector.value, fold(name or UNKNOWN)[:120]) for sector, name in wanted}
    names = {folded for _, folded in places.values()}
    query = select(Organisation).where(Organisation.name_folded.in_(names))
    known: dict[tuple[str, str], Organisation] = {}
    for one in session.scalars(query.order_by(Organisation.claimed.desc(), Organisation.id)):
        known.setdefault((one.sector, one.name_folded), one)
    for (sector, name), place in places.items():
        if place not in known:
            known[place] = never_told_of(name or UNKNOWN, sector, NOWHERE, "fr", at)
            session.add(known[place])
    session.flush()
    return {key: _home(known[place]) for key, place in places.items()}


def _home(one: Organisation) -> Home:
    return Home(one.id, one.sector, one.country, one.zone, one.jurisdiction, one.calendar, one.target_days)


def compose(row: ArchiveRow, home: Home, at: datetime, detect: Detect, read: Read | None = None) -> Ledger:
    """The ledger of one row: told on its day at noon (at `at` when the day is unknown), masked, read if wanted."""
    hidden = mask(row.text)
    detected = row.language if row.language in {"fr", "en"} else detect(hidden.text, "fr")
    language = detected or "fr"
    # An archive knows days only; noon is the same day nearly everywhere.
    told_at = datetime.combine(row.told_on, time(12), UTC) if row.told_on else at
    ledger = Ledger(_columns(row, home, told_at), target_days=home.target_days)
    ledger.case.update(language=language, interface_language=language, detected_language=detected)
    ledger.case.update(
        first_words=first_words(hidden.text), facts={"masked": list(hidden.kinds)} if hidden.kinds else {}
    )
    customer = Actor(Role.CUSTOMER, CUSTOMER)
    ledger.record(told(customer, told_at, wish=Wish.TELL.value), Text(hidden.text, MessageKind.STORY), customer)
    # Nobody waits for an answer: these people wrote elsewhere, long ago.
    ledger.wait(False)
    effects.told(ledger)
    if read is not None:
        reading = read(hidden.text, detected)
        ledger.readings.append((at, reading))
        ledger.case["reading_state"] = "to_read" if reading.abstained else "read"
        ledger.themes.update({theme.value: "maybe" for theme in reading.maybe})
    return ledger


def _columns(row: ArchiveRow, home: Home, told_at: datetime) -> dict[str, object]:
    return blank_case(home) | {
        "reference": new_reference(),
        "origin": Origin.IMPORT.value,
        "source": row.source,
        "source_id": row.id,
        "source_label": row.label or None,
        "source_rating": row.rating or None,
        "occurred_on": row.told_on,
        "occurred_about": True,
        "wish": Wish.TELL.value,
        "told_at": told_at,
    }


def store(session: Session, bench: Workbench, ledgers: Sequence[Ledger]) -> int:
    """Write ledgers of an archive in the present transaction, those that are not there yet; returns how many."""
    if session.get_bind().dialect.name == "postgresql":
        # Two imports of one file at once take turns, so that the look-up below holds until the commit.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('doleance import', 0))"))
    fresh: dict[Key, Ledger] = {(one.case["source"], one.case["source_id"]): one for one in ledgers}
    for key in already(session, fresh):
        del fresh[key]
    save(session, bench, list(fresh.values()))
    return len(fresh)
