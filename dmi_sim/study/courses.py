"""The courses of the children of a run, every file compared with its hash."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter

from dmi_sim.child.course import Course
from dmi_sim.child.diary import SessionEntry
from dmi_sim.child.files import DIARY, read_mark
from dmi_sim.errors import InputError
from dmi_sim.files import write_json
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.child_cells import ASSESSMENTS, CHILD_FOLDER
from dmi_sim.study.child_columns import CHILD_TABLES, child_dictionary
from dmi_sim.study.child_rows import child_summary_rows
from dmi_sim.study.kept_assessments import Plain, assessment_of
from dmi_sim.study.programme_plan import ChildCell
from dmi_sim.study.run_manifest import RunManifest
from dmi_sim.study.store import (
    COLUMNS,
    SUMMARY,
    CheckedCells,
    cell_folder,
    check_cells,
    read_manifest,
)
from dmi_sim.study.tables import write_table

_LIST = TypeAdapter(list[Plain])


@dataclass(frozen=True)
class ReadCourses:
    """The courses of a run, and what had to be left out.

    Attributes:
        courses: Courses of all finished cells that are whole, in planned order.
        left_out: One line for each cell that is damaged.
    """

    courses: tuple[Course, ...]
    left_out: tuple[str, ...]


def programme_manifest(run: Path) -> RunManifest[ProgrammeStudySpec]:
    """The manifest of a run of programmes.

    Args:
        run: Folder of the run.

    Raises:
        InputError: If the folder is not one of a run, its manifest is damaged, or the study is one
            of an exercise.
    """
    manifest = read_manifest(run)
    if not isinstance(manifest.spec, ProgrammeStudySpec):
        raise InputError(f"{run}: a study of the exercise {manifest.spec.exercise}, so no courses")
    return cast("RunManifest[ProgrammeStudySpec]", manifest)


def courses(run: Path) -> tuple[Course, ...]:
    """The courses of all children of a run that are finished and whole, in planned order.

    Args:
        run: Folder of a run of programmes, finished or not.

    Raises:
        InputError: If it is none, or its manifest is damaged.
    """
    return read_courses(run).courses


def read_courses(run: Path) -> ReadCourses:
    """The courses of a run, and the cells that are damaged.

    Args:
        run: Folder of a run of programmes, finished or not.

    Raises:
        InputError: If it is none, or its manifest is damaged.
    """
    programme_manifest(run)
    cells = check_cells(run)
    return ReadCourses(_courses(run, cells), cells.left_out)


def _courses(run: Path, cells: CheckedCells) -> tuple[Course, ...]:
    return tuple(
        course_of(cell_folder(run, key), record.cell)
        for key, record in cells.whole.items()
        if isinstance(record.cell, ChildCell)
    )


def course_of(folder: Path, cell: ChildCell) -> Course:
    """The course of the child of a cell whose files are whole.

    Args:
        folder: Folder of the cell.
        cell: The cell.
    """
    plain = _LIST.validate_json((folder / ASSESSMENTS).read_bytes())
    found = tuple(map(assessment_of, plain))
    made = len(cell.assessed_in_weeks)
    home = folder / CHILD_FOLDER
    diary = sorted((home / DIARY).glob("*.json"))
    return Course(
        arm=cell.arm,
        child=cell.subject.seed,
        who=read_mark(home).description.body(week=0),
        programme=cell.programme,
        sessions=tuple(SessionEntry.model_validate_json(path.read_bytes()) for path in diary),
        assessments=found[:made],
        retention=found[made] if len(found) > made else None,
    )


def write_child_summary(run: Path) -> tuple[str, ...]:
    """Write ``summary.parquet`` and ``columns.json`` from the whole cells of a run of programmes.

    Args:
        run: Folder of the run.

    Returns:
        The cells that had to be left out, one line each.
    """
    cells = check_cells(run)
    rows = [
        row
        for key, record in cells.whole.items()
        if isinstance(record.cell, ChildCell)
        for course in (course_of(cell_folder(run, key), record.cell),)
        for row in child_summary_rows(
            record.cell.identity, course.sessions, course.assessments, course.retention
        )
    ]
    write_table(run / SUMMARY, CHILD_TABLES["summary"], rows)
    write_json(run / COLUMNS, child_dictionary())
    return cells.left_out
