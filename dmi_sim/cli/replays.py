"""The command that shows what happened: recordings as one page with a 3D scene."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import Answer

if TYPE_CHECKING:
    from dmi_sim.assess.recording import Recording
    from dmi_sim.body.shapes import Shape

    Infant = tuple[Recording, tuple[Shape, ...]]

Watched = Annotated[Path, typer.Argument(help="Folder of a run, or a recording (.npz) in one.")]
Page = Annotated[Path, typer.Option("--out", help="The page to write.")]


def replay(watched: Watched, out: Page = Path("replay.html")) -> Answer:
    """Write a page that replays recordings in 3D.

    Of a run it shows the last policy of every arm side by side, on the same first test. The page
    needs no network and opens from a file.
    """
    from dmi_sim.study.files import write_text
    from dmi_sim.view.replay import replay_html

    infants = dict(_of_file(watched) if watched.suffix == ".npz" else _of_run(watched))
    write_text(out, replay_html(infants))
    return Answer(f"replay: {out}", {"replay": out, "infants": [*infants]})


def _of_file(path: Path) -> "Iterator[tuple[str, Infant]]":
    yield path.stem, _infant(path)


def _of_run(run: Path) -> "Iterator[tuple[str, Infant]]":
    """The first finished cell of each arm, by the name of the arm.

    Raises:
        InputError: If it is no run, or a cell of it is damaged.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.study.store import cell_record, committed
    from dmi_sim.study.tables import UnreadableTable

    seen: set[str] = set()
    for folder in committed(run):
        try:
            arm = cell_record(folder).cell.arm
        except UnreadableTable as finding:
            raise InputError(f"{run}: {finding}") from None
        if arm not in seen:
            seen.add(arm)
            yield arm, _infant(folder / "replay.npz")


def _infant(path: Path) -> "Infant":
    """A recording, and the body that lies beside it.

    Raises:
        InputError: If either cannot be read.
    """
    from pydantic import TypeAdapter, ValidationError

    from dmi_sim.assess.recording import Recording
    from dmi_sim.body.shapes import Shape
    from dmi_sim.errors import InputError

    body = path.parent / "shapes.json"
    try:
        shapes = TypeAdapter(tuple[Shape, ...]).validate_json(body.read_bytes())
    except OSError as error:
        raise InputError(f"{body}: {error.strerror}; a replay needs the body it shows") from None
    except ValidationError as error:
        raise InputError(f"{body}: not a body: {error.error_count()} problems") from None
    return Recording.load(path), shapes
