"""Lessons as one file that opens from a disk, without a server and without Python."""

from collections.abc import Mapping

from pydantic import BaseModel

from dmi_sim.live.choices import all_choices
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.lesson import lesson_message, take
from dmi_sim.live.messages import Welcome
from dmi_sim.page.one_file import page_with
from dmi_sim.spec.lesson import LessonSpec


def lecture_html(lessons: Mapping[str, LessonSpec], seed: int = 0) -> str:
    """A page that shows one take of each lesson, to guess at, to watch and to watch again.

    Several lessons follow each other, and a page for notes is beside them.

    Args:
        lessons: Lessons by name, in the order in which they are taught.
        seed: Seed of the takes.
    """
    welcome = _data(Welcome(role="teacher", choices=all_choices()))
    parts = [_part(name, lesson, seed) for name, lesson in lessons.items()]
    return page_with({"welcome": welcome, "lessons": parts})


def _part(name: str, lesson: LessonSpec, seed: int) -> dict[str, object]:
    """All that the page is told of a lesson."""
    classroom = Classroom(lesson=lesson, seed=seed)
    try:
        return {
            "setup": _data(classroom.setup()),
            "scenes": [_data(scene) for scene in classroom.scenes()],
            "lesson": _data(lesson_message(name, lesson)),
            "frames": [_data(frame) for frame in take(classroom, lesson.duration_s)],
        }
    finally:
        classroom.close()


def _data(model: BaseModel) -> object:
    return model.model_dump(mode="json")
