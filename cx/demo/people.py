"""The invented organisations of the demo, their touchpoints and the people who work there. All names are made up."""

from dataclasses import dataclass

from cx.core.words import Channel, NextBody, Role, Sector

MAIL_DOMAIN = "demo.example.org"


@dataclass(frozen=True, slots=True)
class DemoTouchpoint:
    """A counter, a line, an app, a site or a machine; `code` is unique within the organisation."""

    code: str
    name: str
    channel: Channel
    place: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the staff; `email` is the key by which steps name the person.

    `organisation` is the slug, empty for the neutral and the administrator.
    """

    name: str
    email: str
    role: Role
    function: str
    organisation: str
    language: str


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """One invented organisation; fields as in `models.organisation`, money limit in minor units of `currency`."""

    slug: str
    name: str
    sector: Sector
    country: str
    zone: str
    jurisdiction: str
    language: str
    currency: str
    address: str
    target_days: int
    agent_limit_minor: int
    next_body: NextBody
    towns: tuple[str, ...]
    touchpoints: tuple[DemoTouchpoint, ...]
    staff: tuple[DemoPerson, ...]
    prefix: str = ""

    def of_role(self, role: Role) -> tuple[DemoPerson, ...]:
        """Return the staff who have this role."""
        return tuple(person for person in self.staff if person.role is role)


FUNCTIONS: dict[str, dict[Role, str]] = {
    "fr": {
        Role.AGENT: "chargé de réclamations",
        Role.SUPERVISOR: "responsable du service réclamations",
        Role.MANAGER: "direction de la relation clients",
        Role.NEUTRAL: "médiatrice, indépendante des organisations",
        Role.ADMIN: "administration de l’installation",
    },
    "en": {
        Role.AGENT: "complaints officer",
        Role.SUPERVISOR: "head of complaints",
        Role.MANAGER: "director of customer relations",
        Role.NEUTRAL: "ombudsperson, independent of the organisations",
        Role.ADMIN: "administrator of this installation",
    },
}

_WOMEN = frozenset({"nadia", "maëlle", "samia", "aïcha"})
_PLAIN = str.maketrans("éèêëàâîïôûç", "eeeeaaiiouc", "’' ")


def _person(name: str, role: Role, organisation: str, language: str, function: str = "") -> DemoPerson:
    first, _, last = name.lower().partition(" ")
    if role is Role.AGENT and first in _WOMEN and language == "fr":
        function = "chargée de réclamations"
    email = f"{first.translate(_PLAIN)}.{last.translate(_PLAIN)}@{MAIL_DOMAIN}"
    return DemoPerson(name, email, role, function or FUNCTIONS[language][role], organisation, language)


def _team(slug: str, language: str, agents: str, supervisor: str, manager: str) -> tuple[DemoPerson, ...]:
    """Make a team; `agents` are names joined by commas, the first is the one the demo story is about."""
    return (
        *(_person(name.strip(), Role.AGENT, slug, language) for name in agents.split(",")),
        _person(supervisor, Role.SUPERVISOR, slug, language),
        _person(manager, Role.MANAGER, slug, language),
    )


def _points(channel: Channel, kind: str, code: str, places: str, first: int = 1) -> tuple[DemoTouchpoint, ...]:
    """Make touchpoints `code-01` … for places joined by commas; `kind` opens the name."""
    named = (place.strip() for place in places.split(","))
    return tuple(
        DemoTouchpoint(f"{code}-{no:02d}", f"{kind}, {place}", channel, place) for no, place in enumerate(named, first)
    )


_MACHINE_PLACES = (
    "Sainte-Colombe, Sainte-Colombe, Valmeyrac, Valmeyrac, Port-Lannec, Pont-Arvan, Belle-Fontaine, "
    "Roquebrisson, Les Aubrières, Gare de Valmeyrac, Gare de Valmeyrac, Montigny-le-Haut"
)
_BRANCHES_FR = "Valmeyrac Centre, Belle-Fontaine, Port-Lannec, Roquebrisson, Pont-Arvan"
_BRANCHES_EN = "Harrowby High Street, Ashcombe, Stokeley, Penmarsh, Northgate"

_TESSAURE = DemoOrganisation(
    slug="banque-tessaure",
    name="Banque Tessaure",
    sector=Sector.BANK,
    country="FR",
    zone="Europe/Paris",
    jurisdiction="FR",
    language="fr",
    currency="EUR",
    address="Service réclamations, 12 quai des Tanneurs, 00000 Valmeyrac",
    target_days=10,
    agent_limit_minor=20000,
    next_body=NextBody.FR_BANK_MEDIATOR,
    towns=("Valmeyrac", "Belle-Fontaine", "Port-Lannec", "Roquebrisson", "Pont-Arvan"),
    touchpoints=(
        *_points(Channel.COUNTER, "Agence", "AG", _BRANCHES_FR),
        *_points(Channel.ATM, "Automate", "DA", _BRANCHES_FR),
        DemoTouchpoint("TEL", "Ligne clients", Channel.PHONE_HUMAN),
        DemoTouchpoint("SVI", "Serveur vocal", Channel.PHONE_IVR),
        DemoTouchpoint("APP", "Application Tessaure", Channel.APP),
        DemoTouchpoint("WEB", "Espace client", Channel.WEBSITE),
        DemoTouchpoint("CHAT", "Assistant « Tessa »", Channel.CHATBOT),
    ),
    staff=_team(
        "banque-tessaure",
        "fr",
        "Idris Benhamou, Maëlle Corvisart, Paul Estrade",
        "Sabine Delahousse",
        "Bertrand Quémeneur",
    ),
)

_MARLOW = DemoOrganisation(
    slug="marlow-penn-bank",
    name="Marlow & Penn Bank",
    sector=Sector.BANK,
    country="GB",
    zone="Europe/London",
    jurisdiction="GB",
    language="en",
    currency="GBP",
    address="Complaints, 4 Weavers Row, Harrowby",
    target_days=10,
    agent_limit_minor=20000,
    next_body=NextBody.UK_FOS,
    towns=("Harrowby", "Ashcombe", "Stokeley", "Penmarsh", "Northgate"),
    touchpoints=(
        *_points(Channel.COUNTER, "Branch", "BR", _BRANCHES_EN),
        *_points(Channel.ATM, "Cash machine", "CM", _BRANCHES_EN),
        DemoTouchpoint("TEL", "Customer line", Channel.PHONE_HUMAN),
        DemoTouchpoint("IVR", "Voice menu", Channel.PHONE_IVR),
        DemoTouchpoint("APP", "Marlow app", Channel.APP),
        DemoTouchpoint("WEB", "Online banking", Channel.WEBSITE),
        DemoTouchpoint("CHAT", "Assistant “Penny”", Channel.CHATBOT),
    ),
    staff=_team(
        "marlow-penn-bank",
        "en",
        "Tom Ashdown, Priya Ravensworth, Gareth Moyle",
        "Louisa Hartnell",
        "Duncan Feather",
    ),
)

_ALIZANE = DemoOrganisation(
    slug="alizane",
    name="Alizane",
    sector=Sector.AIRLINE,
    country="FR",
    zone="Europe/Paris",
    jurisdiction="FR",
    language="fr",
    currency="EUR",
    address="Service passagers, 3 allée des Vents, 00000 Port-Lannec",
    target_days=15,
    agent_limit_minor=30000,
    next_body=NextBody.FR_MTV,
    towns=("Nantes", "Toulouse", "Marseille", "Lisbonne", "Athènes", "Ajaccio", "Lyon"),
    touchpoints=(
        *_points(Channel.COUNTER, "Comptoir", "CO", "Nantes, Toulouse, Marseille, Lyon, Ajaccio"),
        *_points(Channel.KIOSK, "Borne", "BO", "Nantes, Toulouse, Marseille, Lyon, Ajaccio"),
        DemoTouchpoint("TEL", "Ligne passagers", Channel.PHONE_HUMAN),
        DemoTouchpoint("SVI", "Serveur vocal", Channel.PHONE_IVR),
        DemoTouchpoint("APP", "Application Alizane", Channel.APP),
        DemoTouchpoint("WEB", "Site Alizane", Channel.WEBSITE),
        DemoTouchpoint("CHAT", "Assistant « Zéphyr »", Channel.CHATBOT),
        DemoTouchpoint("BORD", "À bord", Channel.ONBOARD),
    ),
    staff=_team(
        "alizane", "fr", "Yannick Tréhorel, Samia Lounès, Clément Vasseur", "Odile Marchetti", "Romain Castelnau"
    ),
    prefix="ZN",
)

_NORTHMERE = DemoOrganisation(
    slug="northmere-air",
    name="Northmere Air",
    sector=Sector.AIRLINE,
    country="GB",
    zone="Europe/London",
    jurisdiction="GB",
    language="en",
    currency="GBP",
    address="Passenger care, Hangar Road 9, Northgate",
    target_days=15,
    agent_limit_minor=30000,
    next_body=NextBody.UK_AIR_ADR,
    towns=("Leeds", "Bristol", "Glasgow", "Porto", "Malaga", "Krakow", "Belfast"),
    touchpoints=(
        *_points(Channel.COUNTER, "Desk", "DK", "Leeds, Bristol, Glasgow, Belfast"),
        *_points(Channel.KIOSK, "Check-in kiosk", "KI", "Leeds, Bristol, Glasgow, Belfast"),
        DemoTouchpoint("TEL", "Passenger line", Channel.PHONE_HUMAN),
        DemoTouchpoint("IVR", "Voice menu", Channel.PHONE_IVR),
        DemoTouchpoint("APP", "Northmere app", Channel.APP),
        DemoTouchpoint("WEB", "Northmere site", Channel.WEBSITE),
        DemoTouchpoint("CHAT", "Assistant “Norm”", Channel.CHATBOT),
        DemoTouchpoint("BOARD", "On board", Channel.ONBOARD),
    ),
    staff=_team(
        "northmere-air", "en", "Fiona Gillespie, Marcus Adeyemi, Beth Tolliver", "Alastair Wray", "Helen Garrod"
    ),
    prefix="NM",
)

_ARVANE = DemoOrganisation(
    slug="poste-arvane",
    name="Poste Arvane",
    sector=Sector.POSTAL,
    country="FR",
    zone="Europe/Paris",
    jurisdiction="FR",
    language="fr",
    currency="EUR",
    address="Service réclamations, 1 place du Relais, 00000 Sainte-Colombe",
    target_days=10,
    agent_limit_minor=15000,
    next_body=NextBody.FR_POST_OMBUDSMAN,
    towns=("Sainte-Colombe", "Valmeyrac", "Port-Lannec", "Pont-Arvan", "Belle-Fontaine", "Roquebrisson"),
    touchpoints=(
        *_points(Channel.KIOSK, "Machine à affranchir", "AF", _MACHINE_PLACES),
        *_points(
            Channel.COUNTER, "Guichet", "GU", "Sainte-Colombe, Valmeyrac, Port-Lannec, Pont-Arvan, Belle-Fontaine"
        ),
        *_points(Channel.LOCKER, "Consigne", "CS", "Gare de Valmeyrac, Roquebrisson, Les Aubrières"),
        DemoTouchpoint("TEL", "Ligne clients", Channel.PHONE_HUMAN),
        DemoTouchpoint("SVI", "Serveur vocal", Channel.PHONE_IVR),
        DemoTouchpoint("WEB", "Site Poste Arvane", Channel.WEBSITE),
        DemoTouchpoint("APP", "Application Arvane", Channel.APP),
        DemoTouchpoint("CHAT", "Assistant « Arvi »", Channel.CHATBOT),
    ),
    staff=_team(
        "poste-arvane",
        "fr",
        "Nadia Ferrand, Julien Prigent, Aïcha Meddour, Lucas Teyssier",
        "Claire Okafor",
        "Philippe Sarrazin",
    ),
)

ORGANISATIONS: tuple[DemoOrganisation, ...] = (_TESSAURE, _MARLOW, _ALIZANE, _NORTHMERE, _ARVANE)
BY_SLUG: dict[str, DemoOrganisation] = {organisation.slug: organisation for organisation in ORGANISATIONS}
NEUTRAL: DemoPerson = _person("Hélène Varga", Role.NEUTRAL, "", "fr")
ADMIN: DemoPerson = _person("Olivier Brandt", Role.ADMIN, "", "fr")
EVERYBODY: tuple[DemoPerson, ...] = (
    *(person for organisation in ORGANISATIONS for person in organisation.staff),
    NEUTRAL,
    ADMIN,
)
