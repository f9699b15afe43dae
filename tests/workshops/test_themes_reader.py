"""The reader at work: what it says, when it says nothing, and that it never fails aloud."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from cx.core.words import Theme
from cx.themes.commands import themes
from cx.themes.export import ARRAYS_FILE, DESCRIPTION_FILE, FITTED, restore, save
from cx.themes.language import detect_language
from cx.themes.reader import Reader, load

CLEAR = [
    ("fr", "Au guichet on refuse de prendre mes chèques, il faut obligatoirement passer par la borne.", "FSS"),
    ("fr", "Impossible de parler à un humain, le téléphone sonne dans le vide et personne ne décroche.", "NHR"),
    ("fr", "Le conseiller m'a raccroché au nez après m'avoir insulté, quel mépris.", "CON"),
    ("en", "There is no phone number and I cannot reach a human being, nobody ever answers.", "NHR"),
    ("en", "The staff were rude and arrogant, she laughed at me and hung up on me.", "CON"),
    ("en", "My grandmother has no smartphone and no internet so she cannot use her account.", "DEX"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load()


@pytest.mark.parametrize(("language", "text", "code"), CLEAR)
def test_what_is_plain_is_seen(reader: Reader, language: str, text: str, code: str) -> None:
    reading = reader.read(text, language)
    best = max(reading.scores, key=lambda theme: reading.scores[theme])
    assert best.code == code
    assert not reading.abstained


def test_a_reading_has_a_score_for_every_theme_and_its_version(reader: Reader) -> None:
    reading = reader.read("My parcel is late and nobody answers my complaint.", "en")
    assert set(reading.scores) == set(Theme)
    assert all(0.0 <= score <= 1.0 for score in reading.scores.values())
    assert reading.version == reader.version
    assert [reading.scores[theme] for theme in reading.maybe] == sorted(
        (reading.scores[theme] for theme in reading.maybe), reverse=True
    )
    assert set(reading.sure) <= set(reading.maybe)


@pytest.mark.parametrize(
    "text", ["", "   ", "nul", "vraiment très nul", "😀😀 😀😀 😀", "1234 5678 99 12 44", "?!?! ... !!"]
)
def test_it_abstains_when_there_is_too_little_to_read(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.abstained
    assert reading.maybe == ()


@pytest.mark.parametrize(
    "text",
    [
        "Die Bank hat mein Konto gesperrt und niemand kann mir sagen, warum das so ist.",
        "Il mio bagaglio non è mai arrivato e nessuno risponde al telefono da tre giorni.",
        "我的银行账户被冻结了没有人能告诉我为什么请帮帮我",
    ],
)
def test_it_abstains_on_other_languages(reader: Reader, text: str) -> None:
    assert reader.read(text).abstained
    assert detect_language(text) == ""


def test_it_abstains_on_a_language_it_is_told_and_does_not_know(reader: Reader) -> None:
    assert reader.read("Nobody ever answers the telephone at this bank.", "de").abstained


def test_under_four_words_the_language_of_the_page_decides() -> None:
    assert detect_language("ok merci", "en") == "en"
    assert detect_language("thank you", "fr") == "fr"
    assert detect_language("", "en") == "en"
    assert detect_language("", "xx") == "fr"
    assert detect_language("le colis n'est jamais arrivé", "en") == "fr"


def test_a_very_long_text_is_read_by_its_beginning(reader: Reader) -> None:
    text = "Nobody answers the phone and the bot never transfers me to a person. " * 15_000
    assert len(text) > 1_000_000
    assert not reader.read(text, "en").abstained


def test_accents_capitals_and_masks_change_nothing(reader: Reader) -> None:
    plain = reader.scores("le guichet est ferme et personne ne repond")
    assert reader.scores("LE GUICHET EST FERMÉ ET PERSONNE NE RÉPOND") == plain
    masked = reader.scores("Virement de XXXX le 12/03 par @Banque voir https://a.example/b")
    assert masked == reader.scores("Virement de XXXXXXXX le 12/03 par @autre voir http://c.example/d?e=f")


def test_the_evidence_is_the_sentence_that_tells_the_theme(reader: Reader) -> None:
    told = "The clerk laughed at me and hung up on me, so rude."
    text = f"I bought a kettle in March and it was blue. {told} My parcel came on Monday as planned."
    reading = reader.read(text, "en")
    spans = {theme: text[one.start : one.end].strip() for theme, one in reading.reasons.items()}
    assert list(spans) == list(reading.maybe)
    assert spans[Theme.CONTEMPT] == told


def test_many_are_read_in_order(reader: Reader) -> None:
    pairs = [(text, language) for language, text, _ in CLEAR]
    assert reader.read_many(pairs) == [reader.read(text, language) for text, language in pairs]


def test_threads_agree(reader: Reader) -> None:
    pairs = [(text, "") for _, text, _ in CLEAR] * 20
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda pair: reader.read(*pair), pairs))
    assert together == reader.read_many(pairs)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "fr", "en", "de"]))
def test_no_text_makes_it_fail(text: str, language: str) -> None:
    reading = _SHARED.read(text, language)
    assert all(0.0 <= score <= 1.0 for score in reading.scores.values())
    assert list(reading.reasons) == list(reading.maybe)
    assert all(0 <= one.start < one.end <= len(text) for one in reading.reasons.values())


_SHARED = load()


# ---- files that cannot be used -----------------------------------------------------------------------------------


def _copy(folder: Path) -> Path:
    save(restore(FITTED), folder)
    return folder


def _abstains(reader: Reader) -> bool:
    reading = reader.read("Nobody ever answers the telephone at this bank.", "en")
    return reading.abstained and reading.maybe == () and set(reading.scores) == set(Theme)


def test_a_missing_file_gives_a_reader_that_abstains_and_says_so(tmp_path: Path) -> None:
    reader = load(tmp_path / "nowhere")
    assert _abstains(reader)
    assert "cannot be used" in reader.problem
    assert reader.version == "none"


@pytest.mark.parametrize("name", [ARRAYS_FILE, DESCRIPTION_FILE])
@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "gone"])
def test_a_damaged_file_gives_a_reader_that_abstains(tmp_path: Path, name: str, damage: str) -> None:
    file = _copy(tmp_path) / name
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "noise": b"\x00\xff" * 50}[damage])
    reader = load(tmp_path)
    assert reader.problem
    assert _abstains(reader)


@pytest.mark.parametrize(
    ("key", "value"), [("analyzer", "0"), ("grammar", "00"), ("format", 99), ("themes", []), ("sha256", "00")]
)
def test_a_file_made_for_something_else_is_refused(tmp_path: Path, key: str, value: object) -> None:
    file = _copy(tmp_path) / DESCRIPTION_FILE
    description = json.loads(file.read_text(encoding="utf-8"))
    description[key] = value
    file.write_text(json.dumps(description), encoding="utf-8")
    assert load(tmp_path).problem


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = _copy(tmp_path / "a"), _copy(tmp_path / "b")
    assert (first / ARRAYS_FILE).read_bytes() == (second / ARRAYS_FILE).read_bytes()


def test_reading_never_imports_scikit_learn() -> None:
    code = (
        "import sys; from cx.themes.reader import load; import cx.themes.commands;"
        "reader = load(); reader.read('nobody answers the telephone at all'); "
        "sys.exit(bool(reader.problem) or any(name in sys.modules for name in ('sklearn', 'scipy', 'joblib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---- commands ----------------------------------------------------------------------------------------------------


def test_read_answers_one_line_for_each_in_order() -> None:
    rows = [
        {"id": 1, "text": "Personne ne répond au téléphone, impossible de parler à un humain."},
        {"id": 2, "text": ""},
        {"id": 3, "text": "The clerk laughed at me and hung up on me, so rude.", "lang": "en"},
    ]
    result = CliRunner().invoke(themes, ["read"], input="\n".join(json.dumps(row) for row in rows))
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert {"labels", "sure", "scores", "evidence"} <= set(answers[0])
    assert answers[1]["labels"] == []
    assert answers[1]["abstained"]
    assert answers[2]["language"] == "en"


def test_many_processes_read_with_the_reader_in_use_only(tmp_path: Path) -> None:
    result = CliRunner().invoke(themes, ["read", "--jobs", "2", "--fitted", str(FITTED)], input="{}")
    assert result.exit_code == 2
    assert "reader in use" in result.stderr


@pytest.mark.parametrize("line", ["{", "[]", "3"])
def test_read_refuses_a_bad_line_in_one_sentence(line: str) -> None:
    result = CliRunner().invoke(themes, ["read"], input=line)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Line 1")


def test_evaluate_prints_a_table_or_json(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    rows = [{"text": text, "labels": [code], "lang": language} for language, text, code in CLEAR]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    table = CliRunner().invoke(themes, ["evaluate", str(file)])
    assert table.exit_code == 0
    assert "contempt" in table.stdout
    assert "dummy, micro" in table.stdout
    found = json.loads(CliRunner().invoke(themes, ["evaluate", str(file), "--json"]).stdout)
    assert found["reader"]["micro_f1"] > found["dummy"]["micro_f1"]
    assert set(found["themes"]) == {theme.value for theme in Theme}


def test_evaluate_refuses_a_bad_file(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text("{}", encoding="utf-8")
    result = CliRunner().invoke(themes, ["evaluate", str(file)])
    assert result.exit_code == 1
    assert "line 1" in result.stderr


def test_a_command_refuses_to_work_without_a_reader(tmp_path: Path) -> None:
    result = CliRunner().invoke(themes, ["read", "--fitted", str(tmp_path)], input="{}")
    assert result.exit_code == 1
    assert "cannot be used" in result.stderr


def test_read_names_the_line_that_is_nested_too_deeply() -> None:
    result = CliRunner().invoke(themes, ["read"], input='{"text": "a"}\n{"text": ' + "[" * 200_000)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Line 2 is not JSON")


def test_a_file_of_stories_may_begin_like_one_of_windows_and_hold_line_separators(tmp_path: Path) -> None:
    row = {"text": "The clerk laughed at me\u2028and hung up on me.\u0085", "labels": ["CON"], "lang": "en"}
    line = "\ufeff" + json.dumps(row, ensure_ascii=False) + "\r\n"
    read = CliRunner().invoke(themes, ["read"], input=line)
    assert len(read.stdout.splitlines()) == 1, read.stderr
    file = tmp_path / "labelled.jsonl"
    file.write_text(line, encoding="utf-8")
    assert CliRunner().invoke(themes, ["evaluate", str(file)]).exit_code == 0


def test_evaluate_refuses_a_file_without_any_story(tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_text("\n\n", encoding="utf-8")
    result = CliRunner().invoke(themes, ["evaluate", str(file)])
    assert result.exit_code == 1
    assert result.stderr == "Error: empty.jsonl holds no story.\n"


def test_evaluate_says_in_one_sentence_what_it_cannot_read_or_write(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_bytes(b"\xff\xfe")
    refused = CliRunner().invoke(themes, ["evaluate", str(file)])
    assert (refused.exit_code, refused.stderr[:41]) == (1, "Error: labelled.jsonl is not UTF-8: inval")
    file.write_text(json.dumps({"text": "They hung up on me.", "labels": ["CON"]}), encoding="utf-8")
    refused = CliRunner().invoke(themes, ["evaluate", str(file), "--into", str(file / "figures")])
    assert refused.exit_code == 1
    assert "The figures cannot be written" in refused.stderr
