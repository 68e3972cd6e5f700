"""Draw the pictures of the concept pages: ``python docs/draw_concepts.py [name ...]``.

Every line, length and number in them comes from the package, none is drawn by hand.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch, Polygon
from numpy.typing import NDArray

import dmi_sim
from dmi_sim import Infant
from dmi_sim.anatomy import AXES, SEGMENTS
from dmi_sim.body.support_point import support_point
from dmi_sim.catalog import Catalog
from dmi_sim.muscle.curves import active_length_factor, passive_force_factor, velocity_factor
from dmi_sim.render.shapes import Shape, visual_shapes
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SupportSpec

PICTURES = Path(__file__).parent / "pictures"
INK, PALE, BLUE, ORANGE, GREEN = "#1b2a3c", "#e6e9ee", "#0072b2", "#d55e00", "#00796b"
FILL = {"skin": "#f2d3bd", "shirt": "#9cc9c3", "trousers": "#8fa8c8", "hair": "#a98467"}
STYLE: dict[str, Any] = {
    "font.size": 11, "axes.spines.top": False, "axes.spines.right": False,
    "text.color": INK, "axes.edgecolor": INK, "axes.labelcolor": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.titlelocation": "left",
    "axes.titleweight": "bold", "axes.titlesize": 12, "legend.frameon": False,
    "figure.constrained_layout.use": True,
}  # fmt: skip
FRONT, SIDE = (1, 2), (0, 2)
"""Components of the body's frame (forward, left, up) that a view shows."""
Points = NDArray[np.float64]
View = tuple[int, int]


def panels(width: float, height: float, columns: int) -> tuple[Figure, list[Axes]]:
    """A figure with axes side by side."""
    figure = Figure(figsize=(width, height))
    return figure, list(figure.subplots(1, columns, squeeze=False)[0])


def write(figure: Figure, name: str) -> None:
    """Save a picture."""
    figure.savefig(
        PICTURES / f"{name}.png", dpi=110, facecolor="white", bbox_inches="tight", pad_inches=0.1
    )


# An infant in the anatomical position: every segment frame stands upright, so a solid is drawn by
# leaving out one component.


def origins(infant: Infant) -> dict[str, Points]:
    """Origins of all segments over the soles [m], by name."""
    found: dict[str, Points] = {"": np.zeros(3)}
    for segment in infant.ordered_segments:
        found[segment.node.name] = found[segment.node.parent] + np.array(segment.joint_m)
    sole = found["left_foot"][2] - infant.lengths.ankle_height
    return {name: point - (0.0, 0.0, sole) for name, point in found.items() if name}


def draw_infant(axes: Axes, infant: Infant, view: View, shift: float = 0.0) -> None:
    """An infant that stands straight."""
    places = origins(infant)
    across = 1 if view == SIDE else 0

    def nearness(shape: Shape) -> float:
        return float(places[shape.segment][across]) + max(shape.start_m[across], shape.end_m[across])

    for shape in sorted(visual_shapes(infant), key=nearness):
        _draw_solid(axes, shape, places[shape.segment], view, shift)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.autoscale_view()


def _draw_solid(axes: Axes, shape: Shape, origin: Points, view: View, shift: float) -> None:
    start, end = (
        (origin + np.array(p))[list(view)] + (shift, 0) for p in (shape.start_m, shape.end_m)
    )
    size, look = np.array(shape.size_m), {"fc": FILL[shape.colour], "ec": INK, "lw": 0.7}
    if shape.kind == "ellipsoid":
        axes.add_patch(Ellipse(start, *(2 * size[list(view)]), **look))
    else:
        axes.add_patch(Polygon(_outline(start, end, float(size[0])), **look))


def _outline(start: Points, end: Points, radius: float) -> Points:
    """A capsule seen from the side: two half circles and what joins them, shape (n, 2)."""
    way = end - start
    turn = np.arctan2(way[1], way[0]) + np.linspace(-np.pi / 2, np.pi / 2, 30)
    half = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    return np.concatenate([end + half, start - half])


def label(axes: Axes, text: str, point: Sequence[float], at: Sequence[float], side: str) -> None:
    """A word beside the body, with a line to where it belongs."""
    axes.annotate(
        text, (point[0], point[1]), (at[0], at[1]), ha=side, va="center", fontsize=9.5,
        arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.6, "shrinkA": 2, "shrinkB": 0},
    )  # fmt: skip


