"""A reference opens nothing: strangers see one page, guesses are slowed down, the link and the code open one case."""

import re
from typing import TYPE_CHECKING

import pytest

from cx.disputes.reference import in_groups
from cx.intake.keys import reference_of

if TYPE_CHECKING:
    from tests.world import World

_NOISE = re.compile(r"nonce=\"[^\"]+\"|DL-[0-9A-Z]{4}-[0-9A-Z]{4}")


def test_strangers_see_the_same_page_for_a_case_that_exists_and_for_one_that_does_not(small_world: "World") -> None:
    filed = small_world.tell()
    browser = small_world.browser()
    answers = [browser.raw("GET", f"/case/{one}") for one in (filed.reference, "DL-0000-0000")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert len({_NOISE.sub("", answer.get_data(as_text=True)) for answer in answers}) == 1
    given = {"reference": "", "code": "0000-0000-0000-0000"}
    answers = [
        browser.raw("POST", "/case", data={**given, "reference": one}) for one in (filed.reference, "DL-0000-0000")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert len({_NOISE.sub("", answer.get_data(as_text=True)) for answer in answers}) == 1


def test_the_private_link_opens_the_case_again_and_again_however_it_is_written(small_world: "World") -> None:
    filed = small_world.tell()
    for typed in (filed.secret, filed.secret.lower(), in_groups(filed.secret), filed.secret.replace("0", "o")):
        browser = small_world.browser()
        answer = browser.raw("GET", f"/k/{typed}")
        assert answer.status_code == 303 and answer.headers["Location"] == f"/case/{filed.reference}"
        assert filed.secret not in answer.headers["Location"]
        assert browser.get(f"/case/{filed.reference}").heading == "Sent. Nadia Ferrand reads it."


def test_reference_and_code_open_the_case(small_world: "World") -> None:
    filed = small_world.tell()
    other = small_world.tell(text="Something else.")
    browser = small_world.browser()
    page = browser.get(f"/case/{filed.reference}", status=401)
    assert page.fields()["reference"] == filed.reference
    browser.post("/case", {"reference": filed.reference, "code": ""}, status=422)
    browser.post("/case", {"reference": filed.reference, "code": other.secret}, status=401)
    typed = {"reference": filed.reference.lower().replace("-", " "), "code": in_groups(filed.secret).lower()}
    assert browser.post("/case", typed).response.request.path == f"/case/{filed.reference}"


def test_wrong_codes_are_slowed_down_and_the_right_one_still_opens(small_world: "World") -> None:
    filed = small_world.tell()
    browser = small_world.browser()
    for _ in range(10):
        assert browser.raw("GET", "/k/WRONG").status_code == 401
    answer = browser.raw("POST", "/case", data={"reference": filed.reference, "code": "1" * 16})
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "3600"
    assert browser.raw("GET", "/k/WRONG").status_code == 429
    assert browser.raw("GET", f"/k/{filed.secret}").status_code == 303


def test_staff_without_the_key_are_strangers_here_and_a_key_opens_one_case_only(small_world: "World") -> None:
    filed = small_world.tell()
    other = small_world.tell("banque", text="Another person's story.")
    small_world.staff("agent@poste").get(f"/case/{filed.reference}", status=401)
    customer = small_world.customer(filed)
    customer.get(f"/case/{other.reference}", status=401)
    assert [link for link in customer.get("/case").links() if "/case/" in link] == [f"/case/{filed.reference}"]


def test_what_was_typed_on_a_page_whose_key_was_lost_is_given_back(small_world: "World") -> None:
    filed = small_world.tell()
    page = small_world.browser().post(f"/case/{filed.reference}/message", {"message": "An hour of writing"}, status=401)
    assert "An hour of writing" in page.text


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("DL-7K3M-9QXT", "DL-7K3M-9QXT"),
        ("dl 7k3m 9qxt", "DL-7K3M-9QXT"),
        ("7K3M9QXT", "DL-7K3M-9QXT"),
        ("DL-OK3M-9QXI", "DL-0K3M-9QX1"),
        ("", ""),
        ("DL-7K3M", ""),
        ("<script>", ""),
        ("DL-7K3M-9QXT-AAAA", ""),
    ],
)
def test_a_reference_is_understood_as_people_write_it(typed: str, reference: str) -> None:
    assert reference_of(typed) == reference
