"""What could be right in cases like this: amounts by distance and delay, whose law, and what is only a ceiling."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cx.core.redress import UNION, Airport, distance_km, suggest
from cx.core.words import OfferKind

CDG = Airport("CDG", 49.0128, 2.55, "FR")
NCE = Airport("NCE", 43.6584, 7.2159, "FR")
ATH = Airport("ATH", 37.9364, 23.9445, "GR")
RUN = Airport("RUN", -20.8871, 55.5103, "RE")
JFK = Airport("JFK", 40.6399, -73.7787, "US")
LHR = Airport("LHR", 51.4706, -0.4619, "GB")
CMN = Airport("CMN", 33.3675, -7.59, "MA")


def _flight(ends, issue="cancellation", late=None, carrier="FR"):
    facts = {} if late is None else {"arrival_late": late}
    return {one.id: one for one in suggest("airline", carrier, issue, facts, ends)}


def test_the_way_between_two_airports_is_the_great_circle() -> None:
    assert distance_km(CDG, JFK) == pytest.approx(5834, abs=10)
    assert distance_km(CDG, CDG) == 0
    assert distance_km(JFK, CDG) == pytest.approx(distance_km(CDG, JFK))


@pytest.mark.parametrize(
    ("ends", "issue", "late", "amount", "half"),
    [
        ((CDG, NCE), "cancellation", None, 250_00, False),
        ((CDG, NCE), "cancellation", "0", 125_00, True),
        ((CDG, NCE), "cancellation", "2", 250_00, False),
        ((CDG, NCE), "delay", "3", 250_00, False),
        ((CDG, ATH), "cancellation", "2", 200_00, True),
        ((CDG, ATH), "delay", "3", 400_00, False),
        ((CDG, CMN), "denied_boarding", "never", 400_00, False),
        ((CDG, JFK), "delay", "3", 300_00, True),
        ((CDG, JFK), "delay", "4", 600_00, False),
        ((CDG, JFK), "delay", "never", 600_00, False),
        ((CDG, RUN), "delay", "4", 400_00, False),
    ],
)
def test_the_european_rule_pays_by_distance_and_halves_for_who_arrived_soon(ends, issue, late, amount, half) -> None:
    found = _flight(ends, issue, late)["eu_flight"]
    assert (found.amount_minor, found.currency, found.half) == (amount, "EUR", half)
    assert found.kind is OfferKind.STATUTORY_COMPENSATION and "261/2004" in found.basis


@pytest.mark.parametrize("late", ["0", "2", None])
def test_a_delay_under_three_hours_or_untold_brings_no_suggestion(late) -> None:
    assert _flight((CDG, NCE), "delay", late) == {}
    assert _flight((CDG, NCE), "baggage", "4").keys() == {"montreal_baggage"}
    assert suggest("airline", "FR", "cancellation", {}, None) == ()


@pytest.mark.parametrize(
    ("ends", "carrier", "laws"),
    [
        ((LHR, CDG), "GB", {"uk_flight"}),
        ((LHR, CDG), "FR", {"uk_flight", "eu_flight"}),
        ((CDG, LHR), "GB", {"uk_flight", "eu_flight"}),
        ((CDG, LHR), "US", {"eu_flight"}),
        ((JFK, LHR), "US", set()),
        ((JFK, CDG), "FR", {"eu_flight"}),
        ((JFK, CDG), "US", set()),
        ((JFK, CDG), "GB", {"uk_flight"}),
    ],
)
def test_whose_rule_it_is_follows_the_start_the_end_and_the_airline(ends, carrier, laws) -> None:
    assert set(_flight(ends, carrier=carrier)) == laws


def test_the_british_rule_has_its_own_sums() -> None:
    sums = [_flight((LHR, end), "delay", late, "GB")["uk_flight"] for end, late in ((CDG, "3"), (JFK, "3"), (JFK, "4"))]
    assert [(one.amount_minor, one.currency) for one in sums] == [(220_00, "GBP"), (260_00, "GBP"), (520_00, "GBP")]


_airports = some.builds(
    Airport,
    some.just("ZZZ"),
    some.floats(-90, 90),
    some.floats(-180, 180),
    some.sampled_from(["FR", "GB", "US", "MA", "RE"]),
)


@given(_airports, _airports, some.sampled_from(["delay", "cancellation", "denied_boarding"]),
       some.sampled_from([None, "0", "2", "3", "4", "never", "x", 3]), some.sampled_from(["FR", "GB", "US"]))  # fmt: skip
def test_whatever_the_flight_a_suggestion_is_a_figure_of_the_rule_and_more_delay_never_pays_less(
    start, end, issue, late, carrier
) -> None:
    allowed = {250_00, 400_00, 600_00, 125_00, 200_00, 300_00, 220_00, 350_00, 520_00, 110_00, 175_00, 260_00}
    found = _flight((start, end), issue, late, carrier)
    assert {one.amount_minor for one in found.values()} <= allowed
    assert all(0 <= (one.km or 0) <= 20_020 for one in found.values())
    longest = _flight((start, end), issue, "4", carrier)
    for name, one in found.items():
        assert (one.amount_minor or 0) <= (longest[name].amount_minor or 0)
    assert "eu_flight" not in found or start.country in UNION or end.country in UNION


def test_baggage_and_post_name_ceilings_and_say_what_is_to_be_checked() -> None:
    (bag,) = suggest("airline", "FR", "baggage", {})
    assert (bag.sdr, bag.amount_minor, bag.currency) == (1519, None, None)
    post = {one.id: one for one in suggest("postal", "FR", "loss", {})}
    assert (post["post_registered"].amount_minor, post["post_parcel"].amount_minor) == (16_00, 23_00)
    assert post["post_ordinary"].amount_minor is None and not any(one.checked for one in post.values())
    assert suggest("postal", "GB", "loss", {}) == () == suggest("postal", "FR", "counter", {})


def test_an_unauthorised_payment_is_given_back_and_being_heard_costs_what_it_cost() -> None:
    facts = {"paid_minor": 1240, "paid_currency": "EUR"}
    back, heard = suggest("bank", "FR", "card_or_fraud", facts)
    assert (back.kind, back.amount_minor, back.basis) == (OfferKind.REFUND, None, "CMF, art. L133-18")
    assert (heard.kind, heard.amount_minor, heard.currency) == (OfferKind.GOODWILL_GESTURE, 1240, "EUR")
    assert suggest("bank", "DE", "payment_or_transfer", {})[0].basis.endswith("art. 73")
    assert suggest("bank", "US", "card_or_fraud", {"paid_minor": "12"}) == ()
