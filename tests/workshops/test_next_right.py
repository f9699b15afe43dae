"""When a clock runs out the next right stands on the page as a button and comes in a letter, and both name one body."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from cx.core.words import Sector
from cx.disputes import clock_strip, clockwork
from cx.disputes.casefile import open_case
from cx.disputes.sight import As
from cx.disputes.storing import table
from cx.post.wording import word
from models import Case, Letter, Organisation

if TYPE_CHECKING:
    from tests.world import World

TOLD = datetime(2026, 3, 2, 10, tzinfo=UTC)
PLACES = {"FR": ("Europe/Paris", "FR"), "GB": ("Europe/London", "GB-ENG"), "US": ("America/New_York", "US")}


@pytest.mark.parametrize("country", sorted(PLACES))
@pytest.mark.parametrize("sector", sorted(Sector))
def test_the_right_that_opens_is_a_button_and_a_letter_on_the_same_day(
    small_world: "World", sector: Sector, country: str
) -> None:
    zone, calendar = PLACES[country]
    values = {"sector": sector.value, "country": country, "jurisdiction": country, "zone": zone, "calendar": calendar}
    with small_world.database.writing() as session:
        session.execute(update(Organisation).values(values))
    filed = small_world.tell(at=TOLD, sector=sector)
    bench, visitor = small_world.app.extensions["workbench"], small_world.holder(filed)
    columns, now = table(Case).c, TOLD
    told: set[str] = set()
    letters: list[Letter] = []
    for _ in range(40):
        with small_world.database.reading() as session:
            on = session.scalar(select(columns.watch_on).where(columns.id == filed.case_id))
        if on is None or on > (TOLD + timedelta(days=400)).date():
            break
        # Noon of the day in the zone that is farthest behind: the day has come everywhere.
        now = max(now, datetime(on.year, on.month, on.day, 17, tzinfo=UTC))
        clockwork.tick(small_world.database, bench, now)
        with small_world.database.reading() as session:
            case = open_case(session, visitor, As.CUSTOMER, filed.reference, now)
            rights = {one.body.value for one in clock_strip.rights_open(case, now) if one.body is not None}
            query = select(Letter).where(Letter.case_id == filed.case_id, Letter.account_id.is_(None))
            letters = [one for one in session.scalars(query) if one.kind in {"overdue", "right_opens"}]
        named = [one.data for one in letters if not one.data.get("next_on")]
        told = {body for data in named for body in (data.get("next_body"), *data.get("also", ())) if body}
        assert rights <= told, (now, rights, told)
        for one in letters:
            assert word(one.kind, "fr", one.data, "https://doleance.example.org").text
    # Where we know no law and no body, the house opens the way all the same.
    assert told or (sector is Sector.OTHER and [one.kind for one in letters] == ["right_opens"])
