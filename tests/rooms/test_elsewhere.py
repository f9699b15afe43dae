"""Taking a case elsewhere: the file that travels, the page that checks it, texts taken out, the mark of a journal."""

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from cx.core.journal import KINDS
from cx.desk import sentences
from cx.disputes import dossier
from cx.web import journal_words
from models import AccessRecord, Case, Dossier, EventRow, Message, SearchRow
from tests.elsewhere import answered, download, unpacked

if TYPE_CHECKING:
    from tests.pages import Browser
    from tests.world import World

HOSTILE = 'Il a dit « non » 😀 你好 #let x = 1 *gras* $a$ \\ [b] <script>alert("x")</script>\n= Titre\n- liste'


# ---- the customer's page and the file ---------------------------------------------------------------------------


def test_the_page_says_who_comes_next_and_what_they_ask(world: "World") -> None:
    filed = answered(world)
    page = world.customer(filed).get(f"/case/{filed.reference}/elsewhere")
    assert page.heading == "Take it elsewhere"
    assert "After Poste Arvane comes La Poste’s appeal service." in page.main
    assert "A written complaint was made to the organisation first – yes" in page.main
    assert "No court has it – not known" in page.main
    assert "Download the file" in page.text
    link = f"/case/{filed.reference}/elsewhere"
    assert link in world.customer(filed).get(f"/case/{filed.reference}").links()


def test_a_stranger_is_asked_for_the_code(small_world: "World") -> None:
    filed = answered(small_world)
    for method, what in (("GET", ""), ("POST", "/file"), ("POST", "/court"), ("POST", "/link")):
        answer = small_world.browser().raw(method, f"/case/{filed.reference}/elsewhere{what}")
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/case/{filed.reference}"


def test_the_court_is_asked_and_ticked(small_world: "World") -> None:
    filed = answered(small_world)
    browser = small_world.customer(filed)
    at = f"/case/{filed.reference}/elsewhere"
    page = browser.post(f"{at}/court", {}, status=422)
    assert "Please choose one." in page.main
    assert "No court has it – yes" in browser.post(f"{at}/court", {"court": "no"}).main
    assert "No court has it – no" in browser.post(f"{at}/court", {"court": "yes"}).main
    said = [one["conditions"][3]["met"] for one in [json.loads(download(small_world, filed)["json"])]]
    assert said == [False]


def test_the_file_holds_both_sides_and_nothing_internal(world: "World") -> None:
    filed = answered(world, HOSTILE)
    files = download(world, filed)
    told = json.loads(files["json"])
    assert told["format"] == "doleance-file/1"
    assert told["parties"]["customer"]["name"] == "Madeleine Garnier"
    assert told["parties"]["people"] == [{"name": "Nadia Ferrand", "role": "Agent"}]
    assert told["documents"][0]["text"] == HOSTILE
    assert [one["kind"] for one in told["timeline"]] == ["told", "sent", "acknowledged", "started", "offered"]
    assert told["points"][0]["answer"] == "partly"
    assert told["offers"][0]["amount_minor"] == 895
    answer = next(one for one in told["clocks"] if one["rule"] == "FR-PO-2M")
    assert answer["became"] == "kept"
    assert answer["arithmetic"]
    assert told["addressed_to"]["code"] == "fr_post_appeal"
    assert "canary" not in files["json"].decode()
    assert "score" not in files["json"].decode()
    with world.database.reading() as session:
        row = session.execute(select(Case.version, Case.head).execution_options(sighted=True)).one()
        rows = {row.kind: row for row in session.scalars(select(Dossier))}
    assert (told["journal"]["line"], told["journal"]["head"]) == tuple(row)
    assert set(rows) == {"zip", "pdf", "json"}
    assert {kind: one.sha256 for kind, one in rows.items()} == {
        kind: dossier.fingerprint(data) for kind, data in files.items()
    }


def test_every_line_of_the_file_has_its_sentence() -> None:
    """The desk words every line of the journal and every kind of text; the file words what is told outside."""
    assert set(KINDS.values()) <= set(sentences.EVENTS) | dossier.INTERNAL
    assert set(sentences.EVENTS) - dossier.INTERNAL - set(journal_words.EVENTS) == set()
    assert set(sentences.KINDS) - {"note", "call"} - set(journal_words.TEXTS) == set()


def test_the_pdf_is_tagged_and_says_its_language(small_world: "World") -> None:
    filed = answered(small_world, HOSTILE)
    for language in ("fr", "en"):
        data = download(small_world, filed, language)["pdf"]
        assert data.startswith(b"%PDF-")
        assert b"/MarkInfo" in data
        assert b"/StructTreeRoot" in data
        assert b"pdfuaid" in data
        assert f"/Lang({language})".encode() in data
        assert b"/FontFile" in data


def test_the_file_of_the_supervisor_is_logged_and_others_get_none(small_world: "World") -> None:
    filed = answered(small_world)
    at = f"/desk/{filed.reference}/file"
    told = json.loads(unpacked(small_world.staff("supervisor@poste").raw("POST", at, data={"language": "en"}))["json"])
    assert told["parties"]["customer"]["reached"] == []
    assert "canary" not in json.dumps(told)
    with small_world.database.reading() as session:
        assert [one.what for one in session.scalars(select(AccessRecord))] == ["dossier"]
    assert small_world.staff("agent@poste").raw("POST", at).status_code == 403
    assert small_world.staff("supervisor@banque").raw("POST", at).status_code == 404


