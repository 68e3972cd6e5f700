"""The command ``dmi-sim check``."""

from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import BAD_INPUT, CommandResult

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Your own files or folders; all shipped files if none is given."),
]


def check(paths: Paths = None) -> CommandResult:
    """Check models, exercises and studies.

    Finds unknown keys, wrong values, and names and sources that lead nowhere.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.check import check_own, check_shipped

    shipped = Catalog.shipped()
    findings = [check_own(path, shipped) for path in paths or ()] or [check_shipped(shipped)]
    problems = [line for one in findings for line in one.problems]
    files = sum(one.files for one in findings)
    advice = [line for one in findings for line in one.advice]
    verdict = f"{files} files, {len(problems)} problems" if problems else f"{files} files are right"
    return CommandResult(
        "\n".join([*problems, *advice, verdict]),
        {"files": files, "problems": problems, "advice": advice},
        exit_code=BAD_INPUT if problems else 0,
    )
