"""The answer of a study to the question of a lesson, from its newest finished run or not at all."""

from math import isfinite
from pathlib import Path

from dmi_sim.errors import InputError
from dmi_sim.live.messages import Answer
from dmi_sim.report.all_findings import Finding, findings_of, finished_run
from dmi_sim.spec.lesson import LessonStudy
from dmi_sim.study.find_run import catalog_of


def study_answer(asked: LessonStudy, runs: Path) -> Answer:
    """What a study says of two of its arms; that it is not shown where no run of it is finished.

    Args:
        asked: The study and its arms.
        runs: Folder with a folder of runs for each study.
    """
    found = _finding(asked, runs)
    if found is None:
        return Answer(study=asked.name, comes_to="none")
    compared = found.comparison
    numbers = {
        "difference": compared.difference.value,
        "low": compared.difference.low,
        "high": compared.difference.high,
        "infants": float(len(compared.differences)),
    }
    return Answer(
        study=asked.name,
        comes_to=found.comes_to,
        numbers={name: value for name, value in numbers.items() if isfinite(value)},
        unit=found.measure.unit,
    )


def _finding(asked: LessonStudy, runs: Path) -> Finding | None:
    """The comparison of the two arms; None without a finished run that has it."""
    run = finished_run(runs / asked.name)
    if run is None:
        return None
    try:
        findings = findings_of(run, catalog_of(run))
    except InputError:
        return None
    arms = asked.first, asked.second
    compared = ((one.comparison.first, one.comparison.second) for one in findings)
    return next((one for one, pair in zip(findings, compared, strict=True) if pair == arms), None)
