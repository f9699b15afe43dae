"""How many rows per second an import takes.

    python -m bench.imports FILE.csv.gz [--database postgresql://…] [--read]

The file has the columns of `flask import`. It is imported into an empty database in a temporary folder.
"""

import argparse
import csv
import gzip
import io
import tempfile
import time
from pathlib import Path

from bench.serving import flask, free_port, settings


def rows(file: Path) -> int:
    """How many rows a CSV file holds, gzipped or not."""
    csv.field_size_limit(10_000_000)
    with (
        file.open("rb") as raw,
        io.TextIOWrapper(
            gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw, encoding="utf-8-sig", newline=""
        ) as stream,
    ):
        return sum(1 for _ in csv.reader(stream)) - 1


def main() -> None:
    """Import once and say how fast it was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--read", action="store_true", help="read the themes too")
    chosen = parser.parse_args()
    many = rows(chosen.file)
    with tempfile.TemporaryDirectory() as scratch:
        environment = settings(Path(scratch), free_port(), chosen.database)
        flask(environment, "prepare", "--no-demo")
        began = time.monotonic()
        said = flask(environment, "import", str(chosen.file.absolute()), *([] if chosen.read else ["--no-read"]))
        spent = time.monotonic() - began
    print(said[-400:])
    print(f"{many} rows in {spent:.1f} s: {many / spent:.0f} rows/s")


if __name__ == "__main__":
    main()
