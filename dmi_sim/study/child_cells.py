"""Run one cell of a study of programmes: let a child live, and assess it on the way.

The child is saved after each session of practice, so a cell that was stopped loses a session or an
assessment at most, and ends with the same files as one that was never stopped. All but the log and
the times in the commit mark follow from the cell alone.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment
from dmi_sim.child.child import Child
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.programme import Programme, programme_of
from dmi_sim.errors import InputError
from dmi_sim.files import remove_partial_files, write_json
from dmi_sim.study.cell_files import WORK, CellTiming, append_log, commit
from dmi_sim.study.child_columns import CHILD_TABLES
from dmi_sim.study.child_rows import assessment_rows, session_rows, trial_rows
from dmi_sim.study.kept_assessments import keep_assessment, kept_assessment, plain_assessment
from dmi_sim.study.programme_plan import ChildCell
from dmi_sim.study.progress import OnCell, ignore_cell
from dmi_sim.study.sources import child_data_sha256
from dmi_sim.study.tables import write_table
from dmi_sim.training.bundle import POLICY, read_bundle_manifest
from dmi_sim.training.library import policy_folder

CHILD_FOLDER, ASSESSMENTS = "child", "assessments.json"
_ASSESSMENT_SESSIONS = 5
"""Weight of an assessment in the progress of a cell [sessions]."""


def run_child(
    cell: ChildCell, folder: Path, on_cell: OnCell = ignore_cell, *, catalog: Catalog
) -> Path:
    """Let one child live under one programme, and assess it.

    Args:
        cell: The child, its programme and when it is assessed.
        folder: Existing folder for the files; it may hold files of an earlier attempt.
        on_cell: Called as the cell advances.
        catalog: Source of the files of infants and exercises.

    Returns:
        The folder, with the commit mark.

    Raises:
        InputError: If files of infants or exercises are no longer those of the plan.
    """
    started_s = time.monotonic()
    refuse_other_files(cell, catalog)
    programme = programme_of(cell.programme, catalog)
    (folder / WORK).mkdir(exist_ok=True)
    remove_partial_files(folder)
    child = _child(cell, programme, folder)
    life = _Life(cell, folder, child, on_cell, _session_count(cell, programme))
    found = [_assessment(life, number) for number in _assessments(life)]
    practised_s = time.monotonic() - started_s
    _write_files(life, found)
    timing = CellTiming(
        wall_s=time.monotonic() - started_s,
        training_wall_s=practised_s,
        dose_h=child.diary.practice_hours,
    )
    commit(cell, folder, timing)
    shutil.rmtree(folder / WORK)
    return folder


def begin_child(cell: ChildCell, programme: Programme) -> Child:
    """The child of a cell before its first session.

    Args:
        cell: The cell.
        programme: Its programme.

    Raises:
        InputError: If the child, or the policy that it begins with, cannot be made.
    """
    subject = cell.subject
    who: dict[str, Any] = {
        "sex": subject.sex,
        "condition": subject.condition,
        "severity": subject.severity,
        "condition_options": subject.condition_options,
        "length_z": subject.length_z,
        "weight_z": subject.weight_z,
    }
    return Child.from_spec(
        subject.age_months,
        cell.seed,
        programme,
        **who,
        begins_with=None if cell.begins_with is None else cell.begins_with.policy,
        brain=cell.brain,
        adaptation=cell.adaptation,
        plasticity=cell.plasticity,
    )


@dataclass(frozen=True)
class _Life:
    """A cell and its child while it runs."""

    cell: ChildCell
    folder: Path
    child: Child
    on_cell: OnCell
    sessions: int
    """Sessions of its whole life."""


def refuse_other_files(cell: ChildCell, catalog: Catalog) -> None:
    """Refuse to go on with a child whose files are no longer those of the plan.

    Args:
        cell: The cell of the child.
        catalog: Source of the files of infants and exercises.

    Raises:
        InputError: If files of infants, exercises or of the policy that it begins with changed.
    """
    if child_data_sha256(cell.subject.condition, catalog) != cell.data_sha256:
        raise InputError(f"{cell.label}: files in models or envs changed since the study began")
    begins_with = cell.begins_with
    if begins_with is None:
        return
    bundle = policy_folder(begins_with.policy)
    if read_bundle_manifest(bundle).files_sha256[POLICY] != begins_with.sha256:
        raise InputError(f"{cell.label}: {begins_with.policy} changed since the study began")


def _child(cell: ChildCell, programme: Programme, folder: Path) -> Child:
    """The child of an earlier attempt, or else one before its first session."""
    begun = begin_child(cell, programme)
    home = folder / CHILD_FOLDER
    if not home.exists():
        return begun
    try:
        child = Child.resume(home, programme)
        lost = _lost(cell, child, folder)
        reason = f"assessments {lost} are missing or damaged" if lost else ""
        if child.description != begun.description:
            reason = "another child lies there"
    except InputError as error:
        child, reason = begun, str(error)
    if reason:
        append_log(folder, f"begins again: {reason}")
        shutil.rmtree(home)
        shutil.rmtree(folder / WORK)
        (folder / WORK).mkdir()
        return begun
    return child


def _lost(cell: ChildCell, child: Child, folder: Path) -> list[int]:
    """Assessments that fell due before the present, and which are not there."""
    has_begun = child.week_has_begun
    past = [
        number
        for number, week in enumerate(cell.assessed_in_weeks)
        if week < child.week or (week == child.week and has_begun)
    ]
    return [number for number in past if kept_assessment(folder / WORK, number) is None]


def _assessments(life: _Life) -> Iterator[int]:
    """Live on from one assessment to the next, and yield the number of each when it is due."""
    cell, child = life.cell, life.child
    for number, week in enumerate(cell.assessed_in_weeks):
        if child.week < week:
            child.run(week - child.week, life.folder / CHILD_FOLDER, lambda one: _tell(life, one))
        append_log(life.folder, f"assessment {number + 1} before week {week}")
        yield number
    if cell.pause_weeks:
        append_log(life.folder, f"assessment after a pause of {cell.pause_weeks} weeks")
        yield len(cell.assessed_in_weeks)


def _tell(life: _Life, entry: SessionEntry) -> None:
    """Tell how far the child has come."""
    made = sum(week <= entry.week for week in life.cell.assessed_in_weeks)
    share = _share(life, entry.number + 1, made)
    life.on_cell(share, f"week {entry.week + 1} of {life.cell.weeks}")


def _share(life: _Life, sessions: int, assessments: int) -> float:
    """Share of a life that is over, after so many sessions and assessments."""
    count = _assessment_count(life.cell)
    total = life.sessions + count * _ASSESSMENT_SESSIONS
    return (sessions + assessments * _ASSESSMENT_SESSIONS) / total


def _assessment_count(cell: ChildCell) -> int:
    return len(cell.assessed_in_weeks) + bool(cell.pause_weeks)


def _session_count(cell: ChildCell, programme: Programme) -> int:
    age_months = cell.subject.age_months
    return sum(len(programme.sessions(age_months, week)) for week in range(cell.weeks))


def _assessment(life: _Life, number: int) -> Assessment:
    """An assessment, read from an earlier attempt if it was made there."""
    work, cell = life.folder / WORK, life.cell
    kept = kept_assessment(work, number)
    if kept is not None:
        return kept
    is_retention = number == len(cell.assessed_in_weeks)
    pause_weeks = cell.pause_weeks if is_retention else 0
    found = life.child.assess(cell.trials, pause_weeks, cell.parts)
    keep_assessment(work, number, found)
    share = _share(life, len(life.child.diary), number + 1)
    life.on_cell(share, f"assessment {number + 1} of {_assessment_count(cell)}")
    return found


def _write_files(life: _Life, assessments: list[Assessment]) -> None:
    cell, folder, child = life.cell, life.folder, life.child
    child.save(folder / CHILD_FOLDER)
    write_json(folder / ASSESSMENTS, [plain_assessment(one) for one in assessments])
    has_retention = bool(cell.pause_weeks)
    rows = {
        "sessions": session_rows(cell.identity, child.diary),
        "trials": trial_rows(cell.identity, child.diary),
        "assessments": assessment_rows(cell.identity, assessments, has_retention=has_retention),
    }
    for table, own in rows.items():
        write_table(folder / f"{table}.parquet", CHILD_TABLES[table], list(own))
