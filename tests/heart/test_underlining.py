"""A person's own words, underlined: whatever is marked, the text stays the very text."""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from cx.core.underlining import LONGEST, excerpt, joined, underlined

TEXTS = st.text(alphabet="ab <&>\"'é\n😀 x.", max_size=400)
PLACES = st.lists(st.tuples(st.integers(-5, 420), st.integers(-5, 420)), max_size=6)
MARKS = st.dictionaries(st.sampled_from(["contempt", "no_choice", "burden_shifted"]), PLACES, max_size=3)


@given(TEXTS, MARKS)
def test_the_pieces_joined_are_the_very_text(text: str, marks: dict[str, list[tuple[int, int]]]) -> None:
    pieces = underlined(text, marks)
    assert "".join(one.text for one in pieces) == text
    assert all(one.text for one in pieces)
    # Escaping piece by piece is escaping the text: a mark never opens a tag or splits a sign.
    assert "".join(str(escape(one.text)) for one in pieces) == str(escape(text))


@given(TEXTS, MARKS)
def test_a_character_is_marked_exactly_by_what_covers_it(text: str, marks: dict[str, list[tuple[int, int]]]) -> None:
    found = [one.marks for one in underlined(text, marks) for _ in one.text]
    for at, names in enumerate(found):
        covers = {
            name for name, places in marks.items() if any(0 <= a <= at < b <= len(text) for a, b in places)
        }  # fmt: skip
        assert set(names) == covers


@given(TEXTS, st.tuples(st.integers(-5, 420), st.integers(-5, 420)), PLACES)
def test_an_excerpt_is_a_part_of_the_text_and_short(
    text: str, span: tuple[int, int], words: list[tuple[int, int]]
) -> None:
    found = excerpt(text, span, "contempt", words)
    shown = "".join(one.text for one in found.pieces)
    assert shown in text
    assert shown == shown.strip()
    assert len(shown) <= LONGEST + 150
    if not found.before and not found.after:
        assert shown == text.strip()


def test_an_excerpt_shows_the_sentence_with_its_words() -> None:
    text = "Hello. I rang five times and nobody answered. Bye."
    found = excerpt(text, (7, 46), "no_human_reachable", [(14, 24)])
    assert [(one.text, one.marks) for one in found.pieces] == [
        ("I rang ", ()), ("five times", ("no_human_reachable",)), (" and nobody answered.", ()),
    ]  # fmt: skip
    assert (found.before, found.after) == (True, True)


def test_a_long_run_is_cut_around_its_words_at_blanks() -> None:
    text = "word " * 200 + "nobody answered " + "word " * 200
    at = text.index("nobody")
    found = excerpt(text, (0, len(text)), "x", [(at, at + 15)])
    shown = "".join(one.text for one in found.pieces)
    assert "nobody answered" in shown
    assert shown.startswith("word") and shown.endswith("word")
    assert (found.before, found.after) == (True, True)


@given(TEXTS, PLACES)
def test_words_that_follow_each_other_are_one_place_and_no_letter_more_is_marked(
    text: str, words: list[tuple[int, int]]
) -> None:
    def covered(places: Iterable[tuple[int, int]]) -> set[int]:
        return {at for a, b in places if 0 <= a < b <= len(text) for at in range(a, b) if text[at].isalnum()}

    found = joined(text, words)
    assert covered(found) == covered(words)
    assert joined(text, found) == found
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_an_apostrophe_parts_no_words_and_a_line_does() -> None:
    text = "je n’ai pas, rien\nplus"
    assert joined(text, [(12, 16), (0, 2), (3, 4), (5, 7), (8, 11), (13, 17), (18, 22)]) == ((0, 17), (18, 22))
