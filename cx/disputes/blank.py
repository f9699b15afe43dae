"""A case before anything happened: its columns, and what it freezes of the organisation for ever."""

from typing import Any, Protocol


class Home(Protocol):
    """What a case freezes of an organisation."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def sector(self) -> str:
        """What it does."""
        ...

    @property
    def country(self) -> str:
        """Where, ISO 3166."""
        ...

    @property
    def zone(self) -> str:
        """Its time zone."""
        ...

    @property
    def jurisdiction(self) -> str:
        """Whose clocks run."""
        ...

    @property
    def calendar(self) -> str:
        """Whose days off count."""
        ...


_FROZEN = ("sector", "country", "zone", "jurisdiction", "calendar")
_UNSET = (
    "lane", "key", "source", "source_id", "source_label", "source_rating", "issue", "channel", "touchpoint_id", "occurred_on",
    "severity_told", "severity_agreed", "sent_at", "owner_id", "owner_since", "first_decider_id", "neutral_id",
    "quiet_since", "bring_back_on", "watch_on", "next_due_on", "solved", "solved_on", "outcome", "answered_at", "ended_at",
)  # fmt: skip
_EMPTY = (
    "key_digest", "story_digest", "place", "wish_text", "customer_name", "head", "next_due_kind", "next_due_rule",
)  # fmt: skip


def blank_case(home: Home) -> dict[str, Any]:
    """The columns of a case about `home` to which nothing happened yet; what was told comes on top."""
    return {
        **dict.fromkeys(_UNSET),
        **dict.fromkeys(_EMPTY, ""),
        **{name: getattr(home, name) for name in _FROZEN},
        "organisation_id": home.id,
        "occurred_about": False,
        "facts": {},
        "state": "none",
        "version": 0,
        "customer_waits": False,
        "reading_state": "to_read",
        "demo": False,
    }
