"""Archives: every good row once, every bad row with its reason, whatever the file and whenever the import was killed."""

import csv
import gzip
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cx.cli import archive as command
from cx.disputes import archive, audit, figures
from cx.disputes.archive_rows import COLUMNS, Archive, ArchiveRow, BadRow, UnreadableArchive, opened, why_bad
from cx.disputes.storing import table
from models import Case, CaseTheme, Message, Organisation, ReadingRow

if TYPE_CHECKING:
    from flask import Flask

TODAY = date(2026, 11, 24)
GOOD = {
    "id": "a-1",
    "source": "letters_2019",
    "sector": "bank",
    "organisation": "Banque du Lac",
    "lang": "fr",
    "date": "2019-03-04",
    "rating": "1",
    "source_label": "accounts",
    "text": "On m’a dit d’utiliser l’application, et l’application ne marche pas.",
}


def _written(path: Path, rows: Iterable[dict[str, str]], columns: tuple[str, ...] = COLUMNS, **form: Any) -> Path:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, **form)
    writer.writeheader()
    writer.writerows(rows)
    data = stream.getvalue().encode("utf-8")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def _read(path: Path) -> list[ArchiveRow | BadRow]:
    with opened(path) as rows:
        return list(rows.rows(TODAY))


def _import(app: "Flask", *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["import", *arguments])


def _count(app: "Flask", model: Any = Case) -> int:
    with app.extensions["database"].reading() as session:
        return session.scalar(select(func.count()).select_from(table(model))) or 0


# ---- the file ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("form", [{}, {"delimiter": ";"}, {"lineterminator": "\n"}])
def test_a_row_is_read_from_every_form_of_the_file(tmp_path: Path, name: str, form: dict[str, str]) -> None:
    (row,) = _read(_written(tmp_path / name, [GOOD], **form))
    assert isinstance(row, ArchiveRow)
    assert (row.id, row.organisation, row.told_on, row.text) == ("a-1", "Banque du Lac", date(2019, 3, 4), GOOD["text"])


def test_a_mark_at_the_beginning_and_a_line_for_spreadsheets_are_no_columns(tmp_path: Path) -> None:
    plain = _written(tmp_path / "a.csv", [GOOD]).read_bytes()
    for before in (b"\xef\xbb\xbf", b"sep=,\r\n"):
        (tmp_path / "b.csv").write_bytes(before + plain)
        assert isinstance(_read(tmp_path / "b.csv")[0], ArchiveRow)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"id,source,sector\r\n", "text"),
        (b"id,id,source,sector,text\r\n", "more than once"),
        ("id,source,sector,text\r\n".encode("utf-16"), "UTF-8"),
        (gzip.compress(b"id,source,sector,text\r\n", mtime=0)[:-9], "cut off"),
    ],
)
def test_a_file_that_is_no_archive_is_refused_as_a_whole(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(UnreadableArchive, match=said):
        _read(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "id is empty"),
        ({"source": " "}, "source is empty"),
        ({"text": "\n\t"}, "text is empty"),
        ({"text": "\u200b\ufeff"}, "text is empty"),
        ({"sector": ""}, "sector is empty"),
        ({"sector": "insurance"}, "the sector is none of bank, airline, postal, other"),
        ({"text": "one\0two"}, "text holds a NUL"),
        ({"id": "x" * 121}, "id is longer than 120 characters"),
        ({"text": "x" * 100_001}, "text is longer than 100000 characters"),
        ({"date": "2024-13-01"}, "the date is no day of the form YYYY-MM-DD"),
        ({"date": "20240101"}, "the date is no day of the form YYYY-MM-DD"),
        ({"date": "01/02/2024"}, "the date is no day of the form YYYY-MM-DD"),
        ({"date": "2026-11-25"}, "the date lies in the future"),
        ({"date": "1812-01-01"}, "the date lies before 1900"),
    ],
)
def test_a_bad_row_says_why(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    bad, good = _read(_written(tmp_path / "a.csv", [GOOD | change, GOOD]))
    assert isinstance(bad, BadRow)
    assert bad.reason == reason
    assert isinstance(good, ArchiveRow)


@pytest.mark.parametrize("empty", ["date", "rating", "source_label", "organisation", "lang"])
def test_what_may_be_unknown_may_be_empty(tmp_path: Path, empty: str) -> None:
    assert isinstance(_read(_written(tmp_path / "a.csv", [GOOD | {empty: ""}]))[0], ArchiveRow)


def test_ragged_rows_broken_bytes_and_endless_fields_spoil_only_themselves(tmp_path: Path) -> None:
    head = b"id,source,sector,text\r\n"
    rows = (
        b"1,s,bank\r\n"
        b"2,s,bank,text,more\r\n"
        b"3,s,bank,caf\xe9\r\n"
        b'4,s,bank,"' + b"x" * 1_100_000 + b'"\r\n'
        b"\r\n"
        b"5,s,bank,good\r\n"
    )  # fmt: skip
    (tmp_path / "a.csv").write_bytes(head + rows)
    found = _read(tmp_path / "a.csv")
    reasons = [row.reason for row in found if isinstance(row, BadRow)]
    assert reasons[0] == "3 fields where the first line names 4"
    assert reasons[1] == "5 fields where the first line names 4"
    assert reasons[2] == "text is not UTF-8"
    assert reasons[3].startswith("not CSV")
    assert [row.id for row in found if isinstance(row, ArchiveRow)] == ["5"]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest_in_silence(tmp_path: Path) -> None:
    head = "id,source,sector,text\r\n1,s,bank,good\r\n"
    (tmp_path / "a.csv").write_text(f'{head}2,s,bank,"never closed\r\n3,s,bank,lost\r\n', encoding="utf-8")
    good, bad = _read(tmp_path / "a.csv")
    assert isinstance(good, ArchiveRow)
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.reason) == (3, "not CSV: unexpected end of data")
    (tmp_path / "a.csv").write_text(f'{head}2,s,bank,"never closed\r\n3,s,bank,"lost"\r\n', encoding="utf-8")
    assert [row.id for row in _read(tmp_path / "a.csv") if isinstance(row, ArchiveRow)] == ["1"]


