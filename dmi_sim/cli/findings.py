"""The command ``dmi-sim findings``."""

from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult

Runs = Annotated[
    Path | None,
    typer.Argument(
        help="Folder with the runs of studies, or with --publish of one run; default: runs."
    ),
]


Publish = Annotated[
    Path | None,
    typer.Option(help="Keep the findings in this folder, such as docs/findings, with one page."),
]


def findings(runs: Runs = None, publish: Publish = None) -> CommandResult:
    """Write one page over all finished studies: a forest, one line for each hypothesis.

    Of each study its newest finished run counts; a quick form only if there is no other.
    """
    if publish is not None:
        return _published(runs, publish)
    from dmi_sim.report.all_findings import all_findings
    from dmi_sim.report.findings_page import headline_of_all, write_findings
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE
    from dmi_sim.study.run_setup import RUNS

    folder = runs or RUNS
    found = all_findings(folder)
    path = write_findings(found, folder)
    headline = headline_of_all(found.findings)
    data = {
        "page": path,
        "headline": headline,
        "findings": [one.row for one in found.findings],
        "left_out": list(found.left_out),
        "context_of_use": CONTEXT_OF_USE,
    }
    lines = [f"page: {path}", *(f"left out: {line}" for line in found.left_out), headline]
    told = [f"{one.source.study}: {one.hypothesis}: {one.words}" for one in found.findings]
    return CommandResult("\n".join([*lines, *told, CONTEXT_OF_USE]), data)


def _published(named: Path | None, folder: Path) -> CommandResult:
    """Keep the findings of a run, or of every study in a folder of runs."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.report.all_findings import counted_runs
    from dmi_sim.report.published import publish, write_index
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE
    from dmi_sim.study.run_setup import RUNS
    from dmi_sim.study.store import is_run

    chosen = named or RUNS
    nothing_ran = named is None and not RUNS.is_dir()
    runs = (chosen,) if is_run(chosen) else () if nothing_ran else counted_runs(chosen)
    kept = [publish(run, folder) for run in runs]
    page = write_index(folder, Catalog.shipped())
    lines = [f"page: {page}", *(f"kept: {one}" for one in kept), CONTEXT_OF_USE]
    return CommandResult("\n".join(lines), {"page": page, "kept": kept})
