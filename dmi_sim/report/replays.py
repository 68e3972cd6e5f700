"""What practice and tests looked like: stills of each arm, and one 3D scene with all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmi_sim.errors import InputError
from dmi_sim.report.markup import Html, element, paragraph, section
from dmi_sim.render.series_style import looks
from dmi_sim.render.svg import film_strip_svg
from dmi_sim.report.context import Story, arm_label
from dmi_sim.report.tables import ReplayName, RunTables, has_replay, read_replay

if TYPE_CHECKING:
    from dmi_sim.physics.scene import Scene
    from dmi_sim.study.plan import Cell
    from dmi_sim.render.clip import Take


@dataclass(frozen=True)
class Film:
    """A recording of one infant in one arm.

    Attributes:
        arm: The hands in which it practised.
        take: What happened, the body to draw and what was around it.
        knows_furniture: Whether it is known what was around it.
    """

    arm: str
    take: "Take"
    knows_furniture: bool


def films(run: RunTables, name: ReplayName) -> tuple[Film, ...]:
    """One recording per arm, all of the same infant: the first in the plan that has most of them.

    The choice looks at which files there are, never at how it went.
    """
    by_infant: dict[tuple[str, float, str, int], list[str]] = {}
    for key, record in run.records.items():
        who = record.cell.subject
        if has_replay(run, key, name):
            infant = (who.condition, who.age_months, who.sex, who.seed)
            by_infant.setdefault(infant, []).append(key)
    return tuple(_films(run, max(by_infant.values(), key=len, default=[]), name))


def _films(run: RunTables, keys: Sequence[str], name: ReplayName) -> Iterator[Film]:
    from dmi_sim.render.clip import Take, ground_of

    for key in keys:
        cell = run.records[key].cell
        try:
            recording, shapes = read_replay(run, key, name)
            scene = scene_of(cell)
            take = Take(recording, shapes, scene or ground_of(recording))
            yield Film(cell.arm, take, scene is not None)
        except InputError:
            continue  # a broken film is no reason to give no report; the cell itself was read


def scene_of(cell: "Cell") -> "Scene | None":
    """What the infant of a cell was put on and beside, as the file of its exercise says.

    Returns:
        None if files of infant or exercise are no longer those that the cell ran with: then nobody
        knows what stood there.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.env.config import Choices, prepare
    from dmi_sim.study.plan import fingerprint, sources

    try:
        now = fingerprint(sources(cell.environment, cell.subject.condition, Catalog.shipped()))
    except (InputError, OSError):
        return None
    arguments: dict[str, Any] = {**cell.env_arguments}
    return (
        prepare(Choices(cell.environment, **arguments)).scene if now == cell.data_sha256 else None
    )


def replay(run: RunTables, story: Story) -> Html:
    """The 3D scene of the last test, and stills for those who cannot see it."""
    tests, practice = films(run, "replay"), films(run, "replay_supported")
    if not (tests or practice):
        return section("replay", "See it", paragraph("No recording was kept in this run."))
    return section(
        "replay",
        "See it",
        paragraph(
            "One infant after all practice, the same in every arm: the first in the plan, not the "
            "best. In the test it is alone and pushed; red arrows show the pushes. Drag to "
            "turn the scene, scroll to come closer, play and scrub below it."
        ),
        *_caveat((*tests, *practice)),
        _scene(tests, story) if tests else Html(),
        *_strips("The test, in stills", tests, story),
        *_strips("Practice, in stills: the same infant in its hands", practice, story),
    )


def _caveat(shown: Sequence[Film]) -> Iterator[Html]:
    if not all(film.knows_furniture for film in shown):
        yield paragraph(
            "Files of infant or exercise have changed since this run: furniture is not drawn, "
            "because it is no longer known."
        )


def _scene(tests: Sequence[Film], story: Story) -> Html:
    from dmi_sim.render.replay import replay_html

    colours = {story.titles[arm]: look.colour for arm, look in looks(story.titles).items()}
    page = replay_html({story.titles[film.arm]: film.take for film in tests}, colours)
    frame = element("iframe", srcdoc=page, title="3D replay of the last test", loading="lazy")
    return element("div", frame, class_="screen")


def _strips(title: str, shown: Sequence[Film], story: Story) -> Iterator[Html]:
    if shown:
        yield element("h3", title)
    for film in shown:
        colour = looks(story.titles)[film.arm].colour
        picture = film_strip_svg(film.take, shirt=colour)
        yield element(
            "figure",
            element("figcaption", arm_label(story.titles, film.arm)),
            Html(picture.replace(' xmlns="http://www.w3.org/2000/svg"', "")),
            class_="strip",
        )
