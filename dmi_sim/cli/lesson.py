"""The commands ``dmi-sim lesson ...``: list lessons, run one live, build one as a file."""

from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult, command
from dmi_sim.cli.live import DEFAULT_PORT, Host, NoBrowser, Port, serve_page

Lesson = Annotated[str, typer.Argument(help="A file in models/lessons/.")]
Out = Annotated[Path | None, typer.Option(help="The page to write. Default: NAME.html.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the take.")]


def list_lessons() -> CommandResult:
    """List the lessons, each with its question."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.lesson import LessonSpec

    catalog = Catalog.shipped()
    lessons = {name: catalog.load(LessonSpec, name) for name in catalog.names(LessonSpec)}
    width = max(map(len, lessons), default=0)
    lines = [f"{name:{width}}  {one.words['en'].question}" for name, one in lessons.items()]
    data = {
        name: {
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


def build(lesson: Lesson, out: Out = None, seed: Seed = 0) -> CommandResult:
    """Write a lesson as one page that opens from a disk, without a server and without Python."""
    from dmi_sim.files import write_text
    from dmi_sim.live.film import lesson_html
    from dmi_sim.live.lesson import load_lesson

    path = out or Path(f"{lesson}.html")
    page = lesson_html(lesson, load_lesson(lesson), seed)
    write_text(path, page)
    megabytes = len(page.encode()) / 1e6
    return CommandResult(
        f"lesson: {path}, {megabytes:.1f} MB", {"lesson": lesson, "page": path, "seed": seed}
    )


app = typer.Typer(
    help="Lessons for a class. Simulation, not clinical evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("list")(command(list_lessons))
app.command()(command(run, is_long=True))
app.command()(command(build, is_long=True))
