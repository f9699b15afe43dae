"""From a draft to the `Report` that is filed, and what the reader says of its text."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from cx.core.incident import NO_READER, Contact, Reading, Report
from cx.core.words import Wish
from cx.disputes import casefile, reader_switch, recipients
from cx.disputes.masking import mask
from cx.disputes.recipients import Recipient
from cx.intake.draft import kinds_hidden
from cx.intake.facts import also_of, channel_of, facts_of
from cx.intake.forms import day_of
from cx.themes.language import detect_language
from cx.themes.patience import TooLate, read_within
from cx.web.bench import bench
from cx.web.database import reading
from cx.web.language import language
from models import Organisation


def contact_of(data: Mapping[str, Any]) -> Contact:
    """Where to reply, as typed on page 4; numbers that nobody needs are masked here too."""
    return Contact(
        name=mask(data.get("name") or "").text,
        email=data.get("email") or "",
        phone=data.get("phone") or "",
        postal=mask(data.get("postal") or "").text,
    )


def report_of(data: Mapping[str, Any], recipient: Recipient, contact: Contact) -> Report:
    """The story as it will be filed. For an organisation that does not read us its number is still 0."""
    about = data.get("about", {})
    known = {number: (name, channel) for number, _, name, channel in _touchpoints(recipient)}
    touchpoint = int(about["touchpoint"]) if about.get("touchpoint") else None
    place = about.get("place", "") or (known[touchpoint][0] if touchpoint in known else "")
    interface, also = language(), also_of(data)
    return Report(
        text=data["story"],
        organisation_id=recipient.id,
        sector=recipient.sector,
        wish=Wish(data["wish"]),
        key=data["key"],
        told_at=datetime.now(UTC),
        consent=bool(data.get("consent")) and data["wish"] != Wish.TELL,
        wish_text=data.get("wish_text", ""),
        occurred_on=None if about.get("occurred_how") == "unknown" else day_of(about.get("occurred_on")),
        occurred_about=about.get("occurred_how") == "about",
        channel=channel_of(about, {number: channel for number, (_, channel) in known.items()}),
        touchpoint_id=touchpoint if touchpoint in known else None,
        place=place,
        severity=int(about["severity"]) if about.get("severity") else None,
        facts={**facts_of(about, recipient), **({"also": also} if also else {})},
        contact=contact,
        language=interface,
        detected_language=detect_language(data["story"], interface),
        masked=kinds_hidden(data),
    )


def _touchpoints(recipient: Recipient) -> tuple[tuple[int, str, str, str], ...]:
    return casefile.touchpoints(reading(), recipient.id) if recipient.id else ()


def read(report: Report) -> Reading | None:
    """What the reader sees in the story, outside any transaction; whatever goes wrong, the story is filed unread.

    What was filed unread is read later, by the clock (`cx.disputes.unread`).
    """
    if not reader_switch.running(reading()):
        return None
    seconds = current_app.config["READING_MS"] / 1000
    try:
        found = read_within(seconds, bench().reader, report.text, report.detected_language)
    except TooLate:
        current_app.logger.warning("the reader was too slow; the story is marked to be read")
        return None
    except Exception:
        current_app.logger.exception("the reader failed; the story is marked to be read")
        return None
    return None if found.version == NO_READER else found


def addressed(session: Session, report: Report, recipient: Recipient) -> tuple[Organisation, Report]:
    """The organisation's row and the report that names it; made in this transaction when nobody told of it before."""
    if recipient.id:
        found = recipients.stored(session, recipient.id)
        assert found is not None
        return found, report
    made = recipients.unclaimed(
        session, recipient.name, recipient.sector, recipient.country, report.language, report.told_at
    )
    return made, replace(report, organisation_id=made.id)
