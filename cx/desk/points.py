"""Taking one demand apart into the points that it holds: each is answered for itself, and the customer sees them."""

from dataclasses import replace

from flask import Response

from cx.core.words import Role
from cx.desk.doing import Deed, act
from cx.desk.views import blueprint
from cx.disputes import pointing
from cx.disputes.masking import mask
from cx.web.bench import bench
from cx.web.doors import door
from cx.web.sentence import _


@blueprint.post("/desk/<reference>/point")
@door(Role.AGENT, Role.SUPERVISOR, writes=True)
def point(reference: str) -> Response:
    """One point more, in words that the customer reads."""

    def doing(deed: Deed) -> None:
        words = mask(str(deed.form["point"].data or "")).text
        hand = replace(deed.hand, expected=None)
        pointing.add(deed.session, bench(), hand, [words], deed.case.language)

    return act(reference, "point", doing, _("Noted: this point gets an answer of its own."))
