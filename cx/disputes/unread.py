"""Stories that were filed while the reader was missing, too slow or switched off: read once it works again.

Nobody noticed at the counter; here it is made good, a few at a time, by whoever calls once a minute. A story that has
any reading is left alone, and `rereading.keep` looks again while it holds the case, so none is read twice.
"""

import random
import time
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cx.core.incident import NO_READER, Reading
from cx.core.words import MessageKind, Origin
from cx.disputes import reader_switch, rereading
from cx.disputes.storing import table
from cx.disputes.workbench import ReadsThemes, Workbench
from models import Case, Message, ReadingRow
from models.engine import Database

# Whoever tells a story has it read within a second; what is older was left.
GRACE = timedelta(minutes=1)
# So many of the newest cases are looked through: enough for a long outage, quick beside an archive of a million.
LOOKED_THROUGH = 20_000
A_ROUND = 200
# A round ends after so many seconds of reading, so that nothing else of the clock waits long.
SECONDS = 20.0


def left_unread(session: Session, at: datetime) -> list[tuple[int, str]]:
    """The number and the text of stories told here, not imported, that nobody read; at most `A_ROUND`, oldest first."""
    case, message = table(Case), table(Message)
    newest = select(func.max(case.c.id)).scalar_subquery()
    told = (message.c.case_id == case.c.id) & (message.c.kind == MessageKind.STORY.value) & (message.c.seq == 1)
    query = (
        select(case.c.id, message.c.text)
        .join(message, told)
        .where(
            case.c.id > newest - LOOKED_THROUGH,
            case.c.reading_state == "to_read",
            case.c.origin != Origin.IMPORT.value,
            case.c.told_at < at - GRACE,
            message.c.text.is_not(None),
            ~exists().where(ReadingRow.case_id == case.c.id),
        )
        .order_by(case.c.id)
        .limit(A_ROUND)
    )
    return [(number, text) for number, text in session.execute(query)]


def sweep(database: Database, bench: Workbench, at: datetime) -> int:
    """Read what was left unread, outside any transaction, and keep it; returns how many stories were read."""
    with database.reading() as session:
        left = left_unread(session, at) if reader_switch.running(session) else []
    if not left:
        return 0
    # Another order each minute: a story on which the reader fails or sticks does not always come first.
    random.Random(at.timestamp()).shuffle(left)
    found: list[tuple[int, Reading]] = []
    began = time.monotonic()
    for number, text in left:
        reading = _read(bench, text)
        if reading is not None:
            found.append((number, reading))
        if time.monotonic() - began > SECONDS:
            break
    if not found:
        return 0
    kept = 0
    for version in sorted({reading.version for _, reading in found}):
        with database.writing() as session:
            those = [(number, reading) for number, reading in found if reading.version == version]
            kept += rereading.keep(session, version, those, at).read
    return kept


def _read(bench: Workbench, text: str) -> Reading | None:
    """What the reader says of a text; None while there is no reader, or when it fails: the story waits on."""
    try:
        reader: ReadsThemes = bench.reader()
        reading = reader.read(text, "")
    except Exception:  # it failed at the counter too; a person reads the story meanwhile
        return None
    return None if reading.version == NO_READER else reading