def body() -> None:
    """The segments by name, and the joints with the number of their axes."""
    infant = Infant.from_spec(age_months=7)
    places = origins(infant)
    figure, (left, right) = panels(11, 7.2, 2)
    draw_infant(left, infant, FRONT)
    middles = {s.node.name: places[s.node.name] + np.array(s.com_m) for s in infant.ordered_segments}
    shown = [n for n in SEGMENTS if n.side >= 0]
    _labels(left, [(n.name.removeprefix("left_").replace("_", " "), middles[n.name][1:]) for n in shown])
    draw_infant(right, infant, FRONT)
    joints = [n for n in SEGMENTS[1:] if n.side >= 0]
    for node in joints:
        right.plot(*places[node.name][1:], "o", color=ORANGE, ms=6)
    words = {n.name: f"{n.joint.removeprefix('left_')} ({1 if n.is_hinge else 3})" for n in joints}
    _labels(right, [(words[n.name], places[n.name][1:]) for n in joints])
    left.set_title("15 segments (limbs: both sides)")
    right.set_title(f"14 joints with {len(AXES)} axes (number at each joint)")
    write(figure, "body")


def _labels(axes: Axes, named: Sequence[tuple[str, Points]]) -> None:
    """Words in a column on the right, in the order of height, apart from each other."""
    ordered = sorted(named, key=lambda one: -one[1][1])
    heights = np.linspace(ordered[0][1][1], ordered[-1][1][1], len(ordered))
    edge = max(float(point[0]) for _, point in ordered) + 0.13
    for (word, point), height in zip(ordered, heights, strict=True):
        label(axes, word, point.tolist(), (edge, height), "left")
    axes.set_xlim(-0.22, edge + 0.17)


def growth() -> None:
    """The same girl at four ages on one scale, and size and strength over age."""
    figure = Figure(figsize=(11, 7.6))
    above, below = figure.subfigures(2, 1, height_ratios=(1.25, 1))
    axes = above.subplots()
    for number, age in enumerate((0, 6, 12, 24)):
        infant, x = Infant.from_spec(age_months=age), 0.42 * number
        draw_infant(axes, infant, FRONT, x)
        words = f"{age} months\n{100 * infant.length_m:.0f} cm, {infant.mass_kg:.1f} kg"
        axes.text(x, -0.03, words, ha="center", va="top")
    axes.set_ylim(-0.12, 0.9)
    _growth_curves(list(below.subplots(1, 3)))
    write(figure, "growth")


def _growth_curves(axes: list[Axes]) -> None:
    ages = np.arange(0, 24.5, 1.0)
    for sex, line in (("female", "-"), ("male", "--")):
        infants = [Infant.from_spec(float(age), sex) for age in ages]
        axes[0].plot(ages, [i.mass_kg for i in infants], line, color=BLUE, label=sex)
        axes[1].plot(ages, [100 * i.length_m for i in infants], line, color=BLUE, label=sex)
    girls = [Infant.from_spec(float(age)) for age in ages[::2]]
    for joint, direction, colour in (("neck", "extension", ORANGE), ("waist", "extension", GREEN)):
        share = [i.peak_torque_nm(joint, direction) / (i.mass_kg * 9.81 * i.length_m) for i in girls]
        axes[2].plot(ages[::2], share, color=colour, label=f"{joint} {direction}")
    axes[2].set_ylim(bottom=0)
    for one, title in zip(axes, ("Mass [kg]", "Length [cm]", "Peak torque / (weight x length)"), strict=True):
        one.set_title(title)
        one.set_xlabel("Age [months]")
        one.legend(fontsize=9)


def muscles() -> None:
    """The curves of a muscle, and what its moment arms are."""
    figure, (length, speed, arms) = panels(11, 3.6, 3)
    x = np.linspace(0.4, 1.6, 200)
    length.plot(x, [active_length_factor(v) for v in x], color=BLUE, label="active, full activation")
    length.plot(x, [passive_force_factor(v) for v in x], color=ORANGE, label="passive")
    length.set(title="Force over length", xlabel="Fibre length / optimal length", ylabel="Force / peak force")
    length.legend(fontsize=9, loc="upper left", bbox_to_anchor=(0, 0.32))
    v = np.linspace(-1, 1, 200)
    speed.plot(v, [velocity_factor(one) for one in v], color=BLUE)
    speed.axvline(0, color=PALE, zorder=0)
    speed.set(title="Force over velocity", xlabel="Lengthening / fastest shortening")
    _arms(arms, Infant.from_spec(age_months=7))
    write(figure, "muscles")


