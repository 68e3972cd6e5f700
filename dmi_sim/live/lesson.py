"""Lessons: takes of both infants, and the point of a lesson as a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from dmi_sim.catalog import Catalog
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.messages import BOTH, Frame, LessonMessage, Who
from dmi_sim.spec.lesson import LessonSpec


def load_lesson(name: str) -> LessonSpec:
    """A lesson by its name.

    Raises:
        InputError: If there is none, or its file is not right.
    """
    return Catalog.shipped().load(LessonSpec, name)


def lesson_message(name: str, lesson: LessonSpec) -> LessonMessage:
    """What the page is told of a lesson."""
    return LessonMessage(name=name, words=lesson.words, duration_s=lesson.duration_s)


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


def seconds_up(frames: Sequence[Frame], who: Who) -> float:
    """Time until an infant fell, or the whole take [s]."""
    fell_at_s = frames[-1].infants[who].fell_at_s
    return frames[-1].time_s if fell_at_s is None else fell_at_s


@dataclass(frozen=True)
class SeenPoint:
    """What a lesson shows over some starts.

    Attributes:
        up_s: Mean time up of each infant [s].
        longer_by_s: By how much the one who should stays up longer, on average [s].
    """

    up_s: dict[Who, float]
    longer_by_s: float


def seen_point(lesson: LessonSpec, seeds: Sequence[int]) -> SeenPoint:
    """Play a lesson from some starts and compute its point.

    Args:
        lesson: The lesson.
        seeds: Seeds of the starts, noise and pushes.
    """
    classroom = Classroom(lesson.infants)
    up: dict[Who, list[float]] = {"a": [], "b": []}
    try:
        for seed in seeds:
            classroom.begin(seed)
            frames = take(classroom, lesson.duration_s)
            for who in BOTH:
                up[who].append(seconds_up(frames, who))
    finally:
        classroom.close()
    means: dict[Who, float] = {who: fsum(times) / len(times) for who, times in up.items()}
    longer = lesson.point.longer
    shorter: Who = "b" if longer == "a" else "a"
    return SeenPoint(means, means[longer] - means[shorter])
