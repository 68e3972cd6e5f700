"""The command ``dmi-sim replay``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult

if TYPE_CHECKING:
    from dmi_sim.physics.scene import Scene
    from dmi_sim.render.replay import Infants

Watched = Annotated[Path, typer.Argument(help="Folder of a run, or a recording (.npz) in one.")]
Page = Annotated[Path, typer.Option("--out", help="The page to write.")]


def replay(watched: Watched, out: Page = Path("replay.html")) -> CommandResult:
    """Write a page that replays recordings in 3D.

    Of a run it shows the last test of one infant, every arm side by side. The page needs no
    network and opens from a file.
    """
    from dmi_sim.files import write_text
    from dmi_sim.render.replay import replay_html

    infants, shirts = _of_file(watched) if watched.suffix == ".npz" else _of_run(watched)
    write_text(out, replay_html(infants, shirts))
    return CommandResult(f"replay: {out}", {"replay": out, "infants": [*infants]})


def _of_run(run: Path) -> "tuple[Infants, dict[str, str]]":
    """One infant in every arm, and its shirts in the colours of the report.

    Raises:
        InputError: If it is no run, or nothing in it is finished.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.render.series_style import series_styles
    from dmi_sim.report.replays import replay_clips
    from dmi_sim.report.tables import read_run

    tables = read_run(run)
    shirts = {arm: style.colour for arm, style in series_styles(tables.manifest.spec.arms).items()}
    replays = replay_clips(tables, "replay", Catalog.shipped())
    return {shown.arm: shown.clip for shown in replays}, shirts


def _of_file(path: Path) -> "tuple[Infants, dict[str, str]]":
    """A recording, and the body that lies beside it; with furniture if it is one of a run.

    Raises:
        InputError: If either cannot be read.
    """
    from dmi_sim.recording import Recording
    from dmi_sim.render.clip import Clip, ground_of
    from dmi_sim.report.tables import read_shapes
    from dmi_sim.study.store import SHAPES

    shapes = read_shapes(path.parent / SHAPES)
    recording = Recording.load(path)
    return {path.stem: Clip(recording, shapes, _scene_at(path) or ground_of(recording))}, {}


def _scene_at(path: Path) -> "Scene | None":
    """The ground and furniture of a recording that lies in a finished cell of a run."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.report.replays import scene_of
    from dmi_sim.study.store import cell_record, is_committed

    if not is_committed(path.parent):
        return None
    return scene_of(cell_record(path.parent).cell, Catalog.shipped())
