"""Replays of tests and training: stills of each arm, and films with all arms side by side.

Each film is titled as what it is: how the infant practised, and in which hands it is now.
"""

from collections.abc import Iterable, Iterator, Sequence
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
    from dmi_sim.page.replay import Recordings
    from dmi_sim.physics.scene import Scene
    from dmi_sim.recording import Recording
    from dmi_sim.render.clip import Clip
    from dmi_sim.spec.study import StudySpec
    from dmi_sim.study.cell_files import CellRecord
    from dmi_sim.study.plan import Cell


LAST_TEST, PRACTICE = "The last test", "The same infant as it practises"
"""Titles of the films with all arms."""
_PICTURES_PER_S = 15
"""Pictures of a second that a report keeps; a film moves smoothly between them."""


@dataclass(frozen=True)
class ReplayClip:
    """A recording of one infant in one arm.

    Attributes:
        arm: Arm in which it was trained.
        practised: How it practised, such as ``hands at the pelvis``.
        title: What the film shows in a few lines, such as ``Practised with``, ``hands at the
            pelvis;``, ``tested alone``.
        infant: The infant in words, with its own sex where a cohort draws it.
        clip: The recording, the body to draw and the furniture around it.
        knows_furniture: Whether the furniture around it is known.
    """

    arm: str
    practised: str
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


def recordings_of(
    tests: Sequence[ReplayClip], practice: Sequence[ReplayClip], arms: Iterable[str]
) -> "Recordings":
    """What a page replays: all arms in the last test, all as they practise, each alone and held.

    Args:
        tests: Clips of the last test.
        practice: Clips of practice.
        arms: All arms, in the order of the study, which gives them their colours.
    """
    from dmi_sim.page.replay import Recordings

    styles, shown = series_styles(arms), (*tests, *practice)
    films = {
        LAST_TEST: [one.title for one in tests],
        PRACTICE: [one.title for one in practice],
        **dict(_alone_and_held(tests, practice)),
    }
    return Recordings(
        {one.title: one.clip for one in shown},
        {one.title: styles[one.arm].colour for one in shown},
        {title: titles for title, titles in films.items() if titles},
    )


def _alone_and_held(
    tests: Sequence[ReplayClip], practice: Sequence[ReplayClip]
) -> Iterator[tuple[str, list[str]]]:
    held = {one.arm: one.title for one in practice if one.in_hands}
    for one in tests:
        if one.arm in held:
            yield f"Alone and held: {one.practised}", [one.title, held[one.arm]]


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
        practised=practised,
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
    """The films of the last test and of practice, and stills for paper and without WebGL."""
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
        _player(recordings_of(tests.shown, training.shown, context.titles)),
        *_stills(LAST_TEST, tests.shown, context),
        *_stills(PRACTICE, training.shown, context),
    )


def _intro(shown: Sequence[ReplayClip], context: ReportContext) -> str:
    pushes = "Red arrows show the pushes. " if any(one.is_pushed for one in shown) else ""
    return (
        f"One infant ({shown[0].infant}) after all practice, the same in every arm: "
        f"the first in the plan, not the best. {pushes}Play with the space bar, move through time "
        "with the bar below, drag an infant to turn all, choose a film above."
    )


def _caveat(shown: Sequence[ReplayClip]) -> Iterator[Html]:
    if not all(replay.knows_furniture for replay in shown):
        yield paragraph(
            "Files of infant or exercise have changed since this run: furniture is not drawn, "
            "because it is no longer known."
        )


def _stills(title: str, shown: Sequence[ReplayClip], context: ReportContext) -> Iterator[Html]:
    """A heading and the stills of films of one kind."""
    if shown:
        yield element("h3", title)
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


def _player(recordings: "Recordings") -> Html:
    """All films as a page within the report."""
    from dmi_sim.page.replay import replay_html

    page = replay_html(recordings, pictures_per_s=_PICTURES_PER_S, language="en", plays=False)
    frame = element("iframe", srcdoc=page, title="Films", loading="lazy")
    return element("div", frame, class_="screen")
