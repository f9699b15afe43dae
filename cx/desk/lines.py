"""The rows of the desk in words."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from cx.core.words import State
from cx.disputes.desk_rows import CaseRow
from cx.disputes.queue import Filters, Tab
from cx.web import labels
from cx.web.formats import short_day
from cx.web.language import language
from cx.web.sentence import _


@dataclass(frozen=True, slots=True)
class Line:
    """One row, worded. `due` is the short sentence of the date, `marks` are (kind, label)."""

    url: str
    who: str
    reference: str
    words: str
    lang: str
    meta: str
    due: str
    due_iso: str
    late: bool
    marks: tuple[tuple[str, str], ...]
    take: bool


class Worder:
    """Words rows; what is the same for all rows is looked up once."""

    def __init__(self, filters: Filters, me: int | None) -> None:
        self.all_take = filters.tab is Tab.TAKE and not filters.words
        self.own_states = filters.tab in (Tab.TAKE, Tab.SECOND) and not filters.words
        self.own_owner = me if filters.tab is Tab.MINE and not filters.words else None
        self.language = language()
        self.unnamed = _("no name given")
        self.states = {state: str(label) for state, label in labels.STATES_FOR_STAFF.items()}
        self.base = url_for("desk.case", reference="REF")
        self.overdue, self.distress = _("Overdue"), _("Hit hard")
        self.new, self.mediation = _("New message"), _("Mediation")
        self.imported, self.resting = _("Imported"), _("Resting")
        self.dues = {
            "": _("told %(date)s", date="@"),
            "late": _("since %(date)s", date="@"),
            "law": _("answer by %(date)s", date="@"),
            "promise": _("promised by %(date)s", date="@"),
            "right": _("may go on from %(date)s", date="@"),
            "open": _("may go on now"),
            "target": _("own aim %(date)s", date="@"),
        }
        self.days: dict[date, str] = {}

    def line(self, row: CaseRow) -> Line:
        """One row in words."""
        owner = "" if row.owner_id == self.own_owner else row.owner
        meta = [row.place, "" if self.own_states else self.states[row.state], owner]
        return Line(
            url=self.base.replace("REF", row.reference),
            who=row.person or self.unnamed,
            reference=row.reference,
            words=row.first_words,
            lang="" if row.language == self.language else row.language,
            meta=" · ".join(part for part in meta if part),
            due=self._due(row),
            due_iso=due.isoformat() if (due := _due_on(row)) else "",
            late=row.overdue,
            marks=self._marks(row),
            take=self.all_take or _takeable(row),
        )

    def _marks(self, row: CaseRow) -> tuple[tuple[str, str], ...]:
        marks = (
            ("overdue", self.overdue, row.overdue),
            ("distress", self.distress, row.distress),
            ("new", self.new, row.new_message and row.state is not State.NONE),
            ("plain", self.mediation, row.mediation),
            ("plain", self.resting, row.resting),
            ("plain", self.imported, row.imported),
        )
        return tuple((kind, label) for kind, label, shown in marks if shown)

    def _due(self, row: CaseRow) -> str:
        if row.state is State.FINAL_POSITION and row.due_kind == "right":
            return self.dues["open"]
        due_on = _due_on(row)
        on = due_on or row.told_at.date()
        if on not in self.days:
            self.days[on] = short_day(on).replace(" ", "\u00a0")
        kind = "late" if row.overdue else row.due_kind if due_on else ""
        return self.dues.get(kind, self.dues["target"]).replace("@", self.days[on])


def _due_on(row: CaseRow) -> date | None:
    """The date of a row; none for a way to the next body that the last word opened, or on which the case is already."""
    gone = row.mediation or row.state is State.FINAL_POSITION
    return None if gone and row.due_kind == "right" else row.due_on


def _takeable(row: CaseRow) -> bool:
    untaken = row.state is State.NONE and row.owner_id is None and row.new_message
    return (row.state is State.RECEIVED or untaken) and not row.imported
