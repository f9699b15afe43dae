"""The tables. One file an aggregate; SQLAlchemy only; they decide nothing."""

from models.account import Account, Invitation, LoginAttempt, Membership, StaffSession
from models.base import Base
from models.beat import Beat
from models.case import AccessLink, Case, ClockRun, Contact, Draft, OfferVersion, Point, Survey
from models.figure import Figure, FigureDelta
from models.journal import AccessRecord, EventRow, Message
from models.letter import Letter
from models.organisation import Installation, Organisation, Touchpoint
from models.search import SearchRow
from models.theme import CaseTheme, ReadingRow, ThemeRuling

__all__ = [
    "AccessLink",
    "AccessRecord",
    "Account",
    "Base",
    "Beat",
    "Case",
    "CaseTheme",
    "ClockRun",
    "Contact",
    "Draft",
    "EventRow",
    "Figure",
    "FigureDelta",
    "Installation",
    "Invitation",
    "Letter",
    "LoginAttempt",
    "Membership",
    "Message",
    "OfferVersion",
    "Organisation",
    "Point",
    "ReadingRow",
    "SearchRow",
    "StaffSession",
    "Survey",
    "ThemeRuling",
    "Touchpoint",
]
