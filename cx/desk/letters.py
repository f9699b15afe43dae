"""Ready letters, in the language of the person who gets them. The writer changes them as they like before sending."""

from flask_babel import force_locale

from cx.core.visitor import Visitor
from cx.core.words import State
from cx.disputes.seen import CaseFile
from cx.web.formats import day
from cx.web.sentence import _

ACKNOWLEDGEMENT = "acknowledgement-1"
PERFORMED = "performed-1"
HANDED_OVER = "handed-over-1"


def _opening(case: CaseFile) -> str:
    return _("Hello %(name)s,", name=case.customer) if case.customer else _("Hello,")


def _closing(visitor: Visitor, case: CaseFile) -> str:
    who = ", ".join(part for part in (visitor.name, visitor.function) if part)
    return f"{who}\n{case.organisation}"


def _letter(case: CaseFile, visitor: Visitor, *paragraphs: str) -> str:
    return "\n\n".join((_opening(case), *paragraphs, _closing(visitor, case)))


def acknowledgement(case: CaseFile, visitor: Visitor) -> str:
    """Who looks after it, until when, and what comes next; thanks for a story that asks for nothing."""
    with force_locale(case.language):
        if case.state is State.NONE:
            return _letter(
                case,
                visitor,
                _("Thank you for telling us this. I have read it myself, from beginning to end."),
                _("You asked for nothing. If you would like us to do something after all, tell me here."),
            )
        by = case.due_on if case.due_kind in {"law", "target"} else None
        when = _("You will have my answer by %(date)s.", date=day(by)) if by else _("You will have my answer here.")
        then = _("Until then I find out what happened; if I need something from you, I ask you here.")
        first = _("I have read what you told us, and I am looking after it myself.")
        if case.state is not State.RECEIVED:
            first = _("I am taking over your case from a colleague, and I have read all that was said so far.")
        return _letter(
            case,
            visitor,
            first,
            f"{when} {then}",
            _("You can write to me on this page at any time."),
        )


def handed_over(case: CaseFile, visitor: Visitor) -> str:
    """A colleague goes on; nothing has to be told again."""
    with force_locale(case.language):
        return _letter(
            case,
            visitor,
            _("I am handing your case to a colleague, who reads you from now on and knows what was said so far."),
            _("What I promised you still stands, and no date changes."),
        )


def performed(case: CaseFile, visitor: Visitor) -> str:
    """What was agreed is done; the person says whether it arrived."""
    with force_locale(case.language):
        return _letter(
            case,
            visitor,
            _("What we agreed is done."),
            _("Please tell me on this page whether it reached you, or what is still missing."),
        )


def signed_anew(text: str, case: CaseFile, visitor: Visitor, instead_of: str) -> str:
    """A letter that `instead_of` signed as the frame has it, with the visitor's name there; others stay as they are."""
    before, _break, last = text.rstrip().rpartition("\n")
    body, _break, signature = before.rpartition("\n")
    theirs = last.strip() == case.organisation and signature.partition(",")[0].strip() == instead_of
    return f"{body}\n{_closing(visitor, case)}" if theirs else text


def frame(case: CaseFile, visitor: Visitor) -> str:
    """Opening and signature with room between them."""
    with force_locale(case.language):
        return f"{_opening(case)}\n\n\n\n{_closing(visitor, case)}"