@given(st.lists(st.binary(max_size=60), max_size=6).map(b"\r\n".join))
def test_no_bytes_at_all_break_the_reading(content: bytes) -> None:
    stream = io.TextIOWrapper(
        io.BytesIO(b"id,source,sector,text\r\n" + content), "utf-8-sig", errors="surrogateescape", newline=""
    )
    for row in Archive(io.BytesIO(), stream).rows(TODAY):
        assert isinstance(row, ArchiveRow) or row.reason


@given(st.fixed_dictionaries({name: st.text(max_size=20) for name in COLUMNS}))
def test_a_row_is_judged_without_failing(values: dict[str, str]) -> None:
    assert isinstance(why_bad(values, TODAY), str)


# ---- what becomes of it ------------------------------------------------------------------------------------------


def test_an_imported_story_is_no_dispute_and_waits_for_nobody(app: "Flask", tmp_path: Path) -> None:
    card = GOOD["text"] + " 4111 1111 1111 1111"
    done = _import(app, str(_written(tmp_path / "a.csv", [GOOD | {"text": card}])), "--no-read")
    assert done.exit_code == 0, done.output
    with app.extensions["database"].reading() as session:
        case = session.execute(select(table(Case))).mappings().one()
        assert (case["state"], case["origin"], case["version"], case["sent_at"]) == ("none", "import", 1, None)
        assert (case["source"], case["source_id"], case["source_label"]) == ("letters_2019", "a-1", "accounts")
        assert case["customer_waits"] is False
        assert case["told_at"] == datetime(2019, 3, 4, 12, tzinfo=UTC)
        assert case["next_due_on"] is None
        text = session.scalar(select(Message.text))
        assert text is not None
        assert "4111 1111" not in text
        assert text.endswith("•••• 1111")
        assert case["facts"] == {"masked": ["card"]}
        organisation = session.scalars(select(Organisation)).one()
        assert (organisation.name, organisation.claimed, organisation.sector) == ("Banque du Lac", False, "bank")
        assert list(audit.verify(session)) == []
        told = figures.read(session, [organisation.id], ["told"])
        assert dict(told["told"]) == {(date(2019, 3, 1), ""): 1}


def test_importing_again_changes_nothing(app: "Flask", tmp_path: Path) -> None:
    rows = [GOOD | {"id": str(number)} for number in range(30)] + [GOOD | {"id": "3"}]
    file = str(_written(tmp_path / "a.csv.gz", rows))
    first, second = _import(app, file, "--no-read"), _import(app, file, "--no-read")
    assert "30 imported, 1 there already, 0 rejected" in first.output
    assert "0 imported, 31 there already, 0 rejected" in second.output
    assert (_count(app), _count(app, Organisation)) == (30, 1)


