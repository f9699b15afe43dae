"""The forms of the case page. Each has its mode in the ids of its fields, so that all can stand on one page."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from cx.core.words import NextBody, OfferKind, PointAnswer
from cx.web import labels
from cx.web.forms import HouseForm, Line, Story
from cx.web.sentence import _

NO_OFFER = ""
MAX_LETTER = 20_000
MAX_REASONS = 4_000
FAR = timedelta(days=731)


class DeskForm(HouseForm):
    """A form of the case page: it carries the version of the case that its writer saw."""

    mode: ClassVar[str] = ""
    # How the fields stand on the page, so that a summary of mistakes reads from top to bottom.
    order: ClassVar[tuple[str, ...]] = ()
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the mode before the ids (names stay as they are)."""
        super().__init__(*args, **kwargs)
        places = {name: place for place, name in enumerate(self.order)}
        standing = sorted(self._fields.items(), key=lambda item: places.get(item[0], len(places)))
        self._fields: dict[str, Any] = dict(standing)
        for field in self:
            field.id = f"{self.mode}-{field.short_name}"
            field.label.field_id = field.id

    @property
    def seen(self) -> int | None:
        """The version that the writer saw; None when the form says nothing sensible."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None

    def typed(self) -> list[str]:
        """The texts that somebody typed, the letter first: what must not be lost when the form itself is gone."""
        reasons = [name for name in self._fields if name.startswith("reasons")]
        names = [name for name in ("text", *reasons, "conditions", "proof", "promised") if name in self]
        return [text for text in (str(self[name].data or "").strip() for name in names) if text]

    @property
    def stay(self) -> bool | None:
        """Whether the writer stays on the case (True), goes to the next (False), or did not say."""
        return {"stay": True, "next": False}.get(request.form.get("then", ""))


class TakeForm(DeskForm):
    """The acknowledgement, ready to be changed and sent."""

    mode = "take"
    text = Story(_l("Your letter"), [DataRequired(_l("Write a word to the person first."))], most=MAX_LETTER)


class ReplyForm(DeskForm):
    """A letter that moves nothing."""

    mode = "reply"
    text = Story(_l("Your letter"), [DataRequired(_l("The letter is empty."))], most=MAX_LETTER)


class AskForm(DeskForm):
    """A question."""

    mode = "ask"
    text = Story(_l("Your question"), [DataRequired(_l("Write your question."))], most=MAX_LETTER)


class AnswerForm(DeskForm):
    """What every answer on the merits holds, for a demand of one point; `cx.desk.offering` adds the others."""

    order: ClassVar[tuple[str, ...]] = ("reasons", "text")
    reasons_needed = DataRequired(_l("Give your reasons."))
    reasons = Story(_l("Why, in a sentence or two"), [reasons_needed], most=MAX_REASONS)
    text = Story(_l("Your letter"), [DataRequired(_l("The letter is empty."))], most=MAX_LETTER)


class RefuseForm(AnswerForm):
    """A refusal with its reasons: an answer that explains."""

    mode = "refuse"


def _near(_form: Any, field: Any) -> None:
    """A day years away is a slip of the hand (2062 for 2026)."""
    if field.data is not None and field.data > datetime.now(UTC).date() + FAR:
        raise ValidationError(_("This day is more than two years away. Is the year right?"))


def point_field() -> RadioField:
    """How one point is answered."""
    return RadioField(
        _l("Was the person right?"),
        [InputRequired(_l("Say whether the person was right."))],
        choices=[SelectChoice(one.value, labels.POINT_ANSWERS[one]) for one in PointAnswer],
    )


class OfferForm(AnswerForm):
    """An offer: what, how much, by when, until when."""

    mode = "offer"
    order = (
        "kind", "amount", "currency", "pay_by", "expires_on", "voucher_chosen", "voucher_expires_on", "basis",
        "conditions", "answer", "reasons", "text",
    )  # fmt: skip
    above_limit = False
    answer = point_field()
    kind = SelectField(
        _l("What you offer"), choices=[SelectChoice(one.value, labels.OFFER_KINDS[one]) for one in OfferKind]
    )
    amount = Line(_l("Amount"), most=40)
    currency = SelectField(_l("Currency"))
    pay_by = DateField(_l("Paid or done by"), [Optional(), _near])
    expires_on = DateField(_l("The offer stands until"), [Optional(), _near])
    voucher_chosen = BooleanField(_l("The person chose a voucher rather than money"))
    voucher_expires_on = DateField(_l("The voucher is good until"), [Optional()])
    basis = Line(_l("Ground: the article or rule, or “goodwill”"), [Optional()], most=120)
    conditions = Story(_l("Conditions, if there are any"), [Optional()], most=1000)


class FinalForm(OfferForm):
    """The last word: as an offer (or none), and who comes next."""

    mode = "final"
    kind = SelectField(
        _l("An offer goes with it"),
        choices=[
            SelectChoice(NO_OFFER, _l("No offer")),
            *(SelectChoice(one.value, labels.OFFER_KINDS[one]) for one in OfferKind),
        ],
    )
    next_body = SelectField(
        _l("Who the person may go to next"),
        choices=[SelectChoice(one.value, labels.NEXT_BODIES[one]) for one in NextBody],
    )
    deadline = RadioField(
        _l("Until when"),
        [InputRequired(_l("Say until when, or that there is no deadline."))],
        choices=[SelectChoice("none", _l("No deadline")), SelectChoice("date", _l("Until a day"))],
    )
    deadline_on = DateField(_l("The last day"), [Optional()])
    free = RadioField(
        _l("Does it cost the person anything?"),
        [InputRequired(_l("Say whether it is free."))],
        choices=[SelectChoice("yes", _l("It is free")), SelectChoice("no", _l("It costs something"))],
    )


class NoteForm(DeskForm):
    """A note for colleagues."""

    mode = "note"
    text = Story(_l("Your note"), [DataRequired(_l("The note is empty."))], most=MAX_LETTER)


class CallForm(DeskForm):
    """What was said in a call, and what was promised."""

    mode = "call"
    text = Story(_l("What was said"), [DataRequired(_l("Write what was said."))], most=MAX_LETTER)
    promised = Line(_l("What you promised"), most=400)
    back_on = DateField(_l("Bring the case back on"), [Optional(), _near])


class ShelfForm(DeskForm):
    """The agent's own shelf."""

    mode = "shelf"
    back_on = DateField(_l("Bring back on"), [DataRequired(_l("Choose a day.")), _near])


