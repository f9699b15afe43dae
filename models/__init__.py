"""The tables. One file an aggregate; SQLAlchemy only; they decide nothing."""

from models.account import Account, Invitation, LoginAttempt, Membership, StaffSession
from models.base import Base
from models.beat import Beat
from models.case import AccessLink, Case, ClockRun, Contact, Draft, OfferVersion, Point, Survey
from models.elsewhere import Dossier, MediatorLink, MediatorOpening
from models.figure import Figure, FigureDelta
from models.journal import AccessRecord, EventRow, Message
from models.letter import InboundMail, Letter
from models.organisation import Installation, Organisation, OrganisationClaim, RegimeSwitch, Touchpoint
from models.promise import Pledge, Promise, Remedy
from models.search import SearchRow
from models.staffing import Absence, HumanRequest, Staffing
from models.theme import CaseTheme, ReaderSwitch, ReadingOpinion, ReadingRow, ReviewPick, ThemeRuling

__all__ = [
    "Absence",
    "AccessLink",
    "AccessRecord",
    "Account",
    "Base",
    "Beat",
    "Case",
    "CaseTheme",
    "ClockRun",
    "Contact",
    "Dossier",
    "Draft",
    "EventRow",
    "Figure",
    "FigureDelta",
    "HumanRequest",
    "InboundMail",
    "Installation",
    "Invitation",
    "Letter",
    "LoginAttempt",
    "MediatorLink",
    "MediatorOpening",
    "Membership",
    "Message",
    "OfferVersion",
    "Organisation",
    "OrganisationClaim",
    "Pledge",
    "Point",
    "Promise",
    "ReaderSwitch",
    "ReadingOpinion",
    "ReadingRow",
    "RegimeSwitch",
    "Remedy",
    "ReviewPick",
    "SearchRow",
    "StaffSession",
    "Staffing",
    "Survey",
    "ThemeRuling",
    "Touchpoint",
]
