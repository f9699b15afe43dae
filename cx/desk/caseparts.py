"""Parts of the case page in words: who, what was said, dates, themes, marks."""

from typing import Any

from cx.core.acts import day_of
from cx.core.words import Origin, Role, State
from cx.desk.sentences import KINDS, OFFER_STATUS, event_line, who_is
from cx.desk.themes_card import themes_card
from cx.disputes.desk_rows import DISTRESS
from cx.disputes.seen import CaseFile, OfferSeen, Said
from cx.web import labels
from cx.web.formats import day
from cx.web.language import language
from cx.web.sentence import _
from cx.web.told_facts import DAYS, TICKS


def in_words(case: CaseFile) -> dict[str, Any]:
    """What the page says of a case, whoever reads it at the desk."""
    name = case.customer
    return {
        "title": title(case),
        "state": labels.STATES_FOR_STAFF[case.state],
        "marks": marks(case),
        "asked": case.wish_text or labels.ASKED_FOR[case.wish],
        "told_facts": told_facts(case),
        "said_since": conversation(case),
        "offer_kinds": labels.OFFER_KINDS,
        "offer_status": OFFER_STATUS,
        "solved_labels": labels.SOLVED,
        "to_whom": _("Write to %(name)s", name=name) if name else _("Write to this person"),
        "unseen": _("%(name)s won’t see this.", name=name) if name else _("The customer won’t see this."),
        "writes_in": writes_in(case),
        "people": people(case),
        "dates": dates(case),
        "card": themes_card(case),
        "journal": [(line, who_is(case, line), event_line(line)) for line in reversed(case.happened)],
    }


def title(case: CaseFile) -> str:
    """The name of the person, else that there is none."""
    return case.customer or _("Somebody who gave no name")


def conversation(case: CaseFile) -> list[tuple[Said, str, str, OfferSeen | None]]:
    """The texts after the story: (text, what it is, language if foreign, the offer that came with it)."""
    own = language()
    offers = {one.made_at: one for one in case.offers}
    return [
        (
            one,
            str(KINDS.get(one.kind, one.kind)),
            one.language if one.language != own and not one.internal else "",
            offers.get(one.at) if one.kind in {"offer", "final_position", "acceptance"} else None,
        )
        for one in case.said
        if one.kind != "story"
    ]


def marks(case: CaseFile) -> list[tuple[str, str]]:
    """What must be seen at once: (kind, label)."""
    judged = (
        ("distress", _("Hit hard"), (case.severity_told or 0) >= DISTRESS),
        (
            "new",
            _("The customer waits for a word"),
            case.customer_waits and case.state.open and case.state is not State.RECEIVED,
        ),
        ("plain", _("Imported"), case.origin == Origin.IMPORT),
        ("plain", _("Demonstration"), case.demo),
    )
    return [(kind, label) for kind, label, shown in judged if shown]


def told_facts(case: CaseFile) -> list[str]:
    """Where, how, about what, how hard: what was told beside the story."""
    facts = [case.place, str(labels.CHANNELS.get(case.channel or "", "")), str(labels.ISSUES.get(case.issue or "", ""))]
    severity = labels.SEVERITIES.get(case.severity_told or 0)
    if severity:
        facts.append(_("how hard: %(severity)s (%(number)s of 5)", severity=severity, number=case.severity_told))
    said = [str(words) for name, words in TICKS.items() if case.facts.get(name) is True]
    days = [f"{words} {day(found)}" for name, words in DAYS.items() if (found := day_of(case.facts.get(name)))]
    return [fact for fact in (*facts, *said, *days) if fact]


def people(case: CaseFile) -> list[tuple[str, str]]:
    """Who took part on the side of the organisation: (name, what they are), the owner first."""
    found: dict[str, str] = {}
    if case.person is not None:
        found[case.person.name] = _("in charge") if case.owner_id else _("on duty until somebody takes it")
    for line in case.happened:
        if line.name and line.role in {Role.AGENT, Role.SUPERVISOR, Role.NEUTRAL}:
            found.setdefault(line.name, str(labels.ROLES[line.role]))
    return list(found.items())


def writes_in(case: CaseFile) -> str:
    """Said when the person writes another language than the page's."""
    if case.language == language():
        return ""
    names = {"fr": _("French"), "en": _("English")}
    return _("This person reads %(language)s.", language=names.get(case.language, case.language))


def dates(case: CaseFile) -> list[tuple[str, Any]]:
    """The dates of the margin: (what, when)."""
    rows: list[tuple[str, Any]] = [
        (_("Happened about") if case.occurred_about else _("Happened"), case.occurred_on),
        (_("Told"), case.told_at),
        (_("Sent"), case.sent_at),
        (_("Promised by"), case.dispute.performance_due),
        (_("Back on"), case.bring_back_on),
        (_("Ended"), case.ended_at),
    ]
    return [(label, value) for label, value in rows if value is not None]
