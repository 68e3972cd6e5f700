"""Lessons: takes of both infants, and the points of a lesson as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.infant import LiveInfant, make_body
from dmi_sim.live.measures import PlayedTake, measure_of
from dmi_sim.live.messages import BOTH, Frame, LessonMessage, Who
from dmi_sim.live.study_answer import study_answer
from dmi_sim.spec.lesson import LessonPoint, LessonSpec
from dmi_sim.study.run_setup import RUNS


def load_lesson(name: str) -> LessonSpec:
    """A lesson by its name.

    Raises:
        InputError: If there is none, its file is not right, or it names an unknown measure.
    """
    lesson = Catalog.shipped().load(LessonSpec, name)
    for point in lesson.points:
        measure_of(point.measure)
    return lesson


def all_lessons() -> dict[str, LessonSpec]:
    """All lessons by name, in the order of a lecture.

    Raises:
        InputError: If a file is not right.
    """
    lessons = [(name, load_lesson(name)) for name in Catalog.shipped().names(LessonSpec)]
    return dict(sorted(lessons, key=lambda one: (one[1].number, one[0])))


def lesson_message(name: str, lesson: LessonSpec, runs: Path = RUNS) -> LessonMessage:
    """What the page is told of a lesson.

    Args:
        name: Its name.
        lesson: The lesson.
        runs: Folder with the runs of studies.
    """
    answer = study_answer(lesson.study, runs) if lesson.study else None
    return LessonMessage(name=name, words=lesson.words, duration_s=lesson.duration_s, answer=answer)


def take(classroom: Classroom, duration_s: float) -> list[Frame]:
    """The frames of a take from where a classroom is now, its start among them.

    Args:
        classroom: Both infants at the start.
        duration_s: Duration [s].
    """
    frames = [classroom.frame()]
    for _ in range(round(duration_s * classroom.control_hz)):
        classroom.advance()
        frames.append(classroom.frame())
    return frames


@dataclass(frozen=True)
class SeenPoint:
    """What one point of a lesson comes to over some starts.

    Attributes:
        point: The point.
        mean: Mean of its measure of each infant, in its unit.
    """

    point: LessonPoint
    mean: dict[Who, float]

    @property
    def holds(self) -> bool:
        """Whether it comes to what the lesson says."""
        a_over_b = self.mean["a"] - self.mean["b"]
        if self.point.same_within is not None:
            return abs(a_over_b) <= self.point.same_within
        more = a_over_b if self.point.more == "a" else -a_over_b
        return more >= (self.point.by_at_least or 0.0)


def seen_points(lesson: LessonSpec, seeds: Sequence[int]) -> tuple[SeenPoint, ...]:
    """Play a lesson from some starts and compute its points.

    Args:
        lesson: The lesson.
        seeds: Seeds of the starts, noise and pushes.
    """
    played = {who: _takes(who, lesson, seeds) for who in BOTH}
    return tuple(
        SeenPoint(point, {who: _mean(point.measure, played[who]) for who in BOTH})
        for point in lesson.points
    )


def _takes(who: Who, lesson: LessonSpec, seeds: Sequence[int]) -> list[PlayedTake]:
    """A take of an infant from each start; only to the fall where nothing later counts.

    One start is enough where the lesson is about the body alone.
    """
    measures = [measure_of(point.measure) for point in lesson.points]
    is_whole = any(measure.at_end for measure in measures)
    if all(measure.of_body for measure in measures):
        seeds = seeds[:1]
    infant = LiveInfant(who, make_body(lesson.infants[who]), 0, lesson.duration_s)
    takes: list[PlayedTake] = []
    for seed in seeds:
        infant.reset(seed)
        while infant.time_s < lesson.duration_s - 1e-6 and (is_whole or not infant.has_fallen):
            infant.step()
        takes.append(infant.played())
    infant.close()
    return takes


def _mean(measure: str, takes: Sequence[PlayedTake]) -> float:
    return fsum(measure_of(measure).value(one) for one in takes) / len(takes)
