"""The command ``dmi-sim sensitivity``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.parts import Resume, executor_config, parts_at_work
from dmi_sim.cli.study import Executor, Standard, Workers

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.study.parts import Parts
    from dmi_sim.study.sensitivity import Form, SensitivityPlan

Name = Annotated[str, typer.Argument(help="A sensitivity, or a YAML file of your own.")]
Quick = Annotated[bool, typer.Option("--quick", help="Run the study in its quick form.")]


def sensitivity(
    name: Name,
    quick: Quick = False,
    standard: Standard = False,
    workers: Workers = None,
    executor: Executor = "process",
    resume: Resume = None,
) -> CommandResult:
    """Run a study again and again, each time with another of its assumptions changed.

    Ctrl-C stops it and loses no finished child; --resume goes on.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.study.sensitivity import cost_of_sensitivity, run_sensitivity

    if quick and standard:
        raise InputError("--quick and --standard: a study runs in one form at a time")
    form: Form = "quick" if quick else "standard" if standard else "full"
    plan, catalog = _planned(name, form)
    sys.stderr.write(f"dmi-sim sensitivity: {cost_of_sensitivity(plan, catalog)}\n")
    config = executor_config(executor, workers)
    with parts_at_work(
        plan.name, plan.content, catalog, config, resume, quick=quick, standard=standard
    ) as parts:
        runs = run_sensitivity(plan, parts)
    return _told(plan, runs, parts)


def _planned(name: str, form: "Form") -> "tuple[SensitivityPlan, Catalog]":
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.sensitivity import SensitivitySpec
    from dmi_sim.spec.studies import Study
    from dmi_sim.study.parts import read_named
    from dmi_sim.study.sensitivity import sensitivity_plan

    catalog = Catalog.shipped()
    stem, spec = read_named(SensitivitySpec, name, catalog)
    return sensitivity_plan(stem, spec, catalog.load(Study, spec.study), catalog, form), catalog


def _told(plan: "SensitivityPlan", runs: dict[str, Path], parts: "Parts") -> CommandResult:
    from dmi_sim.files import write_json
    from dmi_sim.report.sensitivity_report import told_lines, write_sensitivity_report
    from dmi_sim.study.parts import RESULT
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE

    report, found = write_sensitivity_report(plan, runs, parts.folder, parts.catalog)
    lines = list(told_lines(found))
    write_json(parts.folder / RESULT, lines)
    few = ["so few children describe; they do not decide"] if found.few else []
    data = {
        "folder": parts.folder,
        "report": report,
        "effects": lines,
        "context_of_use": CONTEXT_OF_USE,
    }
    told = [*lines, *few, f"report: {report}", CONTEXT_OF_USE]
    return CommandResult("\n".join(told), data)
