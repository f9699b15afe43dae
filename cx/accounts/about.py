"""How far everybody can use the product: the page of accessibility."""

from flask import Blueprint, render_template

from cx.web.doors import Who, door

blueprint = Blueprint("about", __name__)


@blueprint.get("/accessibility")
@door(Who.EVERYONE)
def accessibility() -> str:
    """What works for everybody, what does not yet, and whom to tell."""
    return render_template("accounts/accessibility.html")
