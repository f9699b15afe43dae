"""The blueprint of the customers' room; its views hang themselves on it."""

from flask import Blueprint

blueprint = Blueprint("intake", __name__)