def _arms(axes: Axes, infant: Infant) -> None:
    found = infant.muscles
    left = [index for index, side in enumerate(found.sides) if side > 0]
    matrix = 100 * np.abs(found.moment_arms_m[left])
    shown = axes.imshow(np.where(matrix > 0, matrix, np.nan), aspect="auto", cmap="viridis_r")
    axes.set(title="Moment arms, left side [cm]", xlabel="Axis", ylabel="Muscle group")
    axes.set_xticks([0, len(AXES) - 1], ["1", str(len(AXES))])
    axes.set_yticks([0, len(left) - 1], ["1", str(len(left))])
    axes.figure.colorbar(shown, ax=axes)


def support() -> None:
    """Where hands hold, and how hard they pull back."""
    infant = Infant.from_spec(age_months=7)
    figure, (where, force, torque) = panels(11.5, 5.2, 3)
    _draw_sites(where, infant)
    for strength, colour in ((1.0, BLUE), (0.5, GREEN), (0.1, ORANGE)):
        _draw_spring(force, torque, infant, strength, colour)
    force.set(title="A spring in translation", xlabel="Displacement of the site [cm]", ylabel="Force / body weight")
    torque.set(title="A weaker one in rotation", xlabel="Rotation of the segment [deg]", ylabel="Torque [N m]")
    force.legend(title="support_strength", fontsize=9, title_fontsize=9)
    write(figure, "support")


def _draw_sites(axes: Axes, infant: Infant) -> None:
    draw_infant(axes, infant, FRONT)
    places, catalog = origins(infant), Catalog.shipped()
    named: list[tuple[str, Points]] = []
    for site in dmi_sim.support_sites():
        spec = catalog.load(SupportSpec, site)
        held = [s for s in infant.ordered_segments if s.node.kind == spec.segment]
        points = [places[s.node.name] + support_point(spec, infant.plan, s) for s in held]
        for point in points:
            axes.plot(*point[1:], "o", color=ORANGE, ms=7)
        named += [(site.replace("_", " "), points[0][1:])] if points else []
    _labels(axes, named)
    axes.set_title("Support sites, proximal to distal")


def _draw_spring(force: Axes, torque: Axes, infant: Infant, strength: float, colour: str) -> None:
    spec = Catalog.shipped().load(SupportSpec, "pelvis")
    way, turn = np.linspace(0, 0.08, 100), np.linspace(0, 90, 100)
    pull = np.minimum(spec.stiffness.value * way, spec.largest_force.value)
    force.plot(100 * way, strength * pull, color=colour, label=f"{strength:g}")
    unit = infant.mass_kg * 9.81 * infant.length_m
    twist = np.minimum(
        spec.rotation_stiffness.value * np.sin(np.radians(turn)), spec.largest_torque.value
    )
    torque.plot(turn, strength * unit * twist, color=colour)


def trajectory() -> None:
    """How hands move in pulling to sit, and how hands that follow come after."""
    figure, (path, follow) = panels(11, 3.8, 2)
    spec = Catalog.shipped().load(ExerciseSpec, "pull_to_sit")
    for (site, motion), colour in zip(spec.support_motion.items(), (BLUE, ORANGE, GREEN), strict=False):
        forward, _, up = np.array([key.offset for key in motion.path]).T
        path.plot(forward, up, "o-", color=colour, label=site.replace("_", " "))
    path.set(title="Pull to sit: hands on a path", xlabel="Forward [body lengths]", ylabel="Up [body lengths]")
    path.legend(fontsize=9)
    time_s = np.linspace(0, 0.2, 200)
    for constant_s, colour in ((0.02, BLUE), (0.05, GREEN), (None, ORANGE)):
        moved = np.zeros(200) if constant_s is None else 1 - np.exp(-time_s / constant_s)
        follow.plot(1000 * time_s, moved, color=colour, label="stand still" if constant_s is None else f"{constant_s:g} s")
    follow.set(title="Hands that follow a step of the infant", xlabel="Time [ms]", ylabel="Way of the hands / step")
    follow.legend(title="follow_s", fontsize=9, title_fontsize=9)
    write(figure, "trajectory")


