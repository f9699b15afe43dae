"""Who is looking: a frozen value that every selection of cases asks for."""

from dataclasses import dataclass

from cx.core.words import Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """A stranger (nothing set), a customer (holds hashed keys of cases) or a signed-in person of staff.

    `keys` are SHA-256 hex digests of the secrets that the browser holds. A person of staff who holds a key to
    a case of their own is a customer there and staff elsewhere.
    """

    keys: tuple[str, ...] = ()
    account_id: int | None = None
    name: str = ""
    function: str = ""
    organisation_id: int | None = None
    roles: frozenset[Role] = frozenset()
    money_limit_minor: int | None = None
    money_limit_currency: str | None = None

    @property
    def signed_in(self) -> bool:
        """Whether this is a person of staff."""
        return self.account_id is not None

    def has(self, *roles: Role) -> bool:
        """Whether the visitor holds at least one of `roles`."""
        return bool(self.roles.intersection(roles))

    @property
    def acting_role(self) -> Role | None:
        """The strongest role with which the visitor acts on disputes."""
        return next((role for role in (Role.NEUTRAL, Role.SUPERVISOR, Role.AGENT) if role in self.roles), None)
