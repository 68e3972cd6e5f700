"""One infant in an exercise: all that an environment needs of who it is, built once and kept."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.actions import Actions
from dmi_sim.env.config import EnvBuild, EnvConfig, plain_config
from dmi_sim.env.exercise import Exercise, build_exercise
from dmi_sim.env.sensing import SensoryPathway
from dmi_sim.env.start import Starts
from dmi_sim.env.surface import Surface, surface_of
from dmi_sim.errors import InputError, did_you_mean, shown
from dmi_sim.nervous.slow_noise import SlowNoise, slow_noise
from dmi_sim.physics.resting import RigidBody
from dmi_sim.physics.world import World
from dmi_sim.spec.exercise import ExerciseSpec

KEPT_INFANTS = 4
"""Infants whose worlds an environment keeps beside its own; each world takes 28 MB."""
_ABOUT_THE_EXERCISE = frozenset(
    {
        "exercise", "support", "support_strength", "action_mode", "pushes", "on_platform",
        "reward_weights",
    }
)  # fmt: skip
_INSTEAD = {"weight_z": "mass_kg", "length_z": "length_m"}
"""Two ways to say a size each, of which the later word counts."""
INFANT_OPTIONS = (
    "exercise",
    *(field.name for field in fields(EnvConfig) if field.name not in _ABOUT_THE_EXERCISE),
)
"""Arguments of an environment that say who the infant is and what it does; each is an option of a
reset too, the exercise in an environment of several."""


@dataclass(frozen=True, eq=False)
class InfantSetup:
    """An infant in an exercise, ready to be simulated.

    Attributes:
        build: The exercise and the infant, read and checked.
        exercise: What is asked of it.
        actions: What its actions become.
        senses: What reaches the controller.
    """

    build: EnvBuild
    exercise: Exercise
    actions: Actions
    senses: SensoryPathway

    @property
    def control_hz(self) -> int:
        """Control steps per second [Hz]."""
        return self.build.spec.control_hz

    @cached_property
    def noise(self) -> SlowNoise:
        """How the noise of senses and muscles goes on from one control step to the next."""
        return noise_of(self.build.spec)

    @cached_property
    def motor_noise(self) -> Vector:
        """Standard deviation of excitation over excitation, by muscle, shape (n,)."""
        return np.array(self.build.infant.nervous.motor_noise)

    @cached_property
    def length_m(self) -> float:
        """Body length [m]."""
        return self.build.infant.length_m

    @cached_property
    def surface(self) -> Surface:
        """Surface of the infant."""
        return surface_of(self.build.infant)

    @cached_property
    def world(self) -> World:
        """The physics, built when first needed."""
        build = self.build
        return World(build.infant, build.start, build.spec.physics_hz, build.scene)

    @cached_property
    def starts(self) -> Starts:
        """The start poses of its episodes."""
        build, world = self.build, self.world
        body = RigidBody(build.infant, world.engine.masses, build.scene)
        return Starts(world.start, build.spec.start, build.actuated, body)

    def close(self) -> None:
        """Free the physics, which is built again when needed."""
        world = self.__dict__.pop("world", None)
        if world is not None:
            world.close()


def noise_of(spec: ExerciseSpec) -> SlowNoise:
    """How the noise of senses and muscles goes on from one control step to the next."""
    return slow_noise(spec.noise_time_constant_s, 1 / spec.control_hz)


def infant_setup(build: EnvBuild) -> InfantSetup:
    """The setup of an infant; its physics is built when first needed."""
    spec, actions = build.spec, build.actions(build.start.angle_rad)
    senses = SensoryPathway(
        spec.observations,
        build.infant.nervous,
        (spec.physics_hz, spec.control_hz),
        build.actuated.size,
        len(actions.names),
        noise_of(spec),
    )
    exercise = build_exercise(build.config.exercise, spec, actions.names)
    return InfantSetup(build, exercise, actions, senses)


class InfantSetups:
    """The infants of one environment: its own, and the latest that resets asked for.

    Args:
        build: Reads and checks what a configuration names.
        config: Configuration that the environment is made with.
        exercises: Exercises that a reset may ask for; only that of the configuration if none.

    Attributes:
        own: The infant that the environment was made with.
    """

    def __init__(
        self,
        build: Callable[[EnvConfig], EnvBuild],
        config: EnvConfig,
        exercises: Sequence[str] = (),
    ) -> None:
        self._build, self._config = build, config
        self._exercises = tuple(exercises) or (config.exercise,)
        self.own = infant_setup(build(config))
        self._others: OrderedDict[str, InfantSetup] = OrderedDict()

    def chosen(self, options: Mapping[str, Any]) -> InfantSetup:
        """The infant that options of a reset ask for; its own without any.

        Args:
            options: Some of :data:`INFANT_OPTIONS`.

        Raises:
            InputError: If a name is unknown or a value out of range.
        """
        if not options:
            return self.own
        # Aliases are looked up in folders, which would be half the time of a plain reset.
        in_plain_words = plain_config(options, self.own.build.catalog)
        config = _with_infant(self._made_with(in_plain_words), in_plain_words)
        if config == self.own.build.config:
            return self.own
        key = repr(config)
        setup = self._others.get(key) or self._checked(infant_setup(self._build(config)))
        self._others[key] = setup
        self._others.move_to_end(key)
        if len(self._others) > KEPT_INFANTS:
            self._others.popitem(last=False)[1].close()
        return setup

    def _made_with(self, options: Mapping[str, Any]) -> EnvConfig:
        """The configuration that options change: another exercise has an age of its own.

        Raises:
            InputError: If the exercise is none of those that a reset may ask for.
        """
        own = self.own.build.config
        wanted = options.get("exercise", own.exercise)
        if wanted == own.exercise:
            return own
        if wanted not in self._exercises:
            raise InputError(_other_exercise(wanted, self._exercises))
        return replace(self._config, exercise=wanted)

    def _checked(self, setup: InfantSetup) -> InfantSetup:
        """Refuse an infant who does not fit into the spaces of the environment."""
        ours, theirs = (
            (one.actions.names, one.senses.names, one.build.actuated.tolist(), one.control_hz)
            for one in (self.own, setup)
        )
        if ours != theirs:
            raise InputError("options: this has other actions or observations than ours")
        return setup

    def close(self) -> None:
        """Free the physics of all infants."""
        for setup in (self.own, *self._others.values()):
            setup.close()


def _other_exercise(wanted: object, known: Sequence[str]) -> str:
    if len(known) == 1:
        return f"exercise: this environment is {known[0]}; DMI/Infant-v0 has them all"
    return f"exercise: no {shown(wanted)}; {did_you_mean(wanted, known)}"


def _with_infant(config: EnvConfig, options: Mapping[str, Any]) -> EnvConfig:
    """The configuration with another infant; options of a condition go with the condition."""
    if options.get("condition", config.condition) != config.condition:
        options = {"condition_options": {}, **options}
    for z, size in _INSTEAD.items():
        if z in options and size not in options:
            options = {size: None, **options}
        elif options.get(size) is not None and z not in options:
            options = {z: 0.0, **options}
    return replace(config, **options)