def controls() -> None:
    """The two control conditions beside a trained policy: tilt of the trunk over time."""
    figure, (axes,) = panels(9, 3.6, 1)
    options = {"silent_muscles": {"silent_muscles": True}, "zero_action": dict[str, Any]()}
    with closing(gym.make("dmi_sim:DMI/Sitting-v0")) as env:
        for (name, option), colour in zip(options.items(), (ORANGE, BLUE), strict=True):
            for seed in range(5):
                time_s, tilt = _falling(env, seed, option)
                axes.plot(time_s, tilt, color=colour, label=name if seed == 0 else None)
                axes.plot(time_s[-1], tilt[-1], "x", color=colour)
    axes.set(title="Sitting at 7 months, no hands, five starts", xlabel="Time [s]", ylabel="Tilt of the trunk [deg]")
    axes.text(0.02, 52, "x: a fall", fontsize=10)
    axes.legend()
    write(figure, "controls")


def _falling(env: gym.Env[Any, Any], seed: int, option: dict[str, Any]) -> tuple[Points, Points]:
    _, info = env.reset(seed=seed, options=option)
    tilt, over = [info["upright_rad"]], False
    while not over:
        _, _, terminated, truncated, info = env.step(np.zeros(env.action_space.shape or ()))
        tilt.append(info["upright_rad"])
        over = terminated or truncated
    return np.arange(len(tilt)) / env.metadata["render_fps"], np.degrees(tilt)


def delays() -> None:
    """How late the senses are, and how long a reflex takes, by region and age."""
    figure, (sense, reflex) = panels(11, 3.6, 2)
    regions = ("neck", "trunk", "shoulder", "elbow", "hip", "knee", "ankle")
    for shift, age, colour in ((-0.27, 0, ORANGE), (0, 7, GREEN), (0.27, 24, BLUE)):
        infant = Infant.from_spec(age_months=age)
        nervous, place = infant.nervous, np.arange(len(regions)) + shift
        late = [1000 * nervous.proprioceptive_delay_s[_axis_in(region)] for region in regions]
        loop = [1000 * nervous.reflex_delay_s[infant.muscles.regions.index(r)] for r in regions]
        sense.bar(place, late, 0.27, color=colour, label=f"{age} months")
        reflex.bar(place, loop, 0.27, color=colour)
    sense.set(title="Joint to controller [ms]")
    reflex.set(title="Stretch reflex, there and back [ms]")
    for axes in (sense, reflex):
        axes.set_xticks(range(len(regions)), regions)
    sense.legend(fontsize=9, ncols=3)
    sense.set_ylim(top=155)
    write(figure, "delays")


def _axis_in(region: str) -> int:
    from dmi_sim.anatomy import region_of

    return next(i for i, axis in enumerate(AXES) if region_of(axis.kind) == region)


# Diagrams: boxes in a row or a ring, with arrows between them.

Box = tuple[float, float, str]


def _boxes(axes: Axes, boxes: Iterable[Box], width: float, height: float) -> None:
    for x, y, text in boxes:
        axes.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0.02",
                fc="white", ec=INK, lw=1.2,
            )
        )  # fmt: skip
        axes.text(x, y, text, ha="center", va="center", fontsize=10)
    axes.set_axis_off()


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str = "") -> None:
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, color=INK, lw=1.2))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    axes.text(x, y + 0.07, text, ha="center", va="bottom", fontsize=9, color=GREEN)


