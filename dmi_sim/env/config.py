"""From names and numbers that a user gives to all that an episode needs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.growth import Sex
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.catalog import Catalog
from dmi_sim.env.actions import ACTION_MODES, Actions
from dmi_sim.env.criteria import CRITERIA, Criterion
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.infant import Infant
from dmi_sim.nervous.sensorimotor import with_sensory_delay
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.physics.support import Support, build_support
from dmi_sim.registry import Registry, parameter_problem
from dmi_sim.spec.changes import with_reward_weights
from dmi_sim.spec.exercise import ExerciseSpec, FurnitureSpec
from dmi_sim.spec.support import SupportSpec

RENDER_MODES = ("rgb_array", "human")
_BUILT_SUPPORTS = 64
"""Built supports that are kept; strengths that fade give ever new ones."""


@dataclass(frozen=True)
class EnvConfig:
    """A user's choices when an environment is made; strings and numbers only.

    Attributes:
        exercise: Name of a file in ``envs/``.
        age_months: Age of the infant, 0 to 24 months; None for the exercise's own.
        sex: ``female`` or ``male``.
        condition: Name of a file in ``models/conditions/``.
        severity: Severity of the condition, 0 to 1.
        condition_options: Options that the condition offers, such as ``{"level": "L3"}``.
        length_z: Standard score of length.
        weight_z: Standard score of weight.
        support: Name of a file in ``models/supports/``; None for the most distal site of the
            exercise, which is no hands wherever the infant can do without.
        support_strength: Scales stiffness and caps of the hands, 0 to 1.
        action_mode: Name of a function in ``dmi_sim/env/actions.py``: how actions drive muscles.
        pushes: Whether the infant is pushed.
        on_platform: Whether the ground is a platform that can be moved, also where the exercise has
            none.
        sensory_delay_s: Delay of all observations [s]; the infant's own if None.
        reward_weights: Weights of reward terms in place of the exercise's, by name.
    """

    exercise: str
    age_months: float | None = None
    sex: Sex = "female"
    condition: str = "typical"
    severity: float = 0.5
    condition_options: Mapping[str, object] = field(default_factory=dict[str, object])
    length_z: float = 0.0
    weight_z: float = 0.0
    support: str | None = None
    support_strength: float = 1.0
    action_mode: str = "posture"
    pushes: bool = False
    on_platform: bool = False
    sensory_delay_s: float | None = None
    reward_weights: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class EnvBuild:
    """An exercise and an infant, read and checked.

    Attributes:
        config: The user's choices, with the age filled in.
        spec: The exercise.
        infant: The infant who does it.
        catalog: Catalog that files are read from.
    """

    config: EnvConfig
    spec: ExerciseSpec
    infant: Infant
    catalog: Catalog

    @cached_property
    def start(self) -> Pose:
        """The start pose, above the floor; the world settles it."""
        start = self.spec.start
        turn = quaternion_of(np.radians(start.pelvis_rotation_deg))
        return Pose(np.array([0.0, 0.0, self.infant.length_m]), turn, start.angles_rad())

    @cached_property
    def scene(self) -> Scene:
        """The ground and the furniture, to the measure of the infant."""
        length_m = self.infant.length_m
        return Scene(
            tuple(_solid(solid, length_m) for solid in self.spec.furniture),
            has_platform=self.spec.platform is not None or self.config.on_platform,
        )

    @cached_property
    def angle_matrix(self) -> Vector:
        """Equilibrium angles [rad] per unit of each synergy, shape (34, synergies)."""
        out = np.zeros((len(AXES), len(self.spec.synergies)))
        for column, synergy in enumerate(self.spec.synergies.values()):
            for label, weight in synergy.axes.items():
                out[AXIS_INDEX[label], column] = weight * np.radians(synergy.range_deg)
        return out

    @cached_property
    def actuated(self) -> Index:
        """Indices of the axes that some action moves."""
        return np.flatnonzero(np.abs(self.angle_matrix).sum(axis=1))

    def actions(self, start_rad: Vector) -> Actions:
        """The actions around a start pose [rad], shape (34,)."""
        build = ACTION_MODES[self.config.action_mode]
        return build(self.spec, self.angle_matrix, self.infant.muscles, start_rad)

    def support(self, support: str | None, strength: float) -> Support:
        """A support of the exercise; None for the most distal, which is no hands where possible.

        Raises:
            InputError: If the exercise does not know the support or the strength is out of range.
        """
        if support is None:
            support = self.spec.supports[-1]
        if support not in self.spec.supports:
            raise InputError(
                f"support: no '{support}' in {self.config.exercise}; "
                f"{did_you_mean(support, self.spec.supports)}"
            )
        require_within("support_strength", strength, 0, 1)
        return self._built_supports(support, strength)

    @cached_property
    def _built_supports(self) -> Callable[[str, float], Support]:
        """Builds supports by name and strength, each once as long as they are in use."""

        @lru_cache(_BUILT_SUPPORTS)
        def built(support: str, strength: float) -> Support:
            spec = self.catalog.load(SupportSpec, support)
            motion = self.spec.support_motion_at(support)
            hands = build_support(spec, self.infant, strength, motion)
            return replace(hands, site=support, strength=strength) if hands.attachments else hands

        return built


def _solid(spec: FurnitureSpec, length_m: float) -> Solid:
    x, y, z = (length_m * place for place in spec.centre)
    return Solid(("box", tuple(length_m * half for half in spec.half_extents)), (x, y, z))


def build_env(config: EnvConfig, catalog: Catalog | None = None) -> EnvBuild:
    """Read and check everything that a configuration names, before anything is built.

    Args:
        config: The user's choices.
        catalog: Catalog that files are read from; the shipped one by default.

    Raises:
        InputError: Naming what is wrong, what is allowed and the nearest right name.
    """
    catalog = catalog or Catalog.shipped()
    spec = catalog.load(ExerciseSpec, config.exercise)
    problems = tuple(spec_problems(spec))
    if problems:
        raise InputError(*(f"envs/{config.exercise}.yaml: {line}" for line in problems))
    spec = with_reward_weights(spec, config.reward_weights)
    unknown_mode = ACTION_MODES.unknown(config.action_mode)
    if unknown_mode:
        raise InputError(f"action_mode: {unknown_mode}")
    if config.sensory_delay_s is not None:
        require_within("sensory_delay_s", config.sensory_delay_s, 0, 1)
    age = spec.age_months if config.age_months is None else config.age_months
    config = replace(config, age_months=age)
    build = EnvBuild(config, spec, _infant(config, age, catalog), catalog)
    require_pushes(build, config.pushes)
    build.support(config.support, config.support_strength)
    return build


def require_pushes(build: EnvBuild, pushes: bool) -> None:
    """Refuse pushes where an exercise has none.

    Raises:
        InputError: If they are asked for all the same.
    """
    if pushes and build.spec.pushes is None:
        raise InputError(f"pushes: envs/{build.config.exercise}.yaml has none to ask for")


def _infant(config: EnvConfig, age_months: float, catalog: Catalog) -> Infant:
    infant = Infant.from_spec(
        age_months,
        config.sex,
        config.condition,
        config.severity,
        config.condition_options,
        length_z=config.length_z,
        weight_z=config.weight_z,
        catalog=catalog,
    )
    if config.sensory_delay_s is None:
        return infant
    return replace(infant, nervous=with_sensory_delay(infant.nervous, config.sensory_delay_s))


def spec_problems(spec: ExerciseSpec) -> Iterator[str]:
    """Names and parameters of an exercise that no function stands for, one line each.

    Args:
        spec: The exercise.

    Yields:
        ``field: reason`` lines.
    """
    for name in spec.observations:
        if name not in OBSERVATIONS:
            yield f"observations: {OBSERVATIONS.unknown(name)}"
    for section, terms in (("rewards", spec.rewards), ("on_fall", spec.on_fall)):
        for name, term in terms.items():
            yield from _problems(f"{section}.{name}", REWARD_TERMS, term.term, term.params)
    for name, end in spec.terminations.items():
        yield from _problems(f"terminations.{name}", TERMINATIONS, end.term, end.params)
    success = spec.success
    yield from _problems("success", CRITERIA, success.criterion, success.params)


def _problems(
    field: str,
    registry: Registry[Any],
    name: str,
    params: Mapping[str, object],
) -> Iterator[str]:
    """Why a field cannot name an item of a registry with these parameters; nothing if it can."""
    if name not in registry:
        yield f"{field}: {registry.unknown(name)}"
        return
    item = registry[name]
    problem = parameter_problem(item.function if isinstance(item, Criterion) else item, params)
    if problem:
        yield f"{field}: {problem}"
