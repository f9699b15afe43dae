"""What several workshops share: a database of their own, and a mail server that keeps what it is given."""

from collections.abc import Iterator

import pytest

from cx.post.transport import MailServer
from models.engine import Database
from tests.mailserver import Sink, serving


@pytest.fixture
def sink() -> Sink:
    """A mail server's memory and its moods."""
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[MailServer]:
    """That server, listening."""
    with serving(sink) as found:
        yield found


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database under test, opened."""
    made = Database(database_url)
    yield made
    made.engine.dispose()
