"""Replays of tests and training: stills of each arm, and 3D scenes with all arms.

Each film is titled as what it is: how the infant practised, and in which hands it is now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.provenance import fingerprint
from dmi_sim.render.series_style import series_styles
from dmi_sim.render.svg import film_strip_svg
from dmi_sim.report.context import ReportContext, arm_label
from dmi_sim.report.findings import group_of
from dmi_sim.report.group_titles import group_titles
from dmi_sim.report.labels import arm_titles, lower_first
from dmi_sim.report.markup import Html, element, paragraph, section
from dmi_sim.report.support_words import support_title
from dmi_sim.report.tables import ReplayName, RunTables, has_replay, read_replay

if TYPE_CHECKING:
    from dmi_sim.physics.scene import Scene
    from dmi_sim.recording import Recording
    from dmi_sim.render.clip import Clip
    from dmi_sim.spec.study import StudySpec
    from dmi_sim.study.cell_files import CellRecord
    from dmi_sim.study.plan import Cell


@dataclass(frozen=True)
class ReplayClip:
    """A recording of one infant in one arm.

    Attributes:
        arm: Arm in which it was trained.
        title: What the film shows in a few lines, such as ``Practised with``, ``hands at the
            pelvis;``, ``tested alone``.
        infant: The infant in words, with its own sex where a cohort draws it.
        clip: The recording, the body to draw and the furniture around it.
        knows_furniture: Whether the furniture around it is known.
    """

    arm: str
    title: str
    infant: str
    clip: "Clip"
    knows_furniture: bool

    @property
    def in_hands(self) -> bool:
        """Whether hands held the infant at some time."""
        return bool(held_sites(self.clip.recording))

    @property
    def is_pushed(self) -> bool:
        """Whether a push came before the end."""
        return bool(self.clip.recording.push_force_world.any())


@dataclass(frozen=True)
class ReplayClips:
    """Recordings of one infant, one per arm.

    Attributes:
        shown: Those that can be shown, in planned order of the arms.
        not_shown: One line for each that cannot be read.
    """

    shown: tuple[ReplayClip, ...]
    not_shown: tuple[str, ...]


def replay_clips(run: RunTables, name: ReplayName, catalog: Catalog) -> ReplayClips:
    """One recording per arm, all of the infant that has most of them, the first of the plan.

    The choice depends on the files that exist, never on results. Of an infant that practised
    several doses in an arm, the largest is shown.

    Args:
        run: Tables of the run.
        name: Name of the recording in each cell.
        catalog: Source of the files of infant and exercise, for furniture and titles.
    """
    by_infant: dict[str, dict[str, CellRecord]] = {}
    for key, record in run.records.items():
        if has_replay(run, key, name):
            arm, subject = record.cell.arm, record.cell.subject
            arms = by_infant.setdefault(fingerprint([subject.model_dump(mode="json")]), {})
            arms[arm] = max((arms.get(arm, record), record), key=_dose_steps)
    records = max(by_infant.values(), key=len, default={})
    clips = tuple(_clip_or_reason(run, record, name, catalog) for record in records.values())
    return ReplayClips(
        tuple(clip for clip in clips if isinstance(clip, ReplayClip)),
        tuple(reason for reason in clips if isinstance(reason, str)),
    )


def _dose_steps(record: "CellRecord") -> int:
    return record.cell.schedule.evaluation_steps[-1]


def _clip_or_reason(
    run: RunTables, record: "CellRecord", name: ReplayName, catalog: Catalog
) -> ReplayClip | str:
    """A clip, or why there is none: that is no reason to give no report."""
    from dmi_sim.render.clip import Clip, ground_of

    cell = record.cell
    try:
        recording, shapes = read_replay(run, record.key, name)
        scene = scene_of(cell, catalog)
    except InputError as error:
        return f"{cell.label}: {error}"
    practised = lower_first(arm_titles(run.manifest.spec.arms, catalog)[cell.arm])
    return ReplayClip(
        arm=cell.arm,
        title=f"Practised with\n{practised};\n{_shown(recording, name, catalog)}",
        infant=_infant_title(cell, run.manifest.spec, catalog),
        clip=Clip(recording, shapes, scene or ground_of(recording)),
        knows_furniture=scene is not None,
    )


def _infant_title(cell: "Cell", study: "StudySpec", catalog: Catalog) -> str:
    group = replace(group_of(cell.identity, study), sex=cell.subject.sex)
    return group_titles([group], study.conditions, catalog)[group]


def _shown(recording: "Recording", name: ReplayName, catalog: Catalog) -> str:
    """What a film shows, from what held the infant in it."""
    if name == "replay_supported":
        return "here in these hands" if held_sites(recording) else "here alone"
    sites = (lower_first(support_title(site, catalog)) for site in held_sites(recording))
    hands = ", then ".join(sites)
    return f"tested with {hands}" if hands else "tested alone"


def held_sites(recording: "Recording") -> tuple[str, ...]:
    """The supports that held the infant in a recording, in their order; a limp hand holds none."""
    holds = (recording.support_site != "none") & (recording.support_strength > 0)
    return tuple(dict.fromkeys(recording.support_site[holds].tolist()))


def scene_of(cell: "Cell", catalog: Catalog) -> "Scene | None":
    """The ground and the furniture of a cell's infant, from the file of its exercise.

    Args:
        cell: The cell.
        catalog: Source of the files of infant and exercise.

    Returns:
        The scene; None if files of infant or exercise have changed since, as it is unknown then.
    """
    from dmi_sim.env.config import EnvConfig, build_env
    from dmi_sim.study.sources import data_sha256

    try:
        now = data_sha256(cell.exercise, cell.subject.condition, catalog)
    except (InputError, OSError):
        return None
    if now != cell.data_sha256:
        return None
    arguments: dict[str, Any] = {**cell.env_arguments}
    return build_env(EnvConfig(cell.exercise, **arguments), catalog).scene


def replay_section(run: RunTables, context: ReportContext, catalog: Catalog) -> Html:
    """The 3D scenes of the last test and of practice, and stills for readers without WebGL."""
    tests = replay_clips(run, "replay", catalog)
    training = replay_clips(run, "replay_supported", catalog)
    shown, lost = (*tests.shown, *training.shown), (*tests.not_shown, *training.not_shown)
    missing = [paragraph(f"Not shown: {line}", class_="warning") for line in lost]
    if not shown:
        none = paragraph("No recording can be shown." if lost else "No recording was kept.")
        return section("replay", "See it", none, *missing)
    return section(
        "replay",
        "See it",
        paragraph(_intro(shown, context)),
        *missing,
        *_caveat(shown),
        *_films("The last test", tests.shown, context),
        *_films("Beside it the same infant as it practises", training.shown, context),
    )


def _intro(shown: Sequence[ReplayClip], context: ReportContext) -> str:
    pushes = "Red arrows show the pushes. " if any(one.is_pushed for one in shown) else ""
    return (
        f"One infant ({shown[0].infant}) after all practice, the same in every arm: "
        f"the first in the plan, not the best. {pushes}Drag to turn a scene, scroll to come "
        "closer, play and scrub below it."
    )


def _caveat(shown: Sequence[ReplayClip]) -> Iterator[Html]:
    if not all(replay.knows_furniture for replay in shown):
        yield paragraph(
            "Files of infant or exercise have changed since this run: furniture is not drawn, "
            "because it is no longer known."
        )


def _films(title: str, shown: Sequence[ReplayClip], context: ReportContext) -> Iterator[Html]:
    """A heading, the 3D scene and the stills of films of one kind."""
    if shown:
        yield element("h3", title)
        yield _scene(title, shown, context)
    for replay in shown:
        colour = series_styles(context.titles)[replay.arm].colour
        picture = film_strip_svg(replay.clip, shirt=colour)
        done = replay.title.rpartition("\n")[2]
        yield element(
            "figure",
            element("figcaption", arm_label(context.titles, replay.arm), f": {done}"),
            Html(picture.replace(' xmlns="http://www.w3.org/2000/svg"', "")),
            class_="strip",
        )


def _scene(title: str, shown: Sequence[ReplayClip], context: ReportContext) -> Html:
    from dmi_sim.render.replay import replay_html

    styles = series_styles(context.titles)
    colours = {one.title: styles[one.arm].colour for one in shown}
    page = replay_html({one.title: one.clip for one in shown}, colours)
    frame = element("iframe", srcdoc=page, title=title, loading="lazy")
    return element("div", frame, class_="screen")
