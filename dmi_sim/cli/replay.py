"""The command ``dmi-sim replay``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.page.replay import Recordings
    from dmi_sim.report.watched_sessions import WatchedSessions
    from dmi_sim.study.cell_files import AnyRecord

Watched = Annotated[
    Path,
    typer.Argument(
        help="Folder of a run, a study (its newest run), the folder of a child, or a recording "
        "(.npz)."
    ),
]
Page = Annotated[Path, typer.Option("--out", help="The page to write.")]
Trials = Annotated[
    int, typer.Option(min=1, max=50, help="Trials of each session with a therapist.")
]


def replay(watched: Watched, out: Page = Path("replay.html"), trials: Trials = 6) -> CommandResult:
    """Write a page that replays recordings in 3D, side by side.

    Of a run it shows one infant after all practice, every arm side by side: in its last test, and
    in the hands in which it practised, and each arm alone beside itself in hands.

    Of a run of programmes it shows one child in every arm with its therapist: trials of its first
    session, and of one that would come after all practice; of a child, its next session. There it
    does what it has learnt and learns nothing. The page needs no network and opens from a file.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.child.files import MARK
    from dmi_sim.files import write_text
    from dmi_sim.page.replay import replay_html
    from dmi_sim.report.watched_sessions import session_of_child

    skipped = ()
    if watched.suffix == ".npz":
        shown = _of_file(watched)
    elif (watched / MARK).is_file():
        shown, skipped = _of_sessions(session_of_child(watched, trials), Catalog.shipped())
    else:
        shown, skipped = _of_run(watched, trials)
    write_text(out, replay_html(shown))
    lines = [*(f"left out: {line}" for line in skipped), f"replay: {out}"]
    data = {"replay": out, "infants": [*shown.clips], "skipped": skipped}
    return CommandResult("\n".join(lines), data)


def _of_run(run: Path, trials: int) -> "tuple[Recordings, tuple[str, ...]]":
    """One infant in every arm, alone and in hands, coloured as in the report, and what is left out.

    Raises:
        InputError: If it is no run, or nothing in it is finished.
    """
    from dmi_sim.report.replays import recordings_of, replay_clips
    from dmi_sim.report.tables import read_run
    from dmi_sim.report.watched_sessions import sessions_of_run
    from dmi_sim.spec.programme_study import ProgrammeStudySpec
    from dmi_sim.study.find_run import run_and_catalog
    from dmi_sim.study.store import read_manifest

    found, catalog = run_and_catalog(run)
    if isinstance(read_manifest(found).spec, ProgrammeStudySpec):
        return _of_sessions(sessions_of_run(found, catalog, trials), catalog)
    tables = read_run(found)
    tests, practice = (
        replay_clips(tables, name, catalog) for name in ("replay", "replay_supported")
    )
    held = [one for one in practice.shown if one.in_hands]
    lost = (*tables.skipped, *tests.not_shown, *practice.not_shown)
    return recordings_of(tests.shown, held, tables.manifest.spec.arms), lost


def _of_sessions(
    watched: "WatchedSessions", catalog: "Catalog"
) -> "tuple[Recordings, tuple[str, ...]]":
    """Sessions of children with their therapists, and what is left out."""
    from dmi_sim.report.watched_sessions import recordings_of_sessions

    return recordings_of_sessions(watched, catalog), watched.left_out


def _of_file(path: Path) -> "Recordings":
    """A recording, and the body that lies beside it; with furniture if it is one of a run.

    Raises:
        InputError: If either cannot be read, or the cell that it belongs to is damaged.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.page.replay import Recordings
    from dmi_sim.recording import Recording
    from dmi_sim.render.clip import Clip, ground_of
    from dmi_sim.report.replays import scene_of
    from dmi_sim.report.tables import read_shapes
    from dmi_sim.study.cell_files import SHAPES
    from dmi_sim.study.plan import Cell

    record = _cell_around(path)
    cell = record.cell if record is not None and isinstance(record.cell, Cell) else None
    shapes, recording = read_shapes(path.parent / SHAPES), Recording.load(path)
    scene = scene_of(cell, Catalog.shipped()) if cell else None
    return Recordings({path.stem: Clip(recording, shapes, scene or ground_of(recording))})


def _cell_around(path: Path) -> "AnyRecord | None":
    """The cell that a recording belongs to, once all files of it are known to be whole.

    Raises:
        InputError: If one is not.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.study.cell_files import DamagedCell
    from dmi_sim.study.store import check_cell_in_run

    try:
        return check_cell_in_run(path.parent)
    except DamagedCell as finding:
        raise InputError(f"{path.parent}: a damaged cell, not shown: {finding}") from None
