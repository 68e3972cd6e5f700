"""Sessions that are watched: trial by trial, every arm side by side, with what therapists order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.child.course import Course
from dmi_sim.child.files import read_mark
from dmi_sim.child.programme import programme_of
from dmi_sim.errors import InputError
from dmi_sim.render.series_style import series_styles
from dmi_sim.report.child_story import child_of_each_arm
from dmi_sim.report.labels import lower_first
from dmi_sim.report.programme_question import titles_of
from dmi_sim.report.support_words import support_title
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.child_cells import CHILD_FOLDER, begin_child, refuse_other_files
from dmi_sim.study.courses import course_of, programme_manifest
from dmi_sim.study.programme_plan import ChildCell
from dmi_sim.study.store import cell_folder, check_cells
from dmi_sim.therapy.trial import Trial, TrialRecord

if TYPE_CHECKING:
    from dmi_sim.child.watched import WatchedTrial
    from dmi_sim.page.replay import Recordings

FIRST, AFTER, NOW = "First session", "After all practice", "Next session"


@dataclass(frozen=True)
class WatchedSessions:
    """Sessions of children, and what could not be watched.

    Attributes:
        sessions: Trials by the title of the session and of the arm.
        left_out: A line for each arm that cannot be watched.
    """

    sessions: Mapping[str, Mapping[str, Sequence["WatchedTrial"]]]
    left_out: tuple[str, ...] = ()


def sessions_of_run(run: Path, catalog: Catalog, trials: int) -> WatchedSessions:
    """The same child in every arm: its first session, and one that would come after all practice.

    Args:
        run: Folder of a run of programmes.
        catalog: Source of the files of infants and exercises.
        trials: Trials of each session.

    Raises:
        InputError: If the folder is none of such a run, or no child of it can be watched.
    """
    cells, damaged = _cells(run)
    titles, left_out = titles_of([course for _, _, course in cells]), [*damaged]
    sessions: dict[str, dict[str, Sequence[WatchedTrial]]] = {FIRST: {}, AFTER: {}}
    for folder, cell, _ in cells:
        try:
            refuse_other_files(cell, catalog)
            programme = programme_of(cell.programme, catalog)
            children = begin_child(cell, programme), Child.resume(folder / CHILD_FOLDER, programme)
            first, after = (child.watch(trials) for child in children)
        except InputError as error:
            left_out.append(f"{cell.arm}: {error}")
            continue
        sessions[FIRST][titles[cell.arm]], sessions[AFTER][titles[cell.arm]] = first, after
    if not sessions[FIRST]:
        raise InputError(f"{run}: no child to watch", *left_out)
    return WatchedSessions(sessions, tuple(left_out))


def session_of_child(folder: Path, trials: int) -> WatchedSessions:
    """The session that a child has next.

    Args:
        folder: Folder of the child.
        trials: Trials of the session.

    Raises:
        InputError: If no whole child is there, or no therapist comes to it.
    """
    title = str(read_mark(folder).description.programme.get("title", folder.name))
    return WatchedSessions({NOW: {title: Child.resume(folder).watch(trials)}})


def _cells(run: Path) -> tuple[list[tuple[Path, ChildCell, Course]], tuple[str, ...]]:
    """Folder, cell and course of the child that is watched, arm by arm, and what is damaged."""
    arms, cells = list(programme_manifest(run).spec.arms), check_cells(run)
    found = [
        (folder := cell_folder(run, key), mark.cell, course_of(folder, mark.cell))
        for key, mark in cells.whole.items()
        if isinstance(mark.cell, ChildCell)
    ]
    chosen = child_of_each_arm([course for _, _, course in found], arms)
    watched = [one for one in found if one[2] in chosen]
    return sorted(watched, key=lambda one: arms.index(one[1].arm)), cells.left_out


def recordings_of_sessions(watched: WatchedSessions, catalog: Catalog) -> "Recordings":
    """Sessions as the page replays them: a film for each trial, with all arms side by side.

    Args:
        watched: The sessions.
        catalog: Source of the titles of exercises and hands.
    """
    from dmi_sim.page.replay import Recordings

    arms = list(dict.fromkeys(chain.from_iterable(watched.sessions.values())))
    styles = series_styles(arms)
    clips, shirts, films = {}, dict[str, str](), dict[str, list[str]]()
    for session, by_arm in watched.sessions.items():
        for arm, trials in by_arm.items():
            for number, one in enumerate(trials):
                before = trials[number - 1].record if number else None
                title = _title(arm, number, before, one.record, catalog)
                clips[title], shirts[title] = one.clip, styles[arm].colour
                films.setdefault(f"{session}, trial {number + 1}", []).append(title)
    return Recordings(clips, shirts, films)


def _title(
    arm: str, number: int, before: TrialRecord | None, now: TrialRecord, catalog: Catalog
) -> str:
    """What is seen of an arm in a trial; no two are alike."""
    ordered = order_words(now.trial, catalog)
    changed = change_words(before.trial, now.trial, catalog) if before else "The first trial"
    return f"{arm}, {now.age_months:.1f} months. Trial {number + 1}: {ordered}. {changed}."


def order_words(trial: Trial, catalog: Catalog) -> str:
    """What a therapist orders.

    Args:
        trial: The trial.
        catalog: Source of the titles of exercises and hands.

    >>> order_words(Trial("sitting", "pelvis", 0.5, pushes=True), Catalog.shipped())
    'sitting on the floor, hands at the pelvis, firmness 0.50, with pushes'
    """
    parts = [
        lower_first(catalog.load(ExerciseSpec, trial.exercise).title),
        lower_first(support_title(trial.support, catalog)),
    ]
    if trial.support != "none":
        parts.append(f"firmness {trial.firmness:.2f}")
    return ", ".join([*parts, "with pushes"] if trial.pushes else parts)


def change_words(before: Trial, now: Trial, catalog: Catalog) -> str:
    """What a therapist changes from one trial to the next.

    Args:
        before: The trial before.
        now: This trial.
        catalog: Source of the sites that an exercise offers, from the head down.

    >>> change_words(Trial("sitting", "waist"), Trial("sitting", "pelvis"), Catalog.shipped())
    'Hands go down'
    """
    if before.exercise != now.exercise:
        return "Another exercise"
    sites = catalog.load(ExerciseSpec, now.exercise).supports
    lower = sites.index(now.support) - sites.index(before.support)
    if lower:
        return _moved(before.support, now.support, is_lower=lower > 0)
    if abs(now.firmness - before.firmness) > 0.005:  # less is not seen in two decimals
        return "Hands get firmer" if now.firmness > before.firmness else "Hands get softer"
    return "Once more"


def _moved(before: str, now: str, *, is_lower: bool) -> str:
    if now == "none":
        return "Hands let go"
    if before == "none":
        return "Hands take hold again"
    return "Hands go down" if is_lower else "Hands go up"
