"""The command ``dmi-sim search``."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.parts import Resume, executor_config, parts_at_work
from dmi_sim.cli.study import Executor, Workers

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.study.parts import Parts
    from dmi_sim.study.search_run import SearchPlan, SearchResult

Name = Annotated[str, typer.Argument(help="A search, or a YAML file of your own.")]
Quick = Annotated[bool, typer.Option("--quick", help="The short form that the search describes.")]


def search(
    name: Name,
    quick: Quick = False,
    workers: Workers = None,
    executor: Executor = "process",
    resume: Resume = None,
) -> CommandResult:
    """Look for the programme that teaches most, and let other children judge it.

    Ctrl-C stops it and loses no finished child; --resume goes on.
    """
    from dmi_sim.study.search_run import cost_of_search, run_search

    plan, catalog = _planned(name, quick=quick)
    sys.stderr.write(f"dmi-sim search: {cost_of_search(plan, catalog)}\n")
    config = executor_config(executor, workers)
    with parts_at_work(plan.name, plan.content, catalog, config, resume, quick=quick) as parts:
        result = run_search(plan, parts)
    return _told(plan, parts, result)


def _planned(name: str, *, quick: bool) -> "tuple[SearchPlan, Catalog]":
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.search import SearchSpec
    from dmi_sim.spec.studies import Study
    from dmi_sim.study.parts import read_named
    from dmi_sim.study.search_run import search_plan

    catalog = Catalog.shipped()
    stem, spec = read_named(SearchSpec, name, catalog)
    return search_plan(stem, spec, catalog.load(Study, spec.study), catalog, quick=quick), catalog


def _told(plan: "SearchPlan", parts: "Parts", result: "SearchResult") -> CommandResult:
    from dmi_sim.report.programme_numbers import programme_numbers
    from dmi_sim.report.programme_run import courses_and_question
    from dmi_sim.report.search_report import answer_of_search, hands_by_arm, write_search_report
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE

    report = write_search_report(plan, result, parts.catalog)
    courses, question = courses_and_question(result.judged, parts.catalog)
    lines = answer_of_search(programme_numbers(courses, question), hands_by_arm(courses))
    data = {
        "folder": result.folder,
        "report": report,
        "found": result.found.settings,
        "tried": len(result.candidates),
        "study_file": result.study_file,
        "answer": lines,
        "context_of_use": CONTEXT_OF_USE,
    }
    return CommandResult("\n".join([*lines, f"report: {report}", CONTEXT_OF_USE]), data)
