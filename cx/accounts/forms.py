"""The forms with which people sign in, come on board and look after their own account."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectChoice, ValidationError
from wtforms.validators import DataRequired

from cx.accounts.addresses import email_of
from cx.accounts.passwords import LEAST, MOST, easily_guessed
from cx.core.signatures import natural_name
from cx.web.forms import HouseForm, Line

LANGUAGES = [SelectChoice("fr", "Français"), SelectChoice("en", "English")]
AFTER_SENDING = [
    SelectChoice("stay", _l("Stay on the same case")),
    SelectChoice("next", _l("Go to the next person who waits")),
]


def one_email(_form: Any, field: Any) -> None:
    """A validator: exactly one e-mail address, or nothing."""
    if field.data and email_of(field.data) is None:
        raise ValidationError(_l("This does not look like one e-mail address, such as name@example.org."))


def a_person(_form: Any, field: Any) -> None:
    """A validator: a natural person's first and last name, because people are answered by people."""
    if field.data and not natural_name(field.data):
        raise ValidationError(_l("First and last name of a person, please: people are answered by people."))


class LoginForm(HouseForm):
    """Who, and the password. Nothing is said of who exists."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Your e-mail address, please."))])
    password = PasswordField(_l("Password"), [DataRequired(_l("Your password, please."))])
    next = HiddenField()


class PersonForm(HouseForm):
    """How a person of staff is named to customers."""

    name = Line(_l("First and last name"), [DataRequired(_l("Your first and last name, please.")), a_person])
    function = Line(_l("What you do, in a few words"), [DataRequired(_l("What you do, please: customers read it."))])
    language = RadioField(_l("Language of your pages"), choices=LANGUAGES, default="fr")


class NewPasswordForm(HouseForm):
    """A password, twice. It is taken exactly as typed."""

    password = PasswordField(_l("New password"), [DataRequired(_l("A password, please."))])
    password_again = PasswordField(
        _l("The same password again"), [DataRequired(_l("Type the password a second time, please."))]
    )
    # What is known of the person, which would be tried first; set by the view.
    known: tuple[str, ...] = ()

    def validate_password(self, field: Any) -> None:
        """Long enough, and not among the first that anybody tries."""
        if len(field.data) < LEAST:
            raise ValidationError(
                _l("At least %(least)d characters, please. Three or four words do well.", least=LEAST)
            )
        if len(field.data) > MOST:
            raise ValidationError(_l("At most %(most)d characters, please.", most=MOST))
        if easily_guessed(field.data, *self.known, *self._also_known()):
            raise ValidationError(_l("This password is among the first that anybody would try. Another one, please."))

    def validate_password_again(self, field: Any) -> None:
        """Twice the same."""
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords are not the same."))

    def _also_known(self) -> tuple[str, ...]:
        return tuple(str(each.data or "") for each in self if each.name in {"name", "email"})


class ChangePasswordForm(NewPasswordForm):
    """A new password for whoever knows the present one."""

    password_now = PasswordField(_l("Your present password"), [DataRequired(_l("Your present password, please."))])


class ResetForm(HouseForm):
    """Where to send a link for a new password."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Your e-mail address, please.")), one_email])


class JoinForm(PersonForm, NewPasswordForm):
    """An account made from an invitation."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Your e-mail address, please.")), one_email])


class ProfileForm(PersonForm):
    """One's own account."""

    after_sending = RadioField(_l("After sending an answer"), choices=AFTER_SENDING, default="stay")
