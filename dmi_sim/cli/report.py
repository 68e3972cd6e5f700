"""The command ``dmi-sim report``."""

from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult

Run = Annotated[Path, typer.Argument(help="Folder of a run.")]


def report(run: Run) -> CommandResult:
    """Write the report of a run again."""
    from dmi_sim.report.html import write_report

    path = write_report(run)
    return CommandResult(f"report: {path}", {"report": path})
