"""Replays of tests and training: stills of each arm, and one 3D scene with all arms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.render.series_style import series_styles
from dmi_sim.render.svg import film_strip_svg
from dmi_sim.report.context import ReportContext, arm_label
from dmi_sim.report.markup import Html, element, paragraph, section
from dmi_sim.report.tables import ReplayName, RunTables, has_replay, read_replay

if TYPE_CHECKING:
    from dmi_sim.physics.scene import Scene
    from dmi_sim.render.clip import Clip
    from dmi_sim.study.plan import Cell


@dataclass(frozen=True)
class ReplayClip:
    """A recording of one infant in one arm.

    Attributes:
        arm: Arm in which it was trained.
        clip: The recording, the body to draw and the furniture around it.
        knows_furniture: Whether the furniture around it is known.
    """

    arm: str
    clip: "Clip"
    knows_furniture: bool


def replay_clips(run: RunTables, name: ReplayName, catalog: Catalog) -> tuple[ReplayClip, ...]:
    """One recording per arm, all of the infant that has most of them, the first of the plan.

    The choice depends on the files that exist, never on results.

    Args:
        run: Tables of the run.
        name: Name of the recording in each cell.
        catalog: Source of the files of infant and exercise, for the furniture.
    """
    by_infant: dict[tuple[str, float, str, int], list[str]] = {}
    for key, record in run.records.items():
        subject = record.cell.subject
        if has_replay(run, key, name):
            infant = (subject.condition, subject.age_months, subject.sex, subject.seed)
            by_infant.setdefault(infant, []).append(key)
    keys = max(by_infant.values(), key=len, default=[])
    return tuple(_clips(run, keys, name, catalog))


def _clips(
    run: RunTables, keys: Sequence[str], name: ReplayName, catalog: Catalog
) -> Iterator[ReplayClip]:
    from dmi_sim.render.clip import Clip, ground_of

    for key in keys:
        cell = run.records[key].cell
        try:
            recording, shapes = read_replay(run, key, name)
            scene = scene_of(cell, catalog)
            clip = Clip(recording, shapes, scene or ground_of(recording))
            yield ReplayClip(cell.arm, clip, scene is not None)
        except InputError:
            continue  # a broken clip is no reason to give no report; the cell itself was read


def scene_of(cell: "Cell", catalog: Catalog) -> "Scene | None":
    """The ground and the furniture of a cell's infant, from the file of its exercise.

    Args:
        cell: The cell.
        catalog: Source of the files of infant and exercise.

    Returns:
        The scene; None if files of infant or exercise have changed since, as it is unknown then.
    """
    from dmi_sim.env.config import EnvConfig, build_env
    from dmi_sim.study.plan import data_sha256

    try:
        now = data_sha256(cell.exercise, cell.subject.condition, catalog)
    except (InputError, OSError):
        return None
    if now != cell.data_sha256:
        return None
    arguments: dict[str, Any] = {**cell.env_arguments}
    return build_env(EnvConfig(cell.exercise, **arguments), catalog).scene


def replay_section(run: RunTables, context: ReportContext, catalog: Catalog) -> Html:
    """The 3D scene of the last test, and stills for readers without WebGL."""
    tests = replay_clips(run, "replay", catalog)
    training = replay_clips(run, "replay_supported", catalog)
    if not (tests or training):
        return section("replay", "See it", paragraph("No recording was kept in this run."))
    return section(
        "replay",
        "See it",
        paragraph(
            "One infant after all practice, the same in every arm: the first in the plan, not the "
            "best. In the test it is alone and pushed; red arrows show the pushes. Drag to "
            "turn the scene, scroll to come closer, play and scrub below it."
        ),
        *_caveat((*tests, *training)),
        _scene(tests, context) if tests else Html(),
        *_strips("The test, in stills", tests, context),
        *_strips("Practice, in stills: the same infant in its hands", training, context),
    )


def _caveat(shown: Sequence[ReplayClip]) -> Iterator[Html]:
    if not all(replay.knows_furniture for replay in shown):
        yield paragraph(
            "Files of infant or exercise have changed since this run: furniture is not drawn, "
            "because it is no longer known."
        )


def _scene(tests: Sequence[ReplayClip], context: ReportContext) -> Html:
    from dmi_sim.render.replay import replay_html

    titles = context.titles
    colours = {titles[arm]: style.colour for arm, style in series_styles(titles).items()}
    page = replay_html({titles[shown.arm]: shown.clip for shown in tests}, colours)
    frame = element("iframe", srcdoc=page, title="3D replay of the last test", loading="lazy")
    return element("div", frame, class_="screen")


def _strips(title: str, shown: Sequence[ReplayClip], context: ReportContext) -> Iterator[Html]:
    if shown:
        yield element("h3", title)
    for replay in shown:
        colour = series_styles(context.titles)[replay.arm].colour
        picture = film_strip_svg(replay.clip, shirt=colour)
        yield element(
            "figure",
            element("figcaption", arm_label(context.titles, replay.arm)),
            Html(picture.replace(' xmlns="http://www.w3.org/2000/svg"', "")),
            class_="strip",
        )
