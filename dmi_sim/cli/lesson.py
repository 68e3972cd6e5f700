"""The commands ``dmi-sim lesson ...``: list lessons, run one live, build one as a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult, command
from dmi_sim.cli.live import DEFAULT_PORT, Host, NoBrowser, Port, serve_page

if TYPE_CHECKING:
    from dmi_sim.spec.lesson import LessonSpec

Lesson = Annotated[str, typer.Argument(help="A file in models/lessons/.")]
Lessons = Annotated[
    list[str] | None, typer.Argument(help="Files in models/lessons/, in the order of a lecture.")
]
Every = Annotated[bool, typer.Option("--all", help="Every lesson, by number.")]
Out = Annotated[
    Path | None,
    typer.Option(help="The page to write. Default: NAME.html, or lecture.html for several."),
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the takes.")]


def list_lessons() -> CommandResult:
    """List the lessons, each with its question."""
    from dmi_sim.live.lesson import all_lessons

    lessons = all_lessons()
    width = max(map(len, lessons), default=0)
    lines = [f"{name:{width}}  {one.words['en'].question}" for name, one in lessons.items()]
    data = {
        name: {
            "number": one.number,
            "title": one.title,
            "question": one.words["en"].question,
            "languages": [*one.words],
            "duration_s": one.duration_s,
        }
        for name, one in lessons.items()
    }
    return CommandResult("\n".join(lines), {"lessons": data})


def run(
    lesson: Lesson,
    port: Port = DEFAULT_PORT,
    host: Host = "127.0.0.1",
    no_browser: NoBrowser = False,
) -> CommandResult:
    """Teach a lesson on the live page: guess, watch, and go on by hand.

    It runs until it is interrupted (Ctrl+C), as dmi-sim live does.
    """
    return serve_page(host, port, opens_browser=not no_browser, lesson=lesson)


def build(
    lessons: Lessons = None, every: Every = False, out: Out = None, seed: Seed = 0
) -> CommandResult:
    """Write lessons as one page that opens from a disk, without a server and without Python.

    Several lessons become a lecture: they follow each other, with a page for notes beside them.
    """
    from dmi_sim.files import write_text
    from dmi_sim.live.film import lecture_html

    chosen = _chosen(lessons or [], every)
    names = [*chosen]
    path = out or Path(f"{names[0] if len(names) == 1 else 'lecture'}.html")
    page = lecture_html(chosen, seed)
    write_text(path, page)
    told = (
        f"{'lesson' if len(names) == 1 else 'lecture'}: {path}, {len(page.encode()) / 1e6:.1f} MB"
    )
    return CommandResult(told, {"lessons": names, "page": path, "seed": seed})


def _chosen(names: Sequence[str], every: bool) -> "dict[str, LessonSpec]":
    """The lessons that are named, or all.

    Raises:
        InputError: If none or both are asked for, or one does not exist.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.live.lesson import all_lessons, load_lesson

    if bool(names) == every:
        raise InputError("lesson build: name one lesson or several, or say --all")
    return all_lessons() if every else {name: load_lesson(name) for name in names}


app = typer.Typer(
    help="Lessons for a class. Simulation, not clinical evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("list")(command(list_lessons))
app.command()(command(run, is_long=True))
app.command()(command(build, is_long=True))
