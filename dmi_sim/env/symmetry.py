"""Whether practice seen in a mirror is practice of the same infant at the same exercise.

Only then can an infant learn from the mirror images of what it did. A hemiplegic infant is another
one in a mirror. Who is asked to cruise to the left cruises to the right there, which is the same
exercise if the side is asked for: the infant senses the velocity that is asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from dmi_sim.anatomy import AXES
from dmi_sim.arrays import Vector
from dmi_sim.body.reflection import (
    ABOUT_FORWARD_LEFT_UP,
    AXES_MIRRORED,
    FORWARD_LEFT_UP,
    SEGMENTS_MIRRORED,
    Reflection,
)
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.env.config import EnvBuild, SupportLike
from dmi_sim.env.contact_history import ContactHistory, Steps
from dmi_sim.env.context import StepContext
from dmi_sim.env.infant_setup import InfantSetup
from dmi_sim.env.mirrored_step import mirrored_step
from dmi_sim.env.surface import surface_of
from dmi_sim.env.task import Task, build_task
from dmi_sim.infant import Infant
from dmi_sim.muscle.groups import Muscles
from dmi_sim.muscle.tissue import Tissue
from dmi_sim.nervous.sensorimotor import SensorimotorParams
from dmi_sim.physics.state import State
from dmi_sim.spec.exercise import ExerciseSpec

_STEPS = 12
"""Steps at which a task is asked what it makes of them and of their mirror images."""


def asymmetries(setup: InfantSetup, actions: Reflection) -> tuple[str, ...]:
    """What is not the same in a mirror, one line each; empty if all is.

    Terms are compared at made-up steps of no particular posture. Pushes and platforms come from any
    side, and need no look.

    Args:
        setup: The infant in the exercise.
        actions: Mirror image of the actions.
    """
    return (
        *_of_infant(setup.build.infant),
        *_of_place(setup.build),
        *_of_what_is_asked(setup.build.spec),
        *_of_task(setup, actions),
    )


def is_symmetric(infant: Infant) -> bool:
    """Whether an infant is its own mirror image.

    >>> is_symmetric(Infant.from_spec(6))
    True
    """
    return not tuple(_of_infant(infant))


def mirrored_muscles(muscles: Muscles) -> Reflection:
    """The mirror image of one number for each muscle, shape (n,)."""
    return Reflection.of_names(muscles.names, (1,) * len(muscles.names))


def _of_infant(infant: Infant) -> Iterator[str]:
    condition = infant.config.condition
    parts = {
        "body": _is_symmetric_body(infant),
        "muscles": _are_symmetric_muscles(infant.muscles),
        "nerves": _are_symmetric_nerves(infant.nervous, infant.muscles),
    }
    for part, is_symmetric in parts.items():
        if not is_symmetric:
            yield f"infant: left and right {part} differ ({condition})"


def _is_symmetric_body(infant: Infant) -> bool:
    numbers = np.array(
        [
            (s.mass_kg, s.length_m, s.inertia_floor_kgm2, *s.inertia_kgm2)
            for s in infant.ordered_segments
        ]
    )
    places = np.array([(s.joint_m, s.com_m) for s in infant.ordered_segments])
    swapped = SEGMENTS_MIRRORED.source
    return (
        np.allclose(numbers[swapped], numbers, atol=0)
        and np.allclose(FORWARD_LEFT_UP.of(places)[swapped], places, atol=1e-12)
        and _is_symmetric_surface(infant)
    )


def _is_symmetric_surface(infant: Infant) -> bool:
    """Whether each contact sphere has its mirror image, in whatever order."""
    surface = surface_of(infant)
    mirrored = FORWARD_LEFT_UP.of(surface.centre_m)
    other = SEGMENTS_MIRRORED.source[surface.segment]
    here, there = (
        np.column_stack([segment, np.round(centre_m, 9), surface.radius_m])
        for segment, centre_m in ((surface.segment, surface.centre_m), (other, mirrored))
    )
    return sorted(here.tolist()) == sorted(there.tolist())


def _are_symmetric_muscles(muscles: Muscles) -> bool:
    swapped = mirrored_muscles(muscles)
    arms = AXES_MIRRORED.of(muscles.moment_arms_m)[swapped.source]
    return (
        np.allclose(arms, muscles.moment_arms_m, atol=1e-12)
        and _are_alike(_numbers_of(muscles, len(muscles.names)), swapped)
        and _is_symmetric_tissue(muscles.tissue)
    )


def _is_symmetric_tissue(tissue: Tissue) -> bool:
    """Whether limits and rest lie alike too; those of a bending trunk swap with a sign."""
    mirrored = AXES_MIRRORED.of(np.array([tissue.lowest_rad, tissue.highest_rad, tissue.rest_rad]))
    lowest, highest = np.sort(mirrored[:2], axis=0)
    ranges = {"lowest_rad": lowest, "highest_rad": highest, "rest_rad": mirrored[2]}
    numbers = _numbers_of(tissue, len(AXES))
    return all(np.allclose(numbers.pop(name), image) for name, image in ranges.items()) and (
        _are_alike(numbers, AXES_MIRRORED)
    )


def _are_symmetric_nerves(nervous: SensorimotorParams, muscles: Muscles) -> bool:
    per_muscle = _numbers_of(nervous, len(muscles.names))
    per_axis = _numbers_of(nervous, len(AXES))
    return _are_alike(per_muscle, mirrored_muscles(muscles)) and _are_alike(per_axis, AXES_MIRRORED)


def _numbers_of(record: Muscles | Tissue | SensorimotorParams, count: int) -> dict[str, Vector]:
    """The fields of a record that hold so many numbers, one for each muscle or axis."""
    values = {one.name: getattr(record, one.name) for one in fields(record)}
    return {
        name: np.array(value)
        for name, value in values.items()
        if isinstance(value, tuple) and len(value) == count and isinstance(value[0], float)
    }


def _are_alike(numbers: Mapping[str, Vector], swapped: Reflection) -> bool:
    """Whether left and right have the same numbers; the sign of an axis does not matter."""
    return all(np.allclose(one[swapped.source], one) for one in numbers.values())


def _of_place(build: EnvBuild) -> Iterator[str]:
    start = build.spec.start
    turned, angles = np.array(start.pelvis_rotation_deg), start.angles_rad()
    is_level = np.array_equal(ABOUT_FORWARD_LEFT_UP.of(turned), turned)
    if not (is_level and np.allclose(AXES_MIRRORED.of(angles), angles)):
        yield "start: the pose is another one in a mirror"
    boxes = [(*box.half_extents, *box.centre) for box in build.spec.furniture]
    if sorted(boxes) != sorted((*box[:4], -box[4], box[5]) for box in boxes):
        yield "furniture: it stands elsewhere in a mirror"
    if any(build.support(one, 1.0).trajectory.offsets_m[:, 1].any() for one in _supports(build)):
        yield "support_motion: the hands move to one side"


def _supports(build: EnvBuild) -> tuple[SupportLike, ...]:
    """The support of an environment, and each site that it comes to."""
    support = build.config.support
    return (support, *build.schedule(support).site)


def _of_what_is_asked(spec: ExerciseSpec) -> Iterator[str]:
    if spec.asked_velocity[1] and "asked_velocity" not in spec.observations:
        yield "asked_velocity: it is to one side, and the infant does not sense which"


def _of_task(setup: InfantSetup, actions: Reflection) -> Iterator[str]:
    task, muscles = build_task(setup.build.spec), mirrored_muscles(setup.build.infant.muscles)
    random = np.random.default_rng(0)
    steps = [_some_step(setup, random) for _ in range(_STEPS)]
    seen = [_judged(task, step) for step in steps]
    in_mirror = [_judged(task, mirrored_step(step, actions, muscles)) for step in steps]
    for name in seen[0]:
        if not np.allclose([one[name] for one in seen], [one[name] for one in in_mirror]):
            yield f"{name}: it asks for something else in a mirror"


def _judged(task: Task, step: StepContext) -> dict[str, float]:
    """What a task makes of a step, by the field of the exercise."""
    return {
        **{f"rewards.{name}": one.compute(step) for name, one in task.rewards.items()},
        **{f"on_fall.{name}": one.compute(step) for name, one in task.on_fall.items()},
        "success": task.criterion(step),
        **{f"success.also[{i}]": one(step) for i, one in enumerate(task.lasting)},
        "terminations": float(task.has_fallen(step)),
    }


def _some_step(setup: InfantSetup, random: np.random.Generator) -> StepContext:
    """A step of no particular posture, somewhere off its start."""
    n_actions, pressure = len(setup.actions.names), random.uniform(0, 0.2, 15)
    state = _some_state(setup, random)
    loads, swings = random.uniform(0, 0.2, 15), random.uniform(0, 0.3, (2, 2)).tolist()
    stepping = Steps(tuple(swings[0]), tuple(swings[1]), last=0, alternate=3)
    return StepContext(
        state=state,
        start=_some_state(setup, random),
        action=random.uniform(-1, 1, n_actions),
        last_action=random.uniform(-1, 1, n_actions),
        joints=np.array([state.joint_angle_rad, state.joint_velocity_rad_s]),
        read_contact_force=lambda: pressure,
        actuated=setup.build.actuated,
        body_length_m=setup.length_m,
        surface=setup.surface,
        history=ContactHistory(loads, dict.fromkeys(ContactHistory().steps, stepping), 1.0),
        cpg_phase_rad=float(random.uniform(0, 6)),
        asked_velocity=setup.build.spec.asked_velocity,
    )


def _some_state(setup: InfantSetup, random: np.random.Generator) -> State:
    length, above_floor = setup.length_m, np.array([0.0, 0.0, 0.3 * setup.length_m])
    quats = np.array([quaternion_of(random.normal(0, 0.3, 3)) for _ in range(15)])
    return State(
        time_s=1.0,
        segment_pos_world=random.normal(0, 0.2 * length, (15, 3)) + above_floor,
        segment_quat_world=quats,
        segment_matrix_world=np.array([matrix_of(one) for one in quats]),
        segment_angular_velocity_own=random.normal(size=(15, 3)),
        joint_angle_rad=random.normal(0, 0.3, len(AXES)),
        joint_velocity_rad_s=random.normal(size=len(AXES)),
        activation=random.uniform(size=len(setup.build.infant.muscles.names)),
        com_m=random.normal(0, 0.1 * length, 3) + above_floor,
        com_velocity_m_s=random.normal(0, 0.1 * length, 3),
        head_height_m=float(random.uniform(0, length)),
        upright_rad=float(random.uniform(0, 1.5)),
        support_force_n=0.0,
        support_share=0.0,
        support_pos_world=np.zeros((0, 3)),
        support_force_world=np.zeros((0, 3)),
        push_force_world=np.zeros(3),
        push_pos_world=np.zeros(3),
    )
