"""What the reader learns from: enough examples of every theme in both languages, none twice."""

from collections import Counter
from pathlib import Path

import pytest

from cx.core.words import Theme
from cx.themes.analyzer import normalise
from cx.themes.corpus import LANGUAGES, BadExample, digest_of, load_examples, read_lines, themes_of

ENOUGH = 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_has_enough_examples_in_each_language(language: str) -> None:
    counts = Counter(
        theme.code for example in load_examples() if example.language == language for theme in example.themes
    )
    ordinary = sum(not example.themes for example in load_examples() if example.language == language)
    assert {theme.code: counts[theme.code] for theme in Theme if counts[theme.code] < ENOUGH} == {}
    assert ordinary >= ENOUGH


def test_no_example_is_there_twice() -> None:
    seen = Counter(normalise(example.text) for example in load_examples())
    assert [text for text, times in seen.items() if times > 1] == []


def test_no_example_is_empty_or_carries_more_themes_than_a_person_would_give() -> None:
    for example in load_examples():
        assert example.text == example.text.strip()
        assert normalise(example.text)
        assert len(example.themes) <= 7
        assert all(words in example.text for words in example.evidence.values())


def test_styles_vary() -> None:
    texts = [example.text for example in load_examples()]
    assert any(len(text) > 350 for text in texts)
    assert any(len(text) < 40 for text in texts)
    assert any(text.isupper() for text in texts)
    assert any("@" in text for text in texts)
    assert any("XXXX" in text for text in texts)


def test_labels_come_as_codes_or_as_ids() -> None:
    assert themes_of(["FSS", "no_choice"], "here") == {Theme.FORCED_SELF_SERVICE, Theme.NO_CHOICE}
    assert themes_of(["NON"], "here") == themes_of(["none"], "here") == themes_of([], "here") == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1]",
        '{"labels": ["FSS"]}',
        '{"text": "x", "labels": "FSS"}',
        '{"text": "x", "labels": ["XYZ"]}',
        '{"text": "x", "labels": ["NON", "FSS"]}',
        '{"text": "x", "labels": ["FSS"], "evidence": "x"}',
        '{"text": "x", "labels": ["FSS"], "evidence": {"CON": "x"}}',
    ],
)
def test_a_bad_line_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"text": "fine", "labels": ["FSS"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BadExample, match="line 2"):
        read_lines(file)


def test_the_digest_follows_the_words_and_the_labels() -> None:
    examples = load_examples()
    assert digest_of(examples) == digest_of(load_examples())
    assert digest_of(examples) != digest_of(examples[1:])
