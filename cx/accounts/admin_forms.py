"""The forms of the administration, of a team and of the first hour."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, IntegerField, RadioField, SelectChoice, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from cx.accounts.forms import LANGUAGES, JoinForm, a_person, one_email
from cx.accounts.places import countries, jurisdiction_of, minor_units
from cx.core.words import Channel, Role, Sector
from cx.web.forms import HouseForm, Line, Story
from cx.web.labels import CHANNELS, ROLES, SECTORS
from cx.web.language import language

SECTOR_CHOICES = [SelectChoice(one.value, SECTORS[one]) for one in Sector if one is not Sector.OTHER]
CHANNEL_CHOICES = [SelectChoice(one.value, CHANNELS[one]) for one in Channel]
IN_ORGANISATION = (Role.AGENT, Role.SUPERVISOR, Role.MANAGER)
EVERYWHERE = (Role.NEUTRAL, Role.ADMIN)
ROLE_CHOICES = [SelectChoice(one.value, ROLES[one]) for one in (*IN_ORGANISATION, *EVERYWHERE)]


def no_other(_form: Any, field: Any) -> None:
    """A validator: a country of the list."""
    if field.data not in dict(countries("en")):
        raise ValidationError(_l("Choose a country of the list, please."))


class FirstOrganisationForm(HouseForm):
    """An organisation, as far as the first hour asks."""

    name = Line(_l("Name of the organisation"), [DataRequired(_l("The name, please."))], most=120)
    sector = RadioField(
        _l("What it does"), [InputRequired(_l("Choose what it does, please."))], choices=SECTOR_CHOICES, default=None
    )
    country = SelectField(_l("Country"), [no_other], choices=(), default="FR", validate_choice=False)
    language = RadioField(_l("Language of its letters"), choices=LANGUAGES, default="fr")
    address = Story(_l("Postal address"), most=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the countries in the language of the page."""
        super().__init__(*args, **kwargs)
        self.country.choices = [SelectChoice(code, name) for code, name in countries(language())]


class OrganisationForm(FirstOrganisationForm):
    """Everything about an organisation that a person decides."""

    region = SelectField(_l("Region"), choices=(), default="", validate_choice=False)
    target_days = IntegerField(
        _l("Days within which you promise an answer"),
        [
            InputRequired(_l("A number of days from 1 to 60, please.")),
            NumberRange(1, 60, _l("A number of days from 1 to 60, please.")),
        ],
        default=10,
    )
    limit = Line(_l("Largest amount an agent offers alone"), most=20)
    claimed = BooleanField(_l("This organisation reads what people write here"), default=True)
    duty = SelectField(_l("Duty person"), choices=(), default="", validate_choice=False)

    def validate_region(self, field: Any) -> None:
        """A region of the country, or none."""
        if field.data and jurisdiction_of(self.country.data or "", field.data) != field.data:
            raise ValidationError(_l("This region does not belong to the country."))

    def validate_limit(self, field: Any) -> None:
        """An amount of money, or nothing."""
        try:
            minor_units(field.data or "", self.country.data or "")
        except ValueError:
            raise ValidationError(_l("An amount such as 150 or 150.50, please.")) from None


class TouchpointForm(HouseForm):
    """A place or a channel of an organisation."""

    code = Line(_l("Code"), [DataRequired(_l("A short code, please, such as AF-07."))], most=20)
    name = Line(_l("Name of the place"), [DataRequired(_l("A name, please."))], most=120)
    channel = SelectField(
        _l("What it is"), choices=CHANNEL_CHOICES, default=Channel.COUNTER.value,
    )  # fmt: skip
    place = Line(_l("Where it is"), most=120)


class InviteForm(HouseForm):
    """An invitation for one person."""

    role = RadioField(_l("Invited as"), choices=ROLE_CHOICES, default=Role.AGENT.value)
    organisation = SelectField(_l("Organisation"), choices=(), default="", validate_choice=False)
    name = Line(_l("Name"), [Optional(), a_person])
    email = EmailField(_l("E-mail"), [Optional(), one_email, Length(max=254)])

    def validate_organisation(self, field: Any) -> None:
        """Agents, supervisors and managers belong to an organisation; the others to none."""
        if self.role.data in IN_ORGANISATION and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Choose the organisation, please."))


class LeaveForm(HouseForm):
    """Who goes on with the work of a person who leaves."""

    to = SelectField(_l("Who goes on with these cases"), choices=(), default="", validate_choice=False)


class RoleForm(HouseForm):
    """Another role in the same organisation."""

    role = RadioField(
        _l("Role"), choices=[SelectChoice(one.value, ROLES[one]) for one in IN_ORGANISATION], default=Role.AGENT.value
    )


class InstallationForm(HouseForm):
    """What the installation is called."""

    name = Line(_l("Name of this installation"), [DataRequired(_l("A name, please."))], most=120)
    language = RadioField(_l("Its language"), choices=LANGUAGES, default="fr")
    address = Line(_l("Address under which it is reached"), [DataRequired(_l("The address, please."))], most=200)

    def validate_address(self, field: Any) -> None:
        """A web address."""
        if not (field.data or "").startswith(("http://", "https://")):
            raise ValidationError(_l("An address that begins with https:// (or http:// on this machine only)."))


class FirstAdminForm(JoinForm):
    """The first account."""
