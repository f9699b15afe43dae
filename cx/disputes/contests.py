"""A customer contradicts the reader, and a person rules on it: both are lines of the journal, and rows beside it.

What the customer says moves nothing: no state, no date, no order of work. A ruling names the full set of themes, as any
ruling does, and is written down in a sentence that the customer reads. Who may rule: `cx.core.contesting`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cx.core import contesting
from cx.core.acts import Actor
from cx.core.contesting import Opinion, Ruler, Status, opinion_of
from cx.core.refusals import Conflict, GuardFailed, NotVisible
from cx.core.words import Action, MessageKind, Role, Theme
from cx.disputes import correspondence
from cx.disputes.acting import act
from cx.disputes.calendars import days_off
from cx.disputes.correspondence import Crew, Member
from cx.disputes.lateness import untold
from cx.disputes.ledger import Ledger, Text, account_of, actor_id
from cx.disputes.moves import Hand, name_themes, put_down, take_up
from cx.disputes.storing import load, post
from cx.disputes.team import neutral_to
from cx.disputes.workbench import Notice, Workbench
from models import Account, CaseTheme, Message, ReadingOpinion, ReadingRow
from models.engine import Database

SOURCE = "contest"
CONTESTED, LATE = "reading_contested", "reading_late"
# A clock that stood still for longer does not send old news when it runs again: the desk shows what is late all the time.
RECENT = timedelta(days=7)
# The last second of a local day: whoever rules on the day itself is in time.
DAY_ENDS = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an opinion: by whom and by the end of which local day a person rules; None: nothing to rule."""

    due_on: date | None
    by: Ruler | None


def say(session: Session, bench: Workbench, hand: Hand, said: Opinion, text: Text | None = None) -> Taken:
    """Keep what a customer says of the reading of their story; a person rules on anything but "right".

    Themes that nobody suggested are left out. The same said again changes nothing. Raises GuardFailed:
    `reading_judged` (beside `missing`) where nothing is said, `not_too_often` after three opinions on one local day,
    `somebody_rules` where the organisation does not read us and the installation has no neutral, `story_there` where
    the story was taken out.
    """
    ledger, actor = take_up(session, replace(hand, expected=None))
    if not _story_there(session, ledger.case["id"]):
        raise GuardFailed("story_there", "missing")
    version, shown = _shown(session, ledger.case["id"])
    said = Opinion(said.right & shown, said.wrong & shown, said.missing)
    earlier = _opinions(session, ledger.case["id"])
    last = earlier[-1] if earlier else None
    if last is not None and last.status in (Status.OPEN, Status.AGREED) and _same(session, last, said, text):
        return _taken(session, ledger, last.due_at)
    today = ledger.local_day(hand.at)
    if contesting.again_on((ledger.local_day(one.at) for one in earlier), today) is not None:
        raise GuardFailed("not_too_often", "missing")
    waiting = [one for one in earlier if one.status == Status.OPEN]
    due_at = _due_at(ledger, today, waiting) if said.contests else None
    found = _taken(session, ledger, due_at)
    lay_opinion(ledger, actor, hand.at, said, text, version, due_at)
    for one in waiting:
        one.status = Status.REPLACED
    if found.by is not None and not ledger.case["demo"]:
        _tell_rulers(session, ledger, found.by, hand.at, due_at)
    put_down(session, bench, ledger, hand)
    return found


def lay_opinion(
    ledger: Ledger,
    actor: Actor,
    at: datetime,
    said: Opinion,
    text: Text | None,
    version: str,
    due_at: datetime | None,
) -> None:
    """Lay an opinion in the ledger, as a line and as a row; `due_at` is None where nothing is to be ruled."""
    facts = {"right": said.right, "wrong": said.wrong, "missing": said.missing}
    event = act(ledger, Action.SAY_OF_READING, actor, at, facts, text)
    status = Status.AGREED if due_at is None else Status.OPEN
    ledger.opinions.append(
        {
            "at": at, "seq": ledger.dispute.version, "reader_version": version, "said": dict(event.data),
            "status": status.value, "due_at": due_at, "ruled_at": None, "account_id": None, "answer_seq": None,
        }
    )  # fmt: skip


