"""A worker works on few requests at once, in the order of their coming, and waits for slow senders elsewhere."""

import io
import threading
import time
from typing import Any

from cx.web.turns import Turns


def test_only_so_many_are_worked_on_at_once_and_all_are_answered() -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def work(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.01)
        with lock:
            busy -= 1
        return [environ["wsgi.input"].read()]

    turns, answers = Turns(work, seats=2), []

    def ask(number: int) -> None:
        body = f"number={number}".encode()
        environ = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        answers.append(b"".join(turns(environ, lambda *_: lambda _data: None)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
    assert sorted(answers) == sorted(f"number={number}".encode() for number in range(12))
