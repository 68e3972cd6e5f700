"""The command ``dmi-sim report``."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Run

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.report.tables import RunTables


def report(run: Run) -> CommandResult:
    """Write the report of a run again, of a study that of its newest run.

    With --json also its answer in numbers, and the processor and code that they come from.
    """
    from dmi_sim.spec.studies import ProgrammeStudySpec
    from dmi_sim.study.find_run import run_and_catalog
    from dmi_sim.study.store import read_manifest

    run, catalog = run_and_catalog(run)
    if isinstance(read_manifest(run).spec, ProgrammeStudySpec):
        return _of_programmes(run, catalog)
    return _of_an_exercise(run, catalog)


def _of_programmes(run: Path, catalog: "Catalog") -> CommandResult:
    from dmi_sim.report.any_report import write_any_report
    from dmi_sim.report.background import computed_with
    from dmi_sim.report.programme_data import programme_data
    from dmi_sim.report.programme_numbers import programme_numbers
    from dmi_sim.report.programme_run import courses_and_question
    from dmi_sim.study.courses import programme_manifest

    path, manifest = write_any_report(run, catalog), programme_manifest(run)
    courses, question = courses_and_question(run, catalog)
    numbers = programme_numbers(courses, question)
    data = {
        "report": path,
        "study": manifest.study,
        "run_hash": manifest.run_hash,
        **programme_data(courses, numbers, question),
        "computed_with": asdict(manifest.provenance),
        "left_out": list(question.left_out),
        "context_of_use": manifest.context_of_use,
    }
    lines = [f"report: {path}", *(f"left out: {line}" for line in question.left_out)]
    told = [str(data["answer"]), computed_with(manifest.provenance)]
    return CommandResult("\n".join([*lines, *told]), data)


def _of_an_exercise(run: Path, catalog: "Catalog") -> CommandResult:
    from dmi_sim.report.background import computed_with
    from dmi_sim.report.html import write_report
    from dmi_sim.report.tables import read_run

    path, tables = write_report(run, catalog), read_run(run)
    computed = computed_with(tables.manifest.provenance)
    left_out = list(tables.skipped)
    data = {"report": path, **_answer(tables, catalog), "left_out": left_out}
    data["context_of_use"] = tables.manifest.context_of_use
    lines = [f"report: {path}", *(f"left out: {line}" for line in left_out)]
    return CommandResult("\n".join([*lines, str(data["answer"]), computed]), data)


def _answer(tables: "RunTables", catalog: "Catalog") -> dict[str, object]:
    """The answer of a run and what it was computed with."""
    from dmi_sim.report.background import comparison_rows
    from dmi_sim.report.context import report_context
    from dmi_sim.report.results import answer

    context, manifest = report_context(tables, catalog), tables.manifest
    found = context.findings
    return {
        "study": manifest.study,
        "run_hash": manifest.run_hash,
        "outcome": found.primary.outcome,
        "answer": answer(context),
        "comparisons": list(comparison_rows(found.comparisons)),
        "computed_with": asdict(manifest.provenance),
    }