def test_an_import_that_was_killed_goes_on(app: "Flask", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ROWS_A_BATCH", 10)
    file = str(_written(tmp_path / "a.csv", [GOOD | {"id": str(number)} for number in range(35)]))
    stored, batches = archive.store, []

    def dying(*arguments: Any) -> int:
        batches.append(1)
        if len(batches) == 3:
            raise KeyboardInterrupt
        return stored(*arguments)

    monkeypatch.setattr(archive, "store", dying)
    _import(app, file, "--no-read")
    assert _count(app) == 20
    monkeypatch.setattr(archive, "store", stored)
    assert "15 imported, 20 there already" in _import(app, file, "--no-read").output
    assert _count(app) == 35


def test_bad_rows_are_written_out_with_reason_and_line(app: "Flask", tmp_path: Path) -> None:
    file = _written(tmp_path / "a.csv", [GOOD, GOOD | {"id": "b", "sector": "zoo"}, GOOD | {"id": ""}])
    done = _import(app, str(file), "--no-read")
    assert done.exit_code == 0
    assert "1 imported, 0 there already, 2 rejected" in done.output
    rejected = tmp_path / "a.csv.rejected.csv"
    rows = list(csv.DictReader(io.StringIO(rejected.read_text(encoding="utf-8"), newline="")))
    assert [(row["line"], row["id"]) for row in rows] == [("3", "b"), ("4", "")]
    assert rows[1]["reason"] == "id is empty"
    assert rows[0]["text"] == GOOD["text"]
    # Mended, the rows go in, and the file of bad rows goes away.
    _written(file, [GOOD, GOOD | {"id": "b"}, GOOD | {"id": "c"}])
    assert "2 imported, 1 there already, 0 rejected" in _import(app, str(file), "--no-read").output
    assert not rejected.exists()


def test_unknown_organisations_are_one_a_sector_and_known_ones_get_their_stories(
    app: "Flask", world: object, tmp_path: Path
) -> None:
    before = _count(app, Organisation)
    rows = [
        GOOD | {"id": "1", "organisation": ""},
        GOOD | {"id": "2", "organisation": "unknown"},
        GOOD | {"id": "3", "organisation": "Unknown", "sector": "other"},
        GOOD | {"id": "4", "organisation": "POSTE  ARVANE", "sector": "postal"},
    ]
    assert "4 imported" in _import(app, str(_written(tmp_path / "a.csv", rows)), "--no-read").output
    with app.extensions["database"].reading() as session:
        assert _count(app, Organisation) == before + 2
        poste = session.scalars(select(Organisation.id).where(Organisation.slug == "poste")).one()
        assert session.scalar(select(func.count()).where(table(Case).c.organisation_id == poste)) == 1


def test_the_language_is_told_or_found_and_the_themes_are_read(app: "Flask", tmp_path: Path) -> None:
    english = "Nobody ever answers the phone and I cannot reach a human being at this bank."
    rows = [
        GOOD | {"id": "1", "lang": "", "text": english},
        GOOD | {"id": "2", "lang": "xx"},
        GOOD | {"id": "3", "lang": "", "text": "Die Filiale wurde geschlossen und niemand hat uns etwas davon gesagt."},
    ]
    assert _import(app, str(_written(tmp_path / "a.csv", rows))).exit_code == 0
    with app.extensions["database"].reading() as session:
        columns = table(Case).c
        found = session.execute(select(columns.language, columns.detected_language).order_by(columns.source_id)).all()
        assert [tuple(row) for row in found] == [("en", "en"), ("fr", "fr"), ("fr", "")]
        assert session.scalar(select(func.count()).select_from(ReadingRow)) == 3
        assert session.scalar(select(func.count()).select_from(CaseTheme).where(CaseTheme.status == "confirmed")) == 0


def test_what_is_no_file_or_no_archive_ends_with_a_sentence(app: "Flask", tmp_path: Path) -> None:
    assert _import(app, str(tmp_path / "none.csv")).exit_code == 2
    (tmp_path / "b.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = _import(app, str(tmp_path / "b.csv"))
    assert done.exit_code == 1
    assert "names no column id, source, sector, text" in done.stderr


def test_several_processes_import_the_same(app: "Flask", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ONE_PROCESS", 0)
    monkeypatch.setattr(command, "ROWS_A_BATCH", 20)
    file = _written(tmp_path / "a.csv", [GOOD | {"id": str(number)} for number in range(90)])
    assert "90 imported" in _import(app, str(file), "--no-read").output
