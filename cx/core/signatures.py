"""Who may sign: a natural person with first and last name. A team, a bot or "no-reply" is nobody."""

import re
import unicodedata
from functools import lru_cache

_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")  # both apostrophes occur in names
_PIECES = re.compile(r"[^\W\d_]+")

# A title does not stand for a first name; "M." is Monsieur more often than an initial.
_TITLES = frozenset("m mr mrs ms mx mme mlle dr madame monsieur mademoiselle miss sir".split())

# Words of desks, teams and machines, without accents. A person who is really called so signs with a registered
# pseudonym.
_NOT_A_PERSON = frozenset(
    "service services equipe equipes team teams support bot chatbot robot reply noreply noresponse repondre customer "
    "customers client clients clientele care desk helpdesk department departement direction office bureau centre "
    "center reclamation reclamations complaint complaints assistance assistant contact system systeme automatic "
    "automatique automated virtual virtuel conseiller conseillere adviser advisor agent operator relations relation "
    "company societe bank banque".split()
)


@lru_cache(maxsize=1024)
def natural_name(name: str) -> bool:
    """Tell whether `name` reads like a person's first and last name (initials count, titles do not).

    Source: invariant 2 of `docs/dispute.md`.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    if "@" in plain or not _NOT_A_PERSON.isdisjoint(_PIECES.findall(plain)):
        return False
    return len([word for word in _WORDS.findall(plain) if word not in _TITLES]) >= 2
