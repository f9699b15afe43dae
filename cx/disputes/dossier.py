"""The file that travels: what a case holds for whoever takes it over, frozen, and the fingerprints of files made.

Only what both parties may read: no internal note, no score, no theme. The file says at which line the journal stood,
so that anybody can later ask whether file and journal still agree.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cx.core import clock
from cx.core.visitor import Visitor
from cx.core.words import NextBody
from cx.disputes import admissibility, casefile
from cx.disputes.admissibility import Check
from cx.disputes.seen import CaseFile, ClockSeen, Happened, Said
from cx.disputes.sight import As, reference_of_case
from models import ClockRun, Dossier, EventRow, Message, OfferVersion, Point

# What happens inside the organisation, or is only a reading of the text, is not told outside.
INTERNAL = frozenset(
    {"noted", "call_logged", "themes_read", "themes_ruled", "shelved", "reminded", "values_said", "approval_asked"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: its line in the journal, and when it was taken out or erased, if it was."""

    seq: int
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The case with what stands beside it; `seq` and `head` say where the journal stood at `made_at`.

    `agreed` by point, `conditions` and `counters` by version of the offer, `moved_from` by regime.
    """

    case: CaseFile
    made_at: datetime
    seq: int
    head: str
    for_customer: bool
    timeline: tuple[Happened, ...]
    places: Mapping[int, Place]
    agreed: Mapping[int, str]
    conditions: Mapping[int, str]
    counters: Mapping[int, str]
    clocks: tuple[tuple[ClockSeen, str], ...]
    moved_from: Mapping[str, date]
    bodies: tuple[NextBody, ...]
    body: NextBody | None
    checks: tuple[Check, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """The texts that both parties read, oldest first: an internal one is never part of a file."""
        return tuple(one for one in self.case.said if not one.internal)


def collect(
    session: Session, visitor: Visitor, capacity: As, reference: str, at: datetime, body: NextBody | None = None
) -> Contents:
    """What the file will say, for whoever may read the case. `body` is whom it is for; the first one if not said.

    Raises NotVisible: foreign and missing are the same.
    """
    case = casefile.open_case(session, visitor, capacity, reference, at)
    zone = ZoneInfo(case.zone)
    bodies = admissibility.bodies(case)
    sent_on = case.sent_at.astimezone(zone).date() if case.sent_at else None
    today = at.astimezone(zone).date()
    offers = session.execute(
        select(OfferVersion.version, OfferVersion.conditions, OfferVersion.counter).where(
            OfferVersion.case_id == case.id
        )
    ).all()
    last = case.happened[-1]
    return Contents(
        case=case,
        made_at=at,
        seq=last.seq,
        head=last.hash,
        for_customer=capacity is As.CUSTOMER,
        timeline=tuple(one for one in case.happened if one.kind not in INTERNAL),
        places=_places(session, case.id),
        agreed={
            number: text
            for number, text in session.execute(select(Point.number, Point.agreed).where(Point.case_id == case.id))
            if text
        },
        conditions={row.version: row.conditions for row in offers if row.conditions},
        counters={row.version: row.counter for row in offers if row.counter},
        clocks=tuple((one, became(one, today)) for one in case.clocks if one.lawful),
        moved_from=_moved(session, case.id),
        bodies=bodies,
        body=body or (bodies[0] if bodies else None),
        checks=admissibility.checklist(case, today, sent_on),
    )


def _places(session: Session, case_id: int) -> dict[int, Place]:
    query = select(Message.id, Message.seq, Message.erased_at).where(Message.case_id == case_id)
    return {number: Place(seq, gone) for number, seq, gone in session.execute(query)}


def _moved(session: Session, case_id: int) -> dict[str, date]:
    query = select(ClockRun.regime_id, ClockRun.extended_from).where(ClockRun.case_id == case_id)
    return {regime: day for regime, day in session.execute(query) if day is not None}


def became(one: ClockSeen, today: date) -> str:
    """What became of a clock: `kept`, `missed` or `running` for a duty, `ahead`, `open` or `used` for a right, `gone`."""
    passed = one.due_on < today
    if one.purpose == clock.Purpose.RIGHT_OPENS.value:
        return "used" if one.done_on is not None else "ahead" if one.due_on > today else "open"
    if one.purpose == clock.Purpose.RIGHT_LOST.value and one.done_on is None:
        return "gone" if passed else "running"
    if one.done_on is not None:
        return "kept" if one.done_on <= one.due_on else "missed"
    return "missed" if passed else "running"


def fingerprint(data: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def record(session: Session, contents: Contents, files: Mapping[str, bytes]) -> None:
    """Keep the fingerprints of files that are handed out (`zip`, `pdf`, `json` → bytes); the files are not kept."""
    for kind, data in files.items():
        session.add(
            Dossier(
                case_id=contents.case.id,
                kind=kind,
                sha256=fingerprint(data),
                seq=contents.seq,
                head=contents.head,
                made_at=contents.made_at,
            )
        )


@dataclass(frozen=True, slots=True)
class Known:
    """A file that we made: for which case, when, at which line; `holds`: whether the journal still holds that line."""

    reference: str
    kind: str
    made_at: datetime
    seq: int
    holds: bool


def known(session: Session, sha256: str) -> Known | None:
    """The file with this fingerprint, if we made it: for whoever has the file, so nothing of its content is told."""
    row = session.scalars(select(Dossier).where(Dossier.sha256 == sha256).order_by(Dossier.id).limit(1)).first()
    if row is None:
        return None
    line = select(EventRow.hash).where(EventRow.case_id == row.case_id, EventRow.seq == row.seq)
    holds = session.scalar(line) == row.head
    return Known(reference_of_case(session, row.case_id), row.kind, row.made_at, row.seq, holds)


def made(session: Session, case_id: int) -> Sequence[datetime]:
    """When files of this case were handed out, oldest first (one moment for each time, not for each format)."""
    query = select(Dossier.made_at).where(Dossier.case_id == case_id, Dossier.kind == "zip").order_by(Dossier.id)
    return session.scalars(query).all()
