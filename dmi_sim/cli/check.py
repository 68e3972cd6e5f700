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
    return CommandResult(
        "\n".join([*problems, *advice, _verdict(files, len(problems))]),
        {"files": files, "problems": problems, "advice": advice},
        exit_code=BAD_INPUT if problems else 0,
    )


def _verdict(files: int, problems: int) -> str:
    """The last line.

    >>> _verdict(1, 0), _verdict(2, 1)
    ('1 file is right', '2 files, 1 problem')
    """
    named = "1 file" if files == 1 else f"{files} files"
    if not problems:
        return f"{named} {'is' if files == 1 else 'are'} right"
    return f"{named}, 1 problem" if problems == 1 else f"{named}, {problems} problems"
