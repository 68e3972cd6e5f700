"""The command ``dmi-sim verify``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.cli.console import FAILED_CELLS, OK, CommandResult
from dmi_sim.cli.options import Run

if TYPE_CHECKING:
    from dmi_sim.study.verify import Verification


def verify(run: Run) -> CommandResult:
    """Say whether a run is whole: every file as its hash says.

    Ends with exit code 0 if it is, 3 if a file is missing or changed, 2 if the folder is no run.
    A run that is not finished yet can be whole. Nothing is written.
    """
    from dmi_sim.study.find_run import find_run
    from dmi_sim.study.verify import verify as look_at

    run = find_run(run)
    found = look_at(run)
    data = {
        "run": run,
        "whole": found.is_whole,
        "status": found.status,
        "planned": found.planned,
        "whole_cells": found.whole,
        "unlisted_cells": found.unlisted,
        "problems": found.problems,
    }
    code = OK if found.is_whole else FAILED_CELLS
    return CommandResult("\n".join(_lines(run, found)), data, exit_code=code)


def _lines(run: Path, found: "Verification") -> Iterator[str]:
    yield from found.problems
    yield f"{run}: {'whole' if found.is_whole else 'NOT whole'}; {_extent(found)}"
    if found.unlisted:
        yield f"{len(found.unlisted)} more finished as the study was killed; --resume takes them in"
    if found.planned and not found.is_whole:
        yield f"dmi-sim study ... --resume {run} runs damaged cells again and writes the rest anew"


def _extent(found: "Verification") -> str:
    if not found.planned:
        return "its manifest is damaged"
    cells = f"{len(found.whole)} of {found.planned} planned cells are finished and whole"
    return f"{cells}, status: {found.status}"
