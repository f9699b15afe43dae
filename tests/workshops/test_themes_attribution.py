"""What the reader underlines is its computation: the words of an account add up to the decision, on any text."""

import math
import random
import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cx.core.words import Theme
from cx.themes.attribution import FLOOR, MOST_WORDS, Account
from cx.themes.corpus import load_examples
from cx.themes.places import Places
from cx.themes.reader import Reader, load
from cx.themes.story import take_apart

EXACT = 1e-6
READER = load()
# What people type, and what cutting and folding stumble over.
PIECES = (
    "personne ne répond", "3 fois", "40 minutes", "don't", "can’t", "l'appli", "le guichet", "nobody answers", "rude",
    "XXXX", "a@b.fr", "https://a.example/x?y", "@bank", "#fail", "œuvre", "ﬁn", "12h30", "0,80 €", "€", "😀", "\x00",
    "e\u0301te\u0301", "\u200b", "\u202eabc", "日本", "½", "sooooo", "!!!", "...", "\n", ";", "the only response",
    "n'a jamais", "hung up on me", "numéro surtaxé", "İstanbul", "Σίσυφος",
)  # fmt: skip
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


def _decision(score: float) -> float:
    return math.log(score / (1.0 - score))


def _splits_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


@settings(max_examples=120, deadline=None)
@given(texts, st.sampled_from(["fr", "en"]), st.sampled_from(list(Theme)))
@example("", "fr", Theme.CONTEMPT)
@example("don't " * 1_500, "en", Theme.CONTEMPT)
def test_words_and_offset_add_up_to_the_decision(text: str, language: str, theme: Theme) -> None:
    score = READER.scores(text, language)[theme]
    account = READER.account(text, theme, language)
    assert 1.0 / (1.0 + math.exp(-account.total)) == pytest.approx(score, abs=EXACT)
    if 1e-6 < score < 1.0 - 1e-6:
        assert account.total == pytest.approx(_decision(score), abs=EXACT)


@settings(max_examples=120, deadline=None)
@given(texts, st.sampled_from(["fr", "en"]), st.sampled_from(list(Theme)))
def test_words_are_whole_words_of_the_text_in_order(text: str, language: str, theme: Theme) -> None:
    words = READER.account(text, theme, language).words
    assert all(0 <= start < end <= len(text) for start, end, _ in words)
    assert all(left[1] <= right[0] for left, right in pairwise(words))
    assert not any(_splits_a_word(text, border) for start, end, _ in words for border in (start, end))


@settings(max_examples=60, deadline=None)
@given(texts, st.sampled_from(["fr", "en"]))
def test_the_slow_way_reads_the_same_words(text: str, language: str) -> None:
    story = take_apart(text, language)
    assert [[word for word, _ in words] for words in Places(story).words] == list(story.words)
    symbols = Places(story).symbols("")
    assert sum(map(len, symbols)) == len(story.lines[""])


def test_every_event_of_the_examples_has_its_words() -> None:
    for one in random.Random(6).sample(load_examples(), 150):
        story = take_apart(one.text, one.language)
        places = Places(story)
        assert all(places.of_event(told) for told in story.told)


@pytest.mark.parametrize(
    ("language", "text", "theme", "words"),
    [
        ("fr", "La pluie. Le conseiller m'a raccroché au nez, quel mépris. Voilà.", Theme.CONTEMPT, {"raccroché", "mépris"}),
        ("en", "My parcel came on Monday. The clerk was so rude to me at the desk.", Theme.CONTEMPT, {"rude"}),
        ("fr", "J'ai appelé 3 fois, toujours la même réponse automatique.", Theme.SCRIPTED_RESPONSE, {"même", "réponse"}),
    ],
)  # fmt: skip
def test_the_words_shown_are_those_that_tell_the_theme(language: str, text: str, theme: Theme, words: set[str]) -> None:
    reason = READER.read(text, language).reasons[theme]
    assert words <= {text[start:end] for start, end, _ in reason.words}
    assert all(reason.start <= start < end <= reason.end for start, end, _ in reason.words)
    assert len(reason.words) <= MOST_WORDS
    assert all(FLOOR <= share <= 1.0 for _, _, share in reason.words)


def test_below_the_floor_no_word_is_shown() -> None:
    even = Account(-1.0, tuple((at, at + 1, 1.0) for at in range(0, 60, 2)))
    assert even.loudest((0, 60)) == ()
    assert Account(-1.0, ((0, 3, -2.0),)).loudest((0, 3)) == ()
    assert Account(-1.0, ()).loudest((0, 3)) == ()


def test_a_word_outside_the_sentences_shown_is_not_underlined_in_them() -> None:
    account = Account(0.0, ((0, 4, 1.0), (10, 14, 3.0), (20, 24, -1.0)))
    assert account.loudest((8, 30)) == ((10, 14, 0.75),)


def test_nothing_is_weighed_for_a_theme_under_its_limit_or_unasked() -> None:
    text = "My parcel came on Monday. The clerk was so rude to me at the desk, she laughed and hung up on me."
    reading = READER.read(text, "en")
    assert list(reading.reasons) == list(reading.maybe)
    quick = READER.read(text, "en", reasons=False)
    assert quick.scores == reading.scores
    assert all(not reason.words for reason in quick.reasons.values())
    assert [(one.start, one.end) for one in quick.reasons.values()] == [
        (one.start, one.end) for one in reading.reasons.values()
    ]


def test_the_same_text_gives_the_same_reading_whatever_was_read_before() -> None:
    stories = [one.text for one in random.Random(2).sample(load_examples(), 25)]
    first = [READER.read(text) for text in stories]
    other = load()
    for text in reversed(stories):
        other.read(text)
    assert [other.read(text) for text in stories] == first


def test_a_long_story_is_accounted_for_to_its_end() -> None:
    told = "The clerk laughed at me and hung up on me, so rude."
    text = "Nothing to say about the weather of that day. " * 215 + told
    assert len(text) > 9_000
    reason = READER.read(text, "en").reasons[Theme.CONTEMPT]
    assert text[reason.start : reason.end].strip() == told
    account = READER.account(text, Theme.CONTEMPT, "en")
    assert account.total == pytest.approx(_decision(READER.scores(text, "en")[Theme.CONTEMPT]), abs=EXACT)


def test_without_a_reader_there_is_no_account() -> None:
    with pytest.raises(LookupError, match="gone"):
        Reader(None, problem="gone").account("Nobody answers.", Theme.NO_HUMAN_REACHABLE, "en")


def test_how_much_of_a_text_the_reader_knows() -> None:
    assert READER.read("Nobody answers the telephone.", "en").known == 1.0
    half = READER.read("Nobody answers zqxwv kjhgfq.", "en").known
    assert half == 0.5
    assert READER.read("12 34 !", "en").known is None
    assert re.fullmatch(r"0\.\d+", str(READER.read("Nobody answers the telephone at brglwz.", "en").known))
