"""The grammar: where a text is cut, which concepts its words and numbers carry, and which events it tells."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.words import Theme
from cx.themes.concepts import events, numbers
from cx.themes.concepts.events import Event, Grammar
from cx.themes.concepts.lexicon import LANGUAGES
from cx.themes.concepts.words import tokens
from cx.themes.story import take_apart
from cx.themes.windows import LONGEST, sentences


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return events.load()


# ---- windows -----------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab .!?;\n…é", max_size=900))
def test_the_sentences_hold_every_word_in_order_and_none_is_endless(text: str) -> None:
    spans = sentences(text)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert [sign for sign in covered if sign.isalpha()] == [sign for sign in text if sign.isalpha()]
    assert all(end - start <= LONGEST + 15 for start, end in spans) or not text.strip()


def test_windows_are_the_sentences_and_the_pairs_of_neighbours() -> None:
    text = "The first sentence is here. The second sentence follows. The third sentence ends it."
    story = take_apart(text, "en")
    assert story.windows == [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)]
    assert text[slice(*story.span((1, 1)))].strip() == "The second sentence follows."
    assert story.span(story.whole) == (0, len(text))


# ---- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("40 minutes", {"minutes30"}),
        ("quarante minutes", {"minutes30"}),
        ("10 minutes", {"minutes"}),
        ("une heure", {"hours"}),
        ("2h30", {"hours"}),
        ("3 calls", {"num3", "calls3"}),
        ("trois fois", {"num3"}),
        ("two emails", {"num2", "calls2"}),
        ("third", {"num3", "ord3"}),
        ("3 weeks", {"weeks"}),
        ("two years", {"months", "years"}),
        ("15 euros", {"money"}),
        ("0899123456", {"numtel"}),
        ("7", {"n3"}),
        ("2", set()),
    ],
)
def test_a_number_says_how_long_how_often_or_how_much(text: str, concepts: set[str]) -> None:
    found = numbers.reading(tokens(text), 0)
    assert found is not None
    assert set(found[0]) == concepts


@pytest.mark.parametrize("text", ["banana", "un ami", "a friend"])
def test_a_word_or_an_article_is_no_number(text: str) -> None:
    assert numbers.reading(tokens(text), 0) is None


def test_an_hour_of_the_day_is_no_wait() -> None:
    assert numbers.reading(tokens("at 9 h"), 1) == (("numtel",), 2)
    assert numbers.reading(tokens("attente de 2 h"), 2) == (("hours",), 2)


# ---- events ------------------------------------------------------------------------------------------------------


def _event(grammar: Grammar, line: str) -> Event:
    """An event of a line of the file syntax, over the lexicons of the product."""
    return events.parsed(line, "", grammar.reading.symbols)


def _told(grammar: Grammar, event: Event, text: str) -> bool:
    return bool(list(event.found(grammar.reading.lines(text, "en")[""])))


def test_a_pattern_stays_in_its_sentence_unless_it_may_leave_it(grammar: Grammar) -> None:
    near = _event(grammar, "near BUR 0.9 : {minutes30} ~6 {weeks}")
    far = _event(grammar, "far BUR 0.9 : {minutes30} ~~6 {weeks}")
    one, two = "It took 40 minutes and then 3 weeks", "It took 40 minutes. Then 3 weeks"
    assert _told(grammar, near, one)
    assert not _told(grammar, near, two)
    assert _told(grammar, far, two)


def test_optional_and_forbidden_neighbours(grammar: Grammar) -> None:
    maybe = _event(grammar, "maybe BUR 0.9 : {minutes30} ?{weeks} {months}")
    assert _told(grammar, maybe, "40 minutes 3 months")
    assert _told(grammar, maybe, "40 minutes 3 weeks 3 months")
    never = _event(grammar, "never BUR 0.9 : {minutes30} !{weeks}")
    assert _told(grammar, never, "40 minutes 3 months")
    assert not _told(grammar, never, "40 minutes 3 weeks")


def test_unless_refuses_in_the_sentence_and_nodoc_in_the_whole_text(grammar: Grammar) -> None:
    unless = _event(grammar, "unless BUR 0.9 : {minutes30} unless {weeks}")
    nodoc = _event(grammar, "nodoc BUR 0.9 : {minutes30} nodoc {weeks}")
    same, other = "40 minutes after 3 weeks", "40 minutes. After 3 weeks"
    assert not _told(grammar, unless, same)
    assert _told(grammar, unless, other)
    assert not _told(grammar, nodoc, other)
    assert _told(grammar, nodoc, "40 minutes")


@pytest.mark.parametrize(
    "line",
    ["x BUR : {weeks}", "x XYZ 0.5 : {weeks}", "x BUR 0.5 : {no_such_concept}", "x BUR 0.5 :"],
)
def test_a_line_that_is_no_event_is_refused(grammar: Grammar, line: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        _event(grammar, line)


def test_names_of_events_are_theirs_alone_and_every_theme_has_some(grammar: Grammar) -> None:
    names = [event.name for event in grammar.events]
    assert len(names) == len(set(names))
    assert {event.theme for event in grammar.events} == set(Theme)
    assert all(0.0 < event.strength <= 1.0 for event in grammar.events)


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [
        ("en", "I called them five times and waited 45 minutes in the queue.", Theme.BURDEN_SHIFTED),
        ("fr", "J'ai appelé cinq fois et attendu 45 minutes au téléphone.", Theme.BURDEN_SHIFTED),
        ("en", "She was rude and hung up on me.", Theme.CONTEMPT),
        ("fr", "Le conseiller m'a raccroché au nez.", Theme.CONTEMPT),
    ],
)
def test_what_was_done_to_whom_is_found_in_both_languages(language: str, text: str, theme: Theme) -> None:
    assert language in LANGUAGES
    assert theme in {one.event.theme for one in take_apart(text, language).told}


def test_a_short_wait_and_a_praised_clerk_tell_nothing() -> None:
    text = "I waited 5 minutes at the desk and the lady was lovely."
    assert take_apart(text, "en").told == ()
