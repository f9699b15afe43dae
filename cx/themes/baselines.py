"""What a reader has to beat: knowing only how frequent themes are, and a short list of words for each theme.

Only commands and tests import this module: it needs scikit-learn.
"""

import re
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier

from cx.core.words import Theme
from cx.themes.analyzer import normalise

SEED = 1789
Table = NDArray[Any]

# A few words for each theme, as somebody would list them in an afternoon; `*` is any ending. French, then English.
KEYWORDS: dict[Theme, tuple[str, ...]] = {
    Theme.FORCED_SELF_SERVICE: (
        "borne", "bornes", "automate", "automates", "caisse automatique", "caisses automatiques",
        "kiosk", "kiosks", "self checkout", "self service",
    ),
    Theme.NO_HUMAN_REACHABLE: (
        "injoignable*", "ne repond pas", "personne ne repond", "pas de reponse", "repondeur",
        "no answer", "nobody answers", "no one answers", "unreachable", "cannot reach", "cant reach", "chatbot",
    ),
    Theme.LOST_RELATIONSHIP: (
        "chaque fois un autre", "change de conseiller", "changement de conseiller", "interlocuteur different",
        "different person", "different agent", "someone different",
    ),
    Theme.REDUCED_TO_DATA: (
        "un numero", "numero de dossier", "case a cocher", "just a number", "a case number", "does not fit",
    ),
    Theme.AUTOMATED_DECISION: (
        "automatiquement", "algorithme", "le systeme", "automatically", "algorithm", "the system",
    ),
    Theme.SCRIPTED_RESPONSE: (
        "copier coller", "reponse type", "reponse automatique", "message automatique",
        "copy and paste", "copy paste", "canned", "template", "generic response", "automated response",
    ),
    Theme.CONTEMPT: (
        "mepris*", "arrogan*", "insult*", "agressi*", "impoli*", "raccroch*", "irrespect*",
        "rude", "condescending", "disrespect*", "hung up", "yelled", "laughed at",
    ),
    Theme.PAY_TO_BE_HELPED: (
        "surtaxe*", "appel payant", "numero payant", "premium rate", "charged for the call", "pay to speak",
    ),
    Theme.NO_GUIDANCE: (
        "aucune explication", "mode d emploi", "pas d aide", "no instructions", "no explanation", "no guidance",
    ),
    Theme.BURDEN_SHIFTED: (
        "plusieurs fois", "heures d attente", "attente", "relance*", "demarches", "several times", "many times",
        "on hold", "hours", "multiple times", "again and again",
    ),
    Theme.NO_CHOICE: (
        "sans mon accord", "sans me demander", "oblige*", "impose*", "pas le choix",
        "without my consent", "forced", "no choice", "no option",
    ),
    Theme.DISPUTE_IGNORED: (
        "reclamation*", "litige", "toujours rien", "sans reponse", "lettre recommandee",
        "complaint", "complaints", "dispute", "disputed", "still waiting", "never heard back", "no response",
    ),
    Theme.MACHINE_DEAD_END: (
        "bug*", "site ne marche pas", "application ne marche pas", "ne fonctionne pas", "plante", "message d erreur",
        "crash*", "error message", "does not work", "doesnt work", "not working", "website is down",
    ),
    Theme.DIGITAL_EXCLUSION: (
        "pas internet", "pas d internet", "pas de smartphone", "personnes agees", "illectronisme",
        "no internet", "no smartphone", "elderly", "no computer",
    ),
}  # fmt: skip


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    whole = [rf"{re.escape(word)}\b" for word in words if not word.endswith("*")]
    beginnings = [re.escape(word[:-1]) for word in words if word.endswith("*")]
    return re.compile(rf"\b(?:{'|'.join(whole + beginnings)})")


class KeywordBaseline(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A theme is told when one of its words is there, whoever did what to whom. It learns nothing from texts.

    `keywords` are the words of each theme; None takes the list of this module.
    """

    def __init__(self, keywords: dict[Theme, tuple[str, ...]] | None = None) -> None:
        self.keywords = keywords

    def fit(self, texts: list[str], truth: ArrayLike | None = None) -> Self:
        """Make the patterns ready; `texts` and `truth` (a row for each text, a column for each theme) change nothing."""
        known = KEYWORDS if self.keywords is None else self.keywords
        self.patterns_ = [_pattern(known[theme]) for theme in Theme]
        self.classes_ = np.arange(len(Theme))
        return self

    def predict(self, texts: list[str]) -> Table:
        """Return zeros and ones, a row for each text, a column for each theme."""
        folded = [normalise(text) for text in texts]
        found = [[pattern.search(text) is not None for pattern in self.patterns_] for text in folded]
        return np.array(found, dtype=int).reshape(len(folded), len(Theme))

    def predict_proba(self, texts: list[str]) -> Table:
        """Return the same as probabilities: such a list knows no doubt."""
        return self.predict(texts).astype(float)


def make_dummy() -> DummyClassifier:
    """Return the measure of knowing nothing: it draws each theme by its share among the texts it was fitted on."""
    return DummyClassifier(strategy="stratified", random_state=SEED)


def by_keywords(texts: list[str]) -> list[frozenset[Theme]]:
    """Return the themes that the list of words finds in each text."""
    return themes_in(KeywordBaseline().fit(texts).predict(texts))


def by_lot(truth: Table) -> list[frozenset[Theme]]:
    """Return themes drawn for each text by their shares in `truth` (a row for each text, a column for each theme)."""
    rows = np.zeros((len(truth), 1))
    return themes_in(make_dummy().fit(rows, truth).predict(rows)) if len(truth) else []


def themes_in(table: Table) -> list[frozenset[Theme]]:
    """Return the themes marked in each row."""
    return [frozenset(theme for theme, told in zip(Theme, row, strict=True) if told) for row in np.atleast_2d(table)]