# ---- the check page ---------------------------------------------------------------------------------------------


def _checked(browser: "Browser", data: bytes, status: int = 200) -> str:
    name = b'Content-Disposition: form-data; name="file"; filename="file.bin"'
    body = b"--line\r\n" + name + b"\r\n\r\n" + data + b"\r\n--line--\r\n"
    return browser.post("/check", body, status=status, content_type="multipart/form-data; boundary=line").main  # type: ignore[arg-type]


def test_a_file_is_known_as_long_as_nothing_of_it_changed(world: "World") -> None:
    filed = answered(world)
    files = download(world, filed)
    stranger = world.browser()
    for data in files.values():
        said = _checked(stranger, data)
        assert "Unchanged" in said
        assert filed.reference in said
        assert "still holds that line" in said
        changed = data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
        assert "Not as we made it" in _checked(stranger, changed)
    assert "Madeleine" not in said
    pasted = dossier.fingerprint(files["pdf"]).upper()
    grouped = " ".join(pasted[at : at + 8] for at in range(0, 64, 8))
    assert "Unchanged" in stranger.post("/check", {"sha256": grouped}).main
    with world.database.writing() as session:
        session.execute(update(EventRow).where(EventRow.seq == 5).values(hash="0" * 64))
        session.execute(update(Dossier).values(seq=5))
    assert "does not hold that line any more" in _checked(stranger, files["zip"])


@pytest.mark.parametrize(
    "given",
    [{}, {"sha256": "abc"}, {"sha256": "\x00" * 64}, {"sha256": "g" * 64}, {"sha256": "'; drop table dossier; --"}],
)
def test_bad_fingerprints_are_met_civilly(small_world: "World", given: dict[str, str]) -> None:
    assert "Please" in small_world.browser().post("/check", given, status=422).main


def test_large_files_are_taken_up_to_twenty_megabytes(small_world: "World") -> None:
    small_world.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert "Not as we made it" in _checked(small_world.browser(), b"x" * 15_000_000)
    assert "too much at once" in _checked(small_world.browser(), b"x" * 21_000_000, status=413)


# ---- texts taken out --------------------------------------------------------------------------------------------


def test_a_text_is_taken_out_for_good(world: "World") -> None:
    filed = answered(world, "My doctor Anne Lavigne said so.")
    browser = world.customer(filed)
    at = f"/case/{filed.reference}/texts"
    page = browser.get(at)
    assert "Nobody can bring it back." in page.main
    assert "Here is our offer." not in page.main
    assert "Please tick the box" in browser.post(at, page.fields(having="why"), status=422).main
    with world.database.reading() as session:
        story = session.scalar(select(Message).where(Message.kind == "story"))
        assert story is not None
    browser.post(at, {"text": str(story.id), "why": "health", "sure": "y"})
    shown = browser.get(f"/case/{filed.reference}")
    assert "Lavigne" not in shown.text
    assert "This text was taken out on" in shown.main
    desk = world.staff("agent@poste").get(f"/desk/{filed.reference}")
    assert "Lavigne" not in desk.text
    assert "This text was taken out on" in desk.text
    with world.database.reading() as session:
        assert session.scalars(select(SearchRow).where(SearchRow.message_id == story.id)).all() == []
        assert session.scalar(select(Case.first_words).execution_options(sighted=True)) == "[…]"
    assert "Lavigne" not in download(world, filed)["json"].decode()
    assert world.app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def test_nobody_takes_out_what_another_side_wrote(small_world: "World") -> None:
    filed = answered(small_world)
    with small_world.database.reading() as session:
        ids = {row.kind: row.id for row in session.execute(select(Message.kind, Message.id))}
    wanted = {"why": "mistake", "sure": "y"}
    customer, agent = small_world.customer(filed), small_world.staff("agent@poste")
    supervisor, other = small_world.staff("supervisor@poste"), small_world.staff("agent2@poste")
    at, desk = f"/case/{filed.reference}/texts", f"/desk/{filed.reference}/texts"
    assert customer.raw("POST", at, data={**wanted, "text": ids["offer"]}).status_code == 404
    assert customer.raw("POST", at, data={**wanted, "text": ids["note"]}).status_code == 422
    assert supervisor.raw("POST", desk, data={**wanted, "text": ids["story"]}).status_code == 404
    assert other.raw("POST", desk, data={**wanted, "text": ids["offer"]}).status_code == 404
    assert agent.raw("POST", desk, data={**wanted, "text": ids["note"]}).status_code == 303
    assert supervisor.raw("POST", desk, data={**wanted, "text": ids["offer"]}).status_code == 303
    for bad in ("", "x", "9" * 30, "999999"):
        assert customer.raw("POST", at, data={**wanted, "text": bad}).status_code == 422
    assert customer.raw("POST", at, data={**wanted, "text": ids["story"], "why": "boredom"}).status_code == 422


# ---- the mark of the journal ------------------------------------------------------------------------------------


def test_the_mark_of_the_journal_stands_on_the_receipt(small_world: "World") -> None:
    filed = answered(small_world)
    with small_world.database.reading() as session:
        head = session.scalar(select(Case.head).execution_options(sighted=True)) or ""
    mark = " ".join(head[at : at + 4] for at in range(0, 16, 4))
    assert mark in small_world.customer(filed).get(f"/case/{filed.reference}").main
