"""Rewriting a text quickly and slowly gives the same words, and the slow way knows where each came from."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cx.themes.analyzer import normalise, traced_words, words_of
from cx.themes.concepts.words import tokens, traced_tokens
from cx.themes.traced import Traced, fold

texts = st.text(
    alphabet=st.one_of(st.sampled_from("aébc n't’N @#._xX12 0.5€!?\n…œﬁΣ½٣\u0301•*wh:/İ\x00"), st.characters())
)


@settings(max_examples=200)
@given(texts)
def test_both_ways_give_the_same_words(text: str) -> None:
    assert Traced(text).text == fold(text)
    assert [word for word, _ in traced_words(text, 0)] == words_of(text) == normalise(text).split()
    assert [token for token, _ in traced_tokens(text, 0)] == tokens(text)


@settings(max_examples=200)
@given(texts)
def test_places_are_in_the_text_and_in_order(text: str) -> None:
    for found in (traced_words(text, 7), traced_tokens(text, 7)):
        assert all(7 <= start < end <= len(text) + 7 for _, (start, end) in found)
        starts = [start for _, (start, _) in found]
        assert starts == sorted(starts)


def test_a_word_comes_from_what_was_written() -> None:
    text = "Réglé: l’appli, don't! 12h30 a.b@c.fr XXXX e\u0301te\u0301 sooooo"
    found = [(word, text[start:end]) for word, (start, end) in traced_words(text, 0)]
    assert found == [
        ("regle", "Réglé"), ("l", "l"), ("appli", "appli"), ("dont", "don't"), ("_few_", "12"), ("h", "h"),
        ("_many_", "30"), ("_mail_", "a.b@c.fr"), ("_masked_", "XXXX"), ("ete", "e\u0301te\u0301"), ("soo", "sooooo"),
    ]  # fmt: skip
    parts = [(token, text[start:end]) for token, (start, end) in traced_tokens("don't €5", 0)]
    assert [token for token, _ in parts] == ["do", "not", "€", "5"]


def test_an_address_is_one_word_however_it_is_written() -> None:
    assert words_of("write to a.b@c.fr, now") == ["write", "to", "_mail_", "now"]
    assert words_of("@bank @b.fr x@y.z@w.com...") == ["_handle_", "_handle_", "fr", "_mail_"]
    assert words_of("__email__ a@b") == ["_mail_", "a", "_handle_"]
