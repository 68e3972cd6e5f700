"""From names and numbers that a user gives to all that an episode needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Annotated, Any, TypeAlias

import numpy as np
from pydantic import BeforeValidator, ValidationError

from dmi_sim.aliases import canonical, in_plain_words
from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Index, Vector
from dmi_sim.body.growth import Sex
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.catalog import Catalog
from dmi_sim.catalog.messages import explain
from dmi_sim.env.actions import ACTION_MODES, Actions
from dmi_sim.env.criteria import CRITERIA, Criterion
from dmi_sim.env.kept import kept
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.support_schedule import SupportState, support_at
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.errors import InputError, did_you_mean, require_within, shown
from dmi_sim.infant import SEXES, Infant
from dmi_sim.nervous.sensorimotor import with_sensory_delay
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import Scene, Solid
from dmi_sim.physics.support import Support, build_support
from dmi_sim.registry import Registry, defaults_of, parameter_problem
from dmi_sim.spec.changes import with_reward_weights
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.exercise import ExerciseSpec, FurnitureSpec
from dmi_sim.spec.repertoire import RepertoireSpec
from dmi_sim.spec.support import SupportMotionSpec, SupportSpec
from dmi_sim.spec.support_schedule import SupportSchedule, SupportScheduleFile

SupportLike: TypeAlias = SupportSchedule | Mapping[str, object] | str | None
"""A schedule, or what can be read as one: its content, or a name."""

RENDER_MODES = ("rgb_array", "human")
_HEADING = "heading_rad"
"""Parameter of a term that goes the way of ``asked_velocity`` without it."""
_BUILT_SUPPORTS = 64
"""Built supports that are kept; strengths that fade give ever new ones."""


def _name_or_schedule(value: Any) -> Any:
    """The value, or one problem in place of one for each form in which a support may stand."""
    if isinstance(value, str | Mapping | None):
        return value
    raise ValueError(f"must be the name of a support or a schedule, not {value!r}")


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
        length_z: Standard score of length, -5 to 5.
        weight_z: Standard score of weight, -5 to 5.
        mass_kg: Body mass in place of ``weight_z`` [kg].
        length_m: Body length in place of ``length_z`` [m].
        fibre_lengths: Optimal fibre length of muscles that have adapted, over what the body gives.
        support: Name of a support of the exercise or of a schedule, or the content of one, as in
            :class:`dmi_sim.spec.support_schedule.SupportSchedule`; None for the most distal support
            of the exercise, which is no hands wherever the infant can do without.
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
    mass_kg: float | None = None
    length_m: float | None = None
    fibre_lengths: Mapping[str, float] = field(default_factory=dict[str, float])
    support: Annotated[str | Mapping[str, object] | None, BeforeValidator(_name_or_schedule)] = None
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

    def support(self, support: SupportLike, strength: float, time_s: float = 0.0) -> Support:
        """The hands that a support means for an infant who has not practised yet.

        Args:
            support: A support or schedule, see :meth:`schedule`.
            strength: Multiplies the firmness of the hands, 0 to 1.
            time_s: Time since the hands took hold, for a firmness that changes with it [s].

        Raises:
            InputError: If the exercise does not know the support or the strength is out of range.
        """
        schedule = self.schedule(support)
        require_within("support_strength", strength, 0, 1)
        now = support_at(schedule, SupportState(), time_s)
        return self._built_supports(now.site, now.firmness * strength, schedule.motion)

    def schedule(self, support: SupportLike) -> SupportSchedule:
        """The schedule that a support means in the exercise.

        Args:
            support: A support of the exercise, the name of a schedule file, or a schedule; None for
                the most distal support, which is no hands where possible.

        Raises:
            InputError: If there is no such name, if the schedule is not allowed, or if it names a
                support that the exercise does not offer.
        """
        offered = self.spec.supports
        if support is None or isinstance(support, str):
            return self._named_schedule(offered[-1] if support is None else support)
        schedule = read_schedule(support)
        sites = tuple(str(canonical(site, offered)) for site in schedule.site)
        for site in sites:
            if site not in offered:
                raise InputError(self._not_offered("support.site", site, offered))
        return schedule if sites == schedule.site else schedule.model_copy(update={"site": sites})

    @cached_property
    def _plain(self) -> dict[str, SupportSchedule]:
        """The plain supports of the exercise as schedules, by name; resets ask for them."""
        return {name: SupportSchedule(site=(name,)) for name in self.spec.supports}

    def _named_schedule(self, name: str) -> SupportSchedule:
        name = str(canonical(name, self.spec.supports))
        if name in self._plain:
            return self._plain[name]
        files = self.catalog.names(SupportScheduleFile)
        if name not in files:
            raise InputError(self._not_offered("support", name, (*self.spec.supports, *files)))
        return self.schedule(self.catalog.load(SupportScheduleFile, name).support)

    def _not_offered(self, field: str, name: str, known: Sequence[str]) -> str:
        return f"{field}: no '{name}' in {self.config.exercise}; {did_you_mean(name, known)}"

    @cached_property
    def _built_supports(self) -> Callable[..., Support]:
        """Builds supports by name, strength and motion, each once as long as they are in use."""

        @lru_cache(_BUILT_SUPPORTS)
        def built(support: str, strength: float, motion: SupportMotionSpec | None) -> Support:
            spec = self.catalog.load(SupportSpec, support)
            moves = motion or self.spec.support_motion_at(support)
            hands = build_support(spec, self.infant, strength, moves)
            return replace(hands, site=support, strength=strength) if hands.attachments else hands

        return built


def plain_config(arguments: Mapping[str, Any], catalog: Catalog | None = None) -> dict[str, Any]:
    """Fields of :class:`EnvConfig` with every alias replaced by the name that it stands for.

    Args:
        arguments: Fields by name, as a user gives them.
        catalog: Catalog that files are read from; the shipped one by default.

    Raises:
        InputError: If a value is an array of several numbers, which no field takes.
    """
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.ndim:
            raise InputError(f"{name}: {shown(value)} is an array, and this is one value")
    catalog = catalog or Catalog.shipped()
    return in_plain_words(
        arguments,
        exercise=catalog.names(ExerciseSpec),
        sex=SEXES,
        condition=catalog.names(ConditionSpec),
        support=(*catalog.names(SupportSpec), *catalog.names(SupportScheduleFile)),
    )


def read_schedule(support: SupportSchedule | Mapping[str, object]) -> SupportSchedule:
    """A schedule from what a user wrote.

    Raises:
        InputError: Naming each field that is not allowed.
    """
    if isinstance(support, SupportSchedule):
        return support
    try:
        return SupportSchedule.model_validate(support)
    except ValidationError as error:
        lines = explain(SupportSchedule, error)
        raise InputError(*(f"support: {line}" for line in lines)) from None


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
    spec = _exercise(catalog, config.exercise)
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
    config = replace(
        config,
        age_months=age,
        condition_options=kept(config.condition_options),
        fibre_lengths=kept(config.fibre_lengths),
        support=kept(config.support),
        reward_weights=kept(config.reward_weights),
    )
    build = EnvBuild(config, spec, _infant(config, age, catalog), catalog)
    require_pushes(build, config.pushes)
    build.support(config.support, config.support_strength)
    return build


def _exercise(catalog: Catalog, name: str) -> ExerciseSpec:
    spec = catalog.load(ExerciseSpec, name)
    if spec.repertoire is None:
        return spec
    return spec.with_repertoire(catalog.load(RepertoireSpec, spec.repertoire))


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
        mass_kg=config.mass_kg,
        length_m=config.length_m,
        fibre_lengths=config.fibre_lengths,
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
    yield from observation_problems(spec)
    for place, registry, name, params in _named_functions(spec):
        yield from _problems(place, registry, name, params, has_a_way=any(spec.asked_velocity))


def _named_functions(
    spec: ExerciseSpec,
) -> Iterator[tuple[str, Registry[Any], str, Mapping[str, object]]]:
    """Each field that names a function: its place, the registry, the name and the parameters."""
    for section, terms in (("rewards", spec.rewards), ("on_fall", spec.on_fall)):
        for name, term in terms.items():
            yield f"{section}.{name}", REWARD_TERMS, term.term, term.params
    for name, end in spec.terminations.items():
        yield f"terminations.{name}", TERMINATIONS, end.term, end.params
    success = spec.success
    yield "success", CRITERIA, success.criterion, success.params
    for place, one in enumerate(success.also):
        yield f"success.also[{place}]", CRITERIA, one.criterion, one.params


def observation_problems(spec: ExerciseSpec | RepertoireSpec) -> Iterator[str]:
    """Observations of an exercise or a repertoire that nobody registered, one line each."""
    for name in spec.observations:
        if name not in OBSERVATIONS:
            yield f"observations: {OBSERVATIONS.unknown(name)}"


def _problems(
    field: str,
    registry: Registry[Any],
    name: str,
    params: Mapping[str, object],
    *,
    has_a_way: bool,
) -> Iterator[str]:
    """Why a field cannot name an item of a registry with these parameters; nothing if it can."""
    if name not in registry:
        yield f"{field}: {registry.unknown(name)}"
        return
    item = registry[name]
    function = item.function if isinstance(item, Criterion) else item
    problem = parameter_problem(function, params)
    if problem:
        yield f"{field}: {problem}"
    elif not has_a_way and {**defaults_of(function), **params}.get(_HEADING, 0.0) is None:
        yield f"{field}: {_HEADING} is missing, and asked_velocity tells no way to go"
