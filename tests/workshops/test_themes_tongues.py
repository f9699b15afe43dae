"""The languages of a text: what py3langid says, from tables that are a fraction of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from cx.themes.corpus import load_examples
from cx.themes.tongues import Tongues, load

FOREIGN = (
    "Der Zug hatte drei Stunden Verspätung und niemand hat mir geantwortet.",
    "El banco no me contestó nunca y perdí mi dinero.",
    "Il treno era in ritardo di tre ore e nessuno sapeva niente.",
    "私の荷物は届きませんでした",
    "Банк не отвечает на мои письма уже месяц",
    "Mwen pa jwenn lajan mwen, pèsonn pa reponn",
    "لم يرد علي أحد منذ ثلاثة أسابيع",
    "JE SUIS EN COLÈRE ET PERSONNE NE RÉPOND",
    "",
    "\0\0\0",
    "\ud800 seul",
    "é",
)


@pytest.fixture(scope="module")
def ours() -> Tongues:
    return load()


@pytest.fixture(scope="module")
def theirs() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _same(ours: Tongues, theirs: LanguageIdentifier, text: str) -> None:
    assert ours.probabilities(text) == pytest.approx(dict(theirs.rank(text)), abs=1e-5)


def test_every_language_gets_the_probability_that_py3langid_gives_it(ours: Tongues, theirs: LanguageIdentifier) -> None:
    for text in (*FOREIGN, *(one.text.lower() for one in load_examples()[::25])):
        _same(ours, theirs, text)


@given(st.text(max_size=80) | st.text(alphabet="aeilnrst é'", max_size=300))
def test_so_it_does_for_any_text(ours: Tongues, theirs: LanguageIdentifier, text: str) -> None:
    _same(ours, theirs, text)


def test_the_tables_are_small(ours: Tongues) -> None:
    arrays = (ours.prior, *ours.runs, *ours.features, ours.usual, ours.borders, ours.columns, ours.other)
    assert sum(one.nbytes for one in arrays) < 15e6
