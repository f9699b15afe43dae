"""Adding a fact to a case that was told: what it starts stands on the page at once."""

from flask_babel import lazy_gettext as _l

from cx.intake.answering import Step, open_step
from cx.intake.clock_facts import ClockFacts, add

open_step("facts", Step(
    add, _l("Noted. The dates that depend on it stand on this page."), ClockFacts, decides=False,
))  # fmt: skip