def control() -> None:
    """The way from an observation to a movement and back."""
    figure, (axes,) = panels(11, 3.9, 1)
    above = [(0.8, 2, "controller\n(policy)"), (3.1, 2, "action mode"), (5.4, 2, "spinal cord:\nreflexes"),
             (7.7, 2, "70 muscles"), (10, 2, "body, floor,\nhands")]  # fmt: skip
    below = [(0.8, 0.6, "observation"), (5.4, 0.6, "delay and noise\n(50 to 110 ms)"), (10, 0.6, "state")]
    _boxes(axes, above + below, 1.5, 0.6)
    for (x, y, _), word in zip(above[:-1], ("action", "motor\ncommand", "excitation", "torque"), strict=True):
        _arrow(axes, (x + 0.8, y), (x + 1.5, y), word)
    _arrow(axes, (10, 1.66), (10, 0.95))
    _arrow(axes, (9.2, 0.6), (6.2, 0.6))
    _arrow(axes, (4.6, 0.6), (1.6, 0.6))
    _arrow(axes, (0.8, 0.95), (0.8, 1.66))
    _arrow(axes, (7.7, 1.3), (5.4, 1.3), "")
    axes.plot([7.7, 7.7], [1.3, 1.66], color=INK, lw=1.2)
    _arrow(axes, (5.4, 1.3), (5.4, 1.66))
    axes.text(6.55, 1.24, "stretch of the fibres, 4 to 17 ms late", ha="center", va="top", fontsize=9, color=GREEN)
    axes.set(xlim=(-0.1, 10.9), ylim=(0.15, 2.75))
    write(figure, "control")


def episode() -> None:
    """Physics steps, control steps and delays on one line of time."""
    figure, (axes,) = panels(11, 2.9, 1)
    physics, steps = 240, 4
    per_control = physics // 30
    for k in range(steps * per_control + 1):
        axes.plot([k, k], [0, 0.25 if k % per_control else 0.7], color=INK, lw=0.7 if k % per_control else 1.6)
    for k in range(steps):
        axes.text((k + 0.5) * per_control, 0.82, f"control step {k + 1}: one action", ha="center", fontsize=9.5)
    axes.text(0, -0.12, "one physics step, 1/240 s", va="top", fontsize=9.5)
    late = round(Infant.from_spec(age_months=7).nervous.central_delay_s * physics)
    _arrow(axes, (steps * per_control - late, 1.25), (steps * per_control, 1.25), "")
    words = f"what the head feels here ({1000 * late / physics:.0f} ms late at 7 months) is observed here"
    axes.text(steps * per_control - late / 2, 1.35, words, ha="center", fontsize=9.5, color=GREEN)
    axes.set(xlim=(-0.5, steps * per_control + 0.5), ylim=(-0.4, 1.6))
    axes.set_axis_off()
    write(figure, "episode")


def study() -> None:
    """Cells of a study, and the learning curve of one of them."""
    figure, (cells, curve) = panels(11, 3.9, 2)
    arms, infants = ("axillae", "pelvis", "none"), 5
    for row, arm in enumerate(arms):
        for column in range(infants):
            cells.add_patch(FancyBboxPatch((column, -row), 0.75, 0.6, boxstyle="round,pad=0.03", fc=PALE, ec=INK))
        cells.text(-0.25, 0.3 - row, arm, ha="right", va="center")
    for column in range(infants):
        cells.text(column + 0.37, 0.85, f"seed {column}", ha="center", fontsize=9.5)
    cells.set(xlim=(-1.6, infants), ylim=(-2.6, 1.3), title="A cell: one infant in one arm")
    cells.text(-1.5, -2.45, "In a column: the same infant, the same starts, the same pushes. Only the hands differ.", fontsize=9)
    cells.set_axis_off()
    dose = np.linspace(0, 1, 7)
    upright = 1.5 + 4 * (1 - np.exp(-3 * dose))
    curve.fill_between(dose, upright, color=PALE)
    curve.plot(dose, upright, "o-", color=BLUE)
    curve.set(title="Its learning curve (sketch)", xlabel="Dose: practice so far", ylabel="Outcome, tested without hands")
    curve.set_xticks(dose, [str(i) for i in range(7)])
    curve.set_ylim(0, 6.5)
    curve.text(0.5, 1.2, "primary outcome:\narea under the curve / dose", ha="center")
    write(figure, "study")


DRAWINGS: dict[str, Callable[[], None]] = {
    drawing.__name__: drawing
    for drawing in (body, growth, muscles, support, trajectory, controls, delays, control, episode, study)
}


def main(names: list[str]) -> None:
    """Draw the pictures of these names, or all of them."""
    with rc_context(STYLE):
        for name in names or DRAWINGS:
            DRAWINGS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