class HandForm(DeskForm):
    """Giving the case to a colleague."""

    mode = "hand"
    to = SelectField(_l("To whom"), [DataRequired(_l("Choose a colleague."))])
    text = Story(
        _l("What the customer reads"),
        [DataRequired(_l("Nobody is handed over in silence: write a sentence."))],
        most=MAX_LETTER,
    )
    inside = Story(_l("What your colleague should know"), most=MAX_REASONS)


class DoneForm(DeskForm):
    """What was agreed is done, and the proof."""

    mode = "done"
    text = Story(_l("Your letter"), [DataRequired(_l("The letter is empty."))], most=MAX_LETTER)
    proof = Line(_l("Proof (number of the payment, date of the work)"), most=200)


class PointForm(DeskForm):
    """One point more, taken out of what the person wrote."""

    mode = "point"
    point = Line(_l("What the person also asks for, in their words"), [DataRequired(_l("Write the point."))], most=300)


class LookForm(DeskForm):
    """Taking the second look."""

    mode = "look"


FORMS: dict[str, type[DeskForm]] = {
    form.mode: form
    for form in (
        TakeForm, ReplyForm, AskForm, OfferForm, RefuseForm, FinalForm, NoteForm, CallForm, ShelfForm, HandForm,
        DoneForm, LookForm, PointForm,
    )
}  # fmt: skip
