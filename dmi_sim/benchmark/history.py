"""The speed of each case over time: a row of ratios to the peer for each commit, in a CSV file.

Ratios alone are kept: they hold on any machine within some per cent, and absolute times do not.
"""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.provenance import Checkout, code_sha256, git_checkout

DATE, COMMIT = "date", "commit"
COMMIT_LETTERS = 12
DIRTY = "+"
"""Follows a commit from which the files differed."""


@dataclass(frozen=True)
class HistoryRow:
    """The speed of one commit.

    Attributes:
        date: Day on which it was measured, as in ``2026-01-31``.
        commit: Begin of the commit's hash, with a plus where files differed from it.
        ratios: Simulated time per time of computing, over that of the peer, by case.
    """

    date: str
    commit: str
    ratios: Mapping[str, float]


def measured_checkout(package: Path, here: Path) -> Path:
    """The checkout whose code is measured: that of the package, or the one it was installed from.

    Args:
        package: Folder of the package in use.
        here: Folder that may be the checkout from which it was installed.
    """
    is_installed = not (package.parent / ".git").exists()
    is_same = is_installed and code_sha256(package) == code_sha256(here / package.name)
    return here if is_same else package.parent


def commit_to_measure(checkout_folder: Path, *, allow_dirty: bool = False) -> str:
    """The commit of the code, for a row.

    Args:
        checkout_folder: Folder of the checkout.
        allow_dirty: Whether files may differ from the commit; then a plus follows it.

    Raises:
        InputError: If there is no commit, or files differ from it.
    """
    checkout = git_checkout(checkout_folder)
    if checkout is None:
        raise InputError(
            f"history: {checkout_folder} is no git checkout, so there is no commit; call it in the "
            "checkout from which the package was installed, unchanged since"
        )
    if checkout.dirty and not allow_dirty:
        raise InputError(
            f"history: files differ from commit {_short(checkout)}; commit them, or allow that "
            "with --allow-dirty"
        )
    return _short(checkout) + DIRTY * checkout.dirty


def _short(checkout: Checkout) -> str:
    return checkout.commit[:COMMIT_LETTERS]


def read_history(path: Path) -> tuple[HistoryRow, ...]:
    """The rows of a file, oldest first; none if there is no file yet.

    Args:
        path: CSV file with columns ``date``, ``commit`` and one for each case.

    Raises:
        InputError: If the file is another one, or a value is no ratio.
    """
    if not path.exists():
        return ()
    try:
        rows = list(csv.DictReader(StringIO(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as a history of speed: {error}") from error
    return tuple(_row(path, line, row) for line, row in enumerate(rows, start=2))


def _row(path: Path, line: int, row: Mapping[str | None, str | None]) -> HistoryRow:
    if not row.get(DATE) or not row.get(COMMIT) or None in row:
        raise InputError(f"{path}, line {line}: not a row of a history of speed")
    cases = {str(case): value for case, value in row.items() if case not in (DATE, COMMIT)}
    return HistoryRow(
        date=str(row[DATE]),
        commit=str(row[COMMIT]),
        ratios={case: _ratio(path, line, case, value) for case, value in cases.items() if value},
    )


def _ratio(path: Path, line: int, case: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise InputError(f"{path}, line {line}, {case}: '{text}' is not a ratio above 0")
    return value


def refuse_unwritable(path: Path) -> None:
    """Find out before a long measurement whether a row can be added.

    Args:
        path: CSV file; its folder is made if needed.

    Raises:
        InputError: If the file is another one.
        OSError: If nothing can be written there.
    """
    read_history(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=path.parent):
        pass


def append_row(path: Path, commit: str, ratios: Mapping[str, float]) -> None:
    """Add a row; a case that is new gets a column, empty in the rows before.

    Args:
        path: CSV file; it is made if needed.
        commit: Commit that was measured, see :func:`commit_to_measure`.
        ratios: Ratio to the peer by case.

    Raises:
        InputError: If the file is another one.
    """
    today = HistoryRow(date.today().isoformat(), commit, ratios)
    write_text(path, _text((*read_history(path), today)))


def _text(rows: Sequence[HistoryRow]) -> str:
    cases = list(dict.fromkeys(case for row in rows for case in row.ratios))
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([DATE, COMMIT, *cases])
    for row in rows:
        cells = (f"{row.ratios[case]:.3f}" if case in row.ratios else "" for case in cases)
        writer.writerow([row.date, row.commit, *cells])
    return out.getvalue()
