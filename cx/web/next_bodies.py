"""What each body that comes after an organisation is, in a sentence, and where it is on the web, as far as we are sure."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cx.core.words import NextBody


@dataclass(frozen=True, slots=True)
class Body:
    """What a body does, and its address; the address is empty where none was read."""

    what: LazyString
    url: str = ""


_MEDIATES = _l("It reads both sides and proposes a solution. It is free for you.")
_DECIDES = _l("It reads both sides and decides. It is free for you.")
_WATCHES = _l("It watches these organisations. You may tell it; it does not decide your case.")
_DATA = _l("It looks after the rights on personal data, free of charge.")

BODIES: Mapping[NextBody, Body] = {
    NextBody.FR_BANK_MEDIATOR: Body(_MEDIATES, "https://lemediateur.fbf.fr"),
    NextBody.FR_MTV: Body(_MEDIATES, "https://www.mtv.travel"),
    NextBody.FR_MEDIATOR: Body(_MEDIATES, "https://www.economie.gouv.fr/mediation-conso"),
    NextBody.FR_POST_APPEAL: Body(_l("A second look inside La Poste, before the ombudsman.")),
    NextBody.FR_POST_OMBUDSMAN: Body(_MEDIATES, "https://mediateur.groupelaposte.com"),
    NextBody.FR_ARCEP: Body(_WATCHES, "https://www.arcep.fr"),
    NextBody.FR_CNIL: Body(_DATA, "https://www.cnil.fr"),
    NextBody.FR_ACPR: Body(_WATCHES, "https://acpr.banque-france.fr"),
    NextBody.FR_DGAC: Body(_WATCHES),
    NextBody.UK_FOS: Body(_DECIDES, "https://www.financial-ombudsman.org.uk"),
    NextBody.UK_AIR_ADR: Body(
        _l("A scheme that the airline has joined decides; where it joined none, the CAA gives its view."),
        "https://www.caa.co.uk",
    ),
    NextBody.UK_CAA: Body(_l("It gives its view where the airline has joined no scheme."), "https://www.caa.co.uk"),
    NextBody.UK_POST_PANEL: Body(_l("A last look inside Royal Mail, before POSTRS.")),
    NextBody.UK_POSTRS: Body(_DECIDES, "https://www.cedr.com"),
    NextBody.UK_ICO: Body(_DATA, "https://ico.org.uk"),
    NextBody.US_CFPB: Body(
        _l("It passes your complaint to the company and publishes the answer."), "https://www.consumerfinance.gov"
    ),
    NextBody.US_STATE: Body(_WATCHES),
    NextBody.US_DOT: Body(_WATCHES, "https://www.transportation.gov/airconsumer"),
    NextBody.US_USPS_APPEAL: Body(_l("A second look inside USPS."), "https://www.usps.com"),
    NextBody.US_USPS_APPEAL_2: Body(_l("The last look inside USPS."), "https://www.usps.com"),
    NextBody.ES_CONSUMER: Body(_WATCHES),
    NextBody.ES_AEPD: Body(_DATA, "https://www.aepd.es"),
    NextBody.COURT: Body(_l("A judge decides. It may cost money, and some courts ask for mediation first.")),
}
