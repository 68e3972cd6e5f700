"""Draw the pictures of the concept pages: ``python docs/draw_concepts.py [name ...]``.

Every length, line and number in them comes from the package; the curve of a study is a sketch.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import gymnasium as gym
import numpy as np
from draw_diagrams import control, episode, study
from drawing import BLUE, GREEN, ORANGE, PALE, Points, draw_infant, name_points, origins, picture
from matplotlib.axes import Axes

from dmi_sim.anatomy import AXES, SEGMENTS, region_of
from dmi_sim.body.growth import Sex
from dmi_sim.body.support_point import support_point
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.curves import active_length_factor, passive_force_factor, velocity_factor
from dmi_sim.names import support_sites
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SupportSpec


def body() -> None:
    """The segments by name, and the joints with the number of their axes."""
    infant = Infant.from_spec(age_months=7)
    places = origins(infant)
    middles = {s.node.name: places[s.node.name] + s.com_m for s in infant.ordered_segments}
    shown = [node for node in SEGMENTS if node.side >= 0]
    with picture("body", 11, 7.2, 2) as (_, (left, right)):
        draw_infant(left, infant)
        names = [node.name.removeprefix("left_").replace("_", " ") for node in shown]
        points = [middles[node.name][1:] for node in shown]
        name_points(left, list(zip(names, points, strict=True)))
        draw_infant(right, infant)
        joints = [(node, places[node.name][1:]) for node in shown if node.joint]
        for _, point in joints:
            right.plot(*point, "o", color=ORANGE, ms=6)
        words = [f"{n.joint.removeprefix('left_')} ({1 if n.is_hinge else 3})" for n, _ in joints]
        name_points(right, [(w, point) for w, (_, point) in zip(words, joints, strict=True)])
        left.set_title(f"{len(SEGMENTS)} segments (limbs: both sides)")
        right.set_title(f"{len(SEGMENTS) - 1} joints, {len(AXES)} axes (number at each joint)")


def growth() -> None:
    """The same girl at four ages on one scale, and size and strength over age."""
    with picture("growth", 11, 7.6) as (figure, _):
        figure.clear()
        grid = figure.add_gridspec(2, 3, height_ratios=(1.25, 1))
        bodies = figure.add_subplot(grid[0, :])
        for number, age in enumerate((0, 6, 12, 24)):
            infant, x = Infant.from_spec(age_months=age), 0.42 * number
            draw_infant(bodies, infant, x)
            words = f"{age} months\n{100 * infant.length_m:.0f} cm, {infant.mass_kg:.1f} kg"
            bodies.text(x, -0.03, words, ha="center", va="top")
        bodies.set_ylim(-0.12, 0.9)
        curves = [figure.add_subplot(grid[1, column]) for column in range(3)]
        _growth_curves(*curves)


def _growth_curves(mass: Axes, length: Axes, strength: Axes) -> None:
    ages = np.arange(0.0, 24.5, 2.0).tolist()
    sexes: dict[Sex, str] = {"female": "-", "male": "--"}
    for sex, line in sexes.items():
        infants = [Infant.from_spec(age, sex) for age in ages]
        mass.plot(ages, [i.mass_kg for i in infants], line, color=BLUE, label=sex)
        length.plot(ages, [100 * i.length_m for i in infants], line, color=BLUE, label=sex)
    for joint, colour in (("neck", ORANGE), ("waist", GREEN)):
        shares = [_relative_strength(Infant.from_spec(age), joint) for age in ages]
        strength.plot(ages, shares, color=colour, label=f"{joint} extension")
    strength.set_ylim(bottom=0)
    mass.set_title("Mass [kg]")
    length.set_title("Length [cm]")
    strength.set_title("Peak torque / (weight x length)")
    for axes in (mass, length, strength):
        axes.set_xlabel("Age [months]")
        axes.legend(fontsize=9)


def _relative_strength(infant: Infant, joint: str) -> float:
    unit = infant.mass_kg * 9.81 * infant.length_m
    return infant.peak_torque_nm(joint, "extension") / unit


def muscles() -> None:
    """The curves of a muscle, and the moment arms of one side."""
    with picture("muscles", 11, 3.6, 3) as (_, (length, speed, arms)):
        x = np.linspace(0.4, 1.6, 200)
        length.plot(x, [active_length_factor(v) for v in x], color=BLUE, label="active")
        length.plot(x, [passive_force_factor(v) for v in x], color=ORANGE, label="passive")
        length.set(title="Force over length", xlabel="Fibre length / optimal length")
        length.set_ylabel("Force / peak force")
        length.legend(fontsize=9, loc="upper left")
        v = np.linspace(-1, 1, 200)
        speed.plot(v, [velocity_factor(one) for one in v], color=BLUE)
        speed.axvline(0, color=PALE, zorder=0)
        speed.set(title="Force over velocity", xlabel="Lengthening / fastest shortening")
        _draw_moment_arms(arms, Infant.from_spec(age_months=7))


def _draw_moment_arms(axes: Axes, infant: Infant) -> None:
    found = infant.muscles
    left = [index for index, side in enumerate(found.sides) if side > 0]
    arms_cm = 100 * np.abs(found.moment_arms_m[left])
    shown = axes.imshow(np.where(arms_cm > 0, arms_cm, np.nan), aspect="auto", cmap="viridis_r")
    axes.set(title="Moment arms, left side [cm]", xlabel="Axis", ylabel="Muscle group")
    axes.set_xticks([0, len(AXES) - 1], ["1", str(len(AXES))])
    axes.set_yticks([0, len(left) - 1], ["1", str(len(left))])
    axes.grid(visible=False)
    axes.figure.colorbar(shown, ax=axes)


def support() -> None:
    """Where hands hold, and how hard they pull back."""
    infant = Infant.from_spec(age_months=7)
    with picture("support", 11.5, 5.2, 3) as (_, (where, force, torque)):
        _draw_sites(where, infant)
        for strength, colour in ((1.0, BLUE), (0.5, GREEN), (0.1, ORANGE)):
            _draw_spring(force, torque, infant, strength, colour)
        force.set(title="A spring in translation", xlabel="Displacement of the site [cm]")
        force.set_ylabel("Force / body weight")
        force.legend(title="support_strength", fontsize=9, title_fontsize=9)
        torque.set(title="A weaker one in rotation", xlabel="Rotation of the segment [deg]")
        torque.set_ylabel("Torque [N m]")


def _draw_sites(axes: Axes, infant: Infant) -> None:
    draw_infant(axes, infant)
    places, named = origins(infant), list[tuple[str, Points]]()
    for site in support_sites():
        spec = Catalog.shipped().load(SupportSpec, site)
        held = [s for s in infant.ordered_segments if s.node.kind == spec.segment]
        attachments = [support_point(spec, infant.anthropometry, s) for s in held]
        points = [places[s.node.name] + p for s, p in zip(held, attachments, strict=True)]
        for point in points:
            axes.plot(*point[1:], "o", color=ORANGE, ms=7)
        named += [(site.replace("_", " "), point[1:]) for point in points[:1]]
    name_points(axes, named)
    axes.set_title("Support sites, proximal to distal")


def _draw_spring(force: Axes, torque: Axes, infant: Infant, strength: float, colour: str) -> None:
    spec = Catalog.shipped().load(SupportSpec, "pelvis")
    way_m, turn_deg = np.linspace(0, 0.08, 100), np.linspace(0, 90, 100)
    pull = np.minimum(spec.stiffness.value * way_m, spec.largest_force.value)
    force.plot(100 * way_m, strength * pull, color=colour, label=f"{strength:g}")
    twist = spec.rotation_stiffness.value * np.sin(np.radians(turn_deg))
    unit = strength * infant.mass_kg * 9.81 * infant.length_m
    torque.plot(turn_deg, unit * np.minimum(twist, spec.largest_torque.value), color=colour)


def trajectory() -> None:
    """How hands move in pulling to sit, and how hands that follow come after."""
    spec = Catalog.shipped().load(ExerciseSpec, "pull_to_sit")
    with picture("trajectory", 11, 3.8, 2) as (_, (path, follow)):
        for site, motion in spec.support_motion.items():
            forward, _, up = np.array([key.offset for key in motion.path]).T
            path.plot(forward, up, "o-", label=site.replace("_", " "))
        path.set(title="Pull to sit: hands on a path", xlabel="Forward [body lengths]")
        path.set_ylabel("Up [body lengths]")
        path.legend(fontsize=9)
        time_s = np.linspace(0, 0.2, 200)
        for constant_s in (0.02, 0.05):
            moved = 1 - np.exp(-time_s / constant_s)
            follow.plot(1000 * time_s, moved, label=f"{constant_s:g} s")
        follow.plot(1000 * time_s, 0 * time_s, label="stand still")
        follow.set(title="Hands that follow a step of the infant", xlabel="Time [ms]")
        follow.set_ylabel("Way of the hands / step")
        follow.legend(title="follow_s", fontsize=9, title_fontsize=9)


def controls() -> None:
    """The two control conditions: tilt of the trunk over time."""
    with (
        picture("controls", 9, 3.6) as (_, (axes,)),
        closing(gym.make("dmi_sim:DMI/Sitting-v1")) as env,
    ):
        for name, is_silent, colour in (
            ("silent_muscles", True, ORANGE),
            ("zero_action", False, BLUE),
        ):
            for seed in range(5):
                time_s, tilt_deg = _falling(env, seed, silent_muscles=is_silent)
                axes.plot(time_s, tilt_deg, color=colour, label=None if seed else name)
                axes.plot(time_s[-1], tilt_deg[-1], "x", color=colour)
        axes.set(title="Sitting at 7 months, no hands, five starts", xlabel="Time [s]")
        axes.set_ylabel("Tilt of the trunk [deg]")
        axes.text(0.02, 52, "x: a fall", fontsize=10)
        axes.legend()


def _falling(env: gym.Env[Any, Any], seed: int, **options: bool) -> tuple[Points, Points]:
    _, info = env.reset(seed=seed, options=options)
    tilt_rad, over = [info["upright_rad"]], False
    while not over:
        *_, terminated, truncated, info = env.step(np.zeros(env.action_space.shape or ()))
        tilt_rad.append(info["upright_rad"])
        over = terminated or truncated
    return np.arange(len(tilt_rad)) / env.metadata["render_fps"], np.degrees(tilt_rad)


def delays() -> None:
    """How late the senses are, and how long a reflex takes, by region and age."""
    regions = ("neck", "trunk", "shoulder", "elbow", "hip", "knee", "ankle")
    with picture("delays", 11, 3.6, 2) as (_, (sense, reflex)):
        for shift, age, colour in ((-0.27, 0, ORANGE), (0, 7, GREEN), (0.27, 24, BLUE)):
            infant, place = Infant.from_spec(age_months=age), np.arange(len(regions)) + shift
            nervous, muscle_regions = infant.nervous, infant.muscles.regions
            late = [nervous.proprioceptive_delay_s[_first_axis(region)] for region in regions]
            loop = [nervous.reflex_delay_s[muscle_regions.index(region)] for region in regions]
            sense.bar(place, 1000 * np.array(late), 0.27, color=colour, label=f"{age} months")
            reflex.bar(place, 1000 * np.array(loop), 0.27, color=colour)
        sense.set(title="Joint to controller [ms]", ylim=(0, 155))
        reflex.set_title("Stretch reflex, there and back [ms]")
        for axes in (sense, reflex):
            axes.set_xticks(range(len(regions)), regions)
        sense.legend(fontsize=9, ncols=3)


def _first_axis(region: str) -> int:
    return next(index for index, axis in enumerate(AXES) if region_of(axis.kind) == region)


DRAWINGS: dict[str, Callable[[], None]] = {
    drawing.__name__: drawing
    for drawing in (
        body, growth, muscles, support, trajectory, controls, delays, control, episode, study,
    )
}  # fmt: skip


def main(names: list[str]) -> None:
    """Draw the pictures of these names, or all of them."""
    for name in names or DRAWINGS:
        DRAWINGS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