def _shown(session: Session, case_id: int) -> tuple[str, frozenset[str]]:
    """The version of the last reading, and the themes that can be spoken about: suggested by it, or standing."""
    query = select(ReadingRow.version, ReadingRow.reasons).where(ReadingRow.case_id == case_id)
    last = session.execute(query.order_by(ReadingRow.id.desc()).limit(1)).first()
    standing = frozenset(session.scalars(select(CaseTheme.theme).where(CaseTheme.case_id == case_id)))
    return (last.version, standing | frozenset(last.reasons or ())) if last is not None else ("", standing)


def _story_there(session: Session, case_id: int) -> bool:
    told = (Message.case_id == case_id, Message.kind == MessageKind.STORY, Message.text.is_not(None))
    return session.scalar(select(Message.id).where(*told).limit(1)) is not None


def _opinions(session: Session, case_id: int) -> list[ReadingOpinion]:
    query = select(ReadingOpinion).where(ReadingOpinion.case_id == case_id).order_by(ReadingOpinion.id)
    return list(session.scalars(query))


def _same(session: Session, last: ReadingOpinion, said: Opinion, text: Text | None) -> bool:
    """Whether the last opinion says this in these very words: the second of two clicks."""
    if opinion_of(last.said) != said:
        return False
    words = session.scalar(select(Message.text).where(Message.case_id == last.case_id, Message.seq == last.seq))
    return words == (text.text if text is not None else None)


def due_at(ledger: Ledger, today: date) -> datetime:
    """When a ruling is due on what is said on this local day: the last second of the second working day after it."""
    due_on = contesting.due_on(today, ledger.case["calendar"] or "none", days_off)
    return datetime.combine(due_on, DAY_ENDS, ZoneInfo(ledger.case["zone"])).astimezone(UTC)


def _due_at(ledger: Ledger, today: date, waiting: list[ReadingOpinion]) -> datetime:
    """When the ruling is due; saying more before anybody ruled gives nobody more time."""
    return min([due_at(ledger, today), *(one.due_at for one in waiting if one.due_at is not None)])


def _taken(session: Session, ledger: Ledger, due_at: datetime | None) -> Taken:
    """By when and by whom it is ruled. Raises GuardFailed where nobody would."""
    if due_at is None:
        return Taken(None, None)
    crew = correspondence.crew_of(session, ledger.case["organisation_id"])
    by = _ruler(session, ledger, crew)
    if by is not Ruler.NEUTRAL and not crew.reads:
        raise GuardFailed("somebody_rules", "missing")
    return Taken(ledger.local_day(due_at), by)


def team_of(crew: Crew) -> dict[str, Role]:
    """Who answers for an organisation: actor → role."""
    supervisors = {one.id for one in crew.supervisors}
    return {actor_id(one): Role.SUPERVISOR if one in supervisors else Role.AGENT for one in crew.answering}


def _ruler(session: Session, ledger: Ledger, crew: Crew) -> Ruler:
    neutral = session.scalar(neutral_to(ledger.case["organisation_id"]).limit(1)) is not None
    return contesting.ruler(ledger.dispute, neutral, team_of(crew))


def _tell_rulers(session: Session, ledger: Ledger, by: Ruler, at: datetime, due_at: datetime | None) -> None:
    """Whoever may rule hears of it: where and by when, never what was said."""
    crew = correspondence.crew_of(session, ledger.case["organisation_id"])
    if by is Ruler.NEUTRAL:
        members = _neutrals(session, ledger)
    else:
        team = team_of(crew)
        free = [one for who, one in crew.answering.items() if _may(ledger, by, actor_id(who), team)]
        members = free or [one for one in (crew.owner(ledger.case["owner_id"]),) if one is not None]
    for member in members:
        ledger.notices.append(_notice(ledger, crew, member, CONTESTED, at, due_at))


def _may(ledger: Ledger, by: Ruler, who: str, team: Mapping[str, Role]) -> bool:
    return contesting.may_rule(by, ledger.dispute, who, team[who], late=False)


def _neutrals(session: Session, ledger: Ledger) -> list[Member]:
    """The neutral of the case, else every neutral of the installation: whoever comes first rules."""
    columns = (Account.id, Account.name, Account.function, Account.email, Account.language)
    found = neutral_to(ledger.case["organisation_id"])
    own = ledger.case.get("neutral_id")
    rows = session.execute(select(*columns).where(Account.id.in_(found)).order_by(Account.id)).all()
    members = [Member(*one) for one in rows]
    return [one for one in members if one.id == own] or members


