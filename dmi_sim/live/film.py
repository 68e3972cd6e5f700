"""Lessons as one file that opens from a disk, without a server and without Python.

Browsers load no modules from files, so all scripts stand in an import map as data, and the frames
are embedded. The scripts are those of the live page; only where messages come from differs.
"""

import base64
import gzip
import json
import re
from collections.abc import Mapping

from pydantic import BaseModel

from dmi_sim.live.choices import all_choices
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.lesson import lesson_message, take
from dmi_sim.live.messages import Welcome
from dmi_sim.live.page_files import page_files
from dmi_sim.spec.lesson import LessonSpec

_IMPORT = re.compile(r'from "\.{1,2}/(?:[\w-]+/)*([\w.-]+)"')
_ENTRY = "main.js"


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


def page_with(film: Mapping[str, object]) -> str:
    """The page of the classroom as one file, fed by frames that are in it.

    Args:
        film: What a server would tell, in JSON.
    """
    files = {path: content.decode("utf-8") for path, (_, content) in page_files().items()}
    packed = base64.b64encode(gzip.compress(json.dumps(film).encode(), mtime=0)).decode("ascii")
    words = {
        path.removeprefix("/words/").removesuffix(".json"): json.loads(text)
        for path, text in files.items()
        if path.startswith("/words/")
    }
    replacements = (
        ('<link rel="icon" href="icon.svg">', ""),
        ('<link rel="stylesheet" href="style.css">', f"<style>{files['/style.css']}</style>"),
        ('<script type="module" src="js/main.js"></script>', _scripts(files)),
        ("</body>", f"{_embedded('words', words)}{_embedded('film', packed)}</body>"),
    )
    page = files["/"]
    for old, new in replacements:
        before, found, after = page.partition(old)
        if not found:
            raise AssertionError(f"index.html lacks {old}")
        page = f"{before}{new}{after}"
    return page


def _scripts(files: Mapping[str, str]) -> str:
    """An import map with every script in it, and the one that begins."""
    imports = {
        f"page/{path.rpartition('/')[2]}": _as_data(_IMPORT.sub(r'from "page/\1"', text))
        for path, text in files.items()
        if path.endswith(".js")
    }
    return (
        f'<script type="importmap">{json.dumps({"imports": imports})}</script>'
        f'<script type="module">import "page/{_ENTRY}";</script>'
    )


def _as_data(script: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(script.encode()).decode('ascii')}"


def _embedded(name: str, data: object) -> str:
    """Data in the page; `<` is written so that no text in it ends the element."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script id="{name}" type="application/json">{text}</script>'


def _data(model: BaseModel) -> object:
    return model.model_dump(mode="json")
