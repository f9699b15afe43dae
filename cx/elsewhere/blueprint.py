"""The blueprint of this room; its views hang themselves on it."""

from flask import Blueprint

blueprint = Blueprint("elsewhere", __name__)