def _notice(ledger: Ledger, crew: Crew, to: Member, kind: str, at: datetime, due_at: datetime | None) -> Notice:
    data = {
        "reference": ledger.case["reference"],
        "organisation": crew.organisation,
        "until": ledger.local_day(due_at).isoformat() if due_at is not None else "",
        "page": f"/desk/{ledger.case['reference']}/reading",
    }
    return Notice(kind, to.email, to.language, at, data, account_id=to.id)


def rule(
    session: Session, bench: Workbench, hand: Hand, opinion_id: int, themes: frozenset[Theme], text: Text
) -> ReadingOpinion:
    """Rule on what a customer contests: the full set of themes, and the outcome in words that the customer reads.

    Raises NotVisible (no such case, or no business of theirs), Conflict when the customer said something newer or
    somebody was faster, GuardFailed: `rules_here` when another person has to rule, the heart's for a text that nobody
    signs.
    """
    ledger, actor = take_up(session, replace(hand, expected=None))
    row = session.get(ReadingOpinion, opinion_id, with_for_update=True) if opinion_id < 2**63 else None
    if row is None or row.case_id != ledger.case["id"]:
        raise NotVisible
    if row.status != Status.OPEN or row.due_at is None:
        raise Conflict(row.seq, ledger.loaded)
    crew = correspondence.crew_of(session, ledger.case["organisation_id"])
    by = _ruler(session, ledger, crew)
    if not contesting.may_rule(by, ledger.dispute, actor.id, actor.role, late=row.due_at < hand.at):
        raise GuardFailed("rules_here", None)
    seen = replace(hand, expected=None)
    standing = name_themes(session, ledger, actor, seen, themes, row.reader_version, SOURCE)
    ruled = lay_outcome(ledger, actor, hand.at, {"seq": row.seq, "said": row.said}, standing, themes, text)
    for name, value in ruled.items():
        setattr(row, name, value)
    put_down(session, bench, ledger, hand)
    return row


def lay_outcome(
    ledger: Ledger,
    actor: Actor,
    at: datetime,
    opinion: Mapping[str, Any],
    standing: Iterable[str],
    themes: Iterable[Theme],
    text: Text,
) -> dict[str, Any]:
    """Lay the outcome of a ruling in the ledger; returns the columns of the `opinion` that it settles.

    `standing` are the ids of the themes that stood before, `themes` those that stand now.
    """
    changed = contesting.follows(opinion_of(opinion["said"]), standing, (theme.value for theme in themes))
    facts = {"said": opinion["seq"], "changed": changed, "text": text.text}
    act(ledger, Action.RULE_READING, actor, at, facts, text)
    return {
        "status": (Status.CHANGED if changed else Status.KEPT).value,
        "ruled_at": at,
        "account_id": account_of(actor.id),
        "answer_seq": ledger.dispute.version,
    }


def tell_late(database: Database, bench: Workbench, at: datetime) -> int:
    """Remind whoever is on duty of each ruling that is overdue, once; how many it were."""
    with database.reading() as session:
        late = session.execute(_late(at)).all()
    return sum(_remind(database, bench, one.case_id, one.id, at) for one in late)


def _late(at: datetime) -> Select[int, int]:
    return untold(ReadingOpinion, Status.OPEN, LATE, at, RECENT)


def _remind(database: Database, bench: Workbench, case_id: int, number: int, at: datetime) -> bool:
    """Remind of one ruling, unless somebody ruled meanwhile, or another clock was faster: the case is locked."""
    try:
        with database.writing() as session:
            ledger = load(session, case_id)
            found = session.get(ReadingOpinion, number)
            if found is None or session.scalar(_late(at).where(ReadingOpinion.id == number)) is None:
                return False
            crew = correspondence.crew_of(session, ledger.case["organisation_id"])
            duty = crew.owner(None)
            for member in [duty] if duty is not None else _neutrals(session, ledger):
                ledger.notices.append(_notice(ledger, crew, member, LATE, at, found.due_at))
            post(session, bench, [ledger])
            return True
    except NotVisible:
        return False
