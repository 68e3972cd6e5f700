"""Exercise: the start pose, actions, observations, rewards and success criterion (`envs/`)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import (
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from dmi_sim.anatomy import AXES, AXIS_INDEX, SegmentName
from dmi_sim.arrays import Vector
from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.base import FileIndex, Spec, Strict, unknown_name
from dmi_sim.spec.repertoire import CocontractionSpec, ObservationName, RepertoireSpec, SynergySpec
from dmi_sim.spec.support import SupportMotionSpec, SupportSpec
from dmi_sim.spec.training import TrainingSpec

N_CUES = 24
"""Cues that tell an infant which exercise is asked."""
_OF_REPERTOIRE = ("synergies", "cocontractions", "observations")
ANY = "any"
"""Name for every support that has no support_motion of its own."""
Point = tuple[float, float, float]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Hertz = Annotated[int, Field(ge=1, le=10_000)]


_LABELS = frozenset({*AXIS_INDEX, *(axis.removeprefix("left_") for axis in AXIS_INDEX)})
"""What axes may be called: one side of a limb, or both by the name without a side."""


def both_sides(label: str) -> tuple[str, ...]:
    """Axes that a label such as ``hip.flexion`` means: those of both sides of a limb.

    >>> both_sides("hip.flexion")
    ('left_hip.flexion', 'right_hip.flexion')
    """
    sides = (label,) if label in AXIS_INDEX else (f"left_{label}", f"right_{label}")
    unknown = [side for side in sides if side not in AXIS_INDEX]
    if unknown:
        raise ValueError(f"no axis '{label}'; {did_you_mean(label, _LABELS)}")
    return sides


def posture_rad(degrees: Mapping[str, float]) -> Vector:
    """Anatomical angles [rad], shape (34,); those that are not named are 0.

    Args:
        degrees: Angles [deg] by axis, such as ``left_knee.flexion``, or ``knee.flexion`` for both
            sides.
    """
    out = np.zeros(len(AXES))
    for label, value in degrees.items():
        for side in both_sides(label):
            out[AXIS_INDEX[side]] = np.radians(value)
    return out


Dimension = Literal["lying_and_rolling", "sitting", "crawling_and_kneeling", "standing", "walking"]
"""Domain of motor development, after the dimensions of the GMFM."""


class StartPoseSpec(Strict):
    """Pose of the infant at the start of an episode."""

    pelvis_rotation_deg: Point = (0.0, 0.0, 0.0)
    """Rotation vector of the pelvis from upright about forward, left and up: on the back
    (0, -90, 0), on the belly (0, 90, 0)."""
    angles_deg: dict[str, float]
    """Joint angles [deg]; others are 0. A limb without a side means both sides."""
    angle_sd_deg: float = Field(ge=0, le=30)
    """Standard deviation of every actuated axis at the start [deg]."""
    com_within: float | None = Field(default=None, gt=0, le=1)
    """Farthest that the centre of mass starts, on the level and over what the infant rests on, from
    where the mean pose has it [body lengths]; poses farther off are drawn again. None if any will
    do."""

    @model_validator(mode="after")
    def _axes_exist(self) -> Self:
        for label in self.angles_deg:
            both_sides(label)
        return self

    def angles_rad(self) -> Vector:
        """Anatomical angles of the start pose [rad], shape (34,)."""
        return posture_rad(self.angles_deg)


def _one_line(value: object, check: ValidatorFunctionWrapHandler) -> object:
    """The value, or one problem in place of one for each type that a parameter may have."""
    try:
        return check(value)
    except ValidationError:
        raise ValueError("must be a finite number, a word, or a list of either") from None


ParamValue = Annotated[float | str | tuple[float, ...] | tuple[str, ...], WrapValidator(_one_line)]
"""Value of a parameter of a term; its type and range are those that the term declares."""
Params = dict[str, ParamValue]


class TerminationSpec(Strict):
    """A condition that ends an episode as a fall."""

    term: Annotated[str, name_of("termination")]
    """Name of a function in ``dmi_sim/env/terminations.py``."""
    params: Params = Field(default_factory=dict)
    """Parameters of that function."""


class CriterionSpec(Strict):
    """A further criterion that success asks for."""

    criterion: Annotated[str, name_of("criterion")]
    """Name of a function in ``dmi_sim/env/criteria.py``."""
    params: Params = Field(default_factory=dict)
    """Parameters of that function."""
    time_share: float | None = Field(default=None, gt=0, le=1)
    """Share of the time since the start in which it must have been met; None if it must be met at
    the moment of success."""


class SuccessSpec(Strict):
    """The success criterion of an episode, to be met by the step of a fall at the latest.

    Where further criteria are asked for, all of them must be met in the same control steps, or for
    a share of the time up to success, and nothing is met in the step of a fall; completion is that
    of what is met least.
    """

    criterion: Annotated[str, name_of("criterion")]
    """Name of a function in ``dmi_sim/env/criteria.py``."""
    params: Params = Field(default_factory=dict)
    """Parameters of that function."""
    hold_s: float = Field(ge=0, le=3600)
    """Time for which the criterion must be met without a break [s]; at 0 once is enough."""
    no_fall_s: float = Field(default=0, ge=0, le=3600)
    """Time from the start on without a fall that success asks for besides [s]: whoever gets there
    soon and falls then has not succeeded. Completion is at most the share of it that is over."""
    also: tuple[CriterionSpec, ...] = ()
    """Further criteria, such as a head that is upright."""


class FurnitureSpec(Strict):
    """A fixed box such as a bench or a table; all in body lengths."""

    half_extents: tuple[float, float, float]
    """Half extents forward, left and up."""
    centre: Point
    """Centre, from the middle of the floor: forward, left, up."""


class PlatformSpec(Strict):
    """Tilts and slides of the platform: out, a rest, back, a rest, then farther to another side."""

    first_s: Seconds
    """Start of the first move [s]."""
    move_s: Seconds
    """Duration of each move, from rest to rest."""
    rest_s: Seconds
    """Rest at each end."""
    first_tilt_deg: float = Field(ge=0, le=45)
    """Tilt of the first move [deg]."""
    tilt_growth_deg: float = Field(ge=0, le=45)
    """Growth of the tilt from each move out to the next [deg]."""
    first_shift: float = Field(ge=0, le=2)
    """Slide of the first move, in body lengths."""
    shift_growth: float = Field(ge=0, le=2)
    """Growth of the slide from each move out to the next, in body lengths."""


class TermSpec(Strict):
    """One term of the reward."""

    term: Annotated[str, name_of("reward term")]
    """Name of a function in ``dmi_sim/env/rewards.py`` or ``dmi_sim/env/criteria.py``."""
    weight: float
    """Weight per second, or once for terms of ``on_fall``."""
    params: Params = Field(default_factory=dict)
    """Parameters of that function."""


class PushSpec(Strict):
    """Horizontal pushes at regular times, each harder than the last, from any side."""

    segment: SegmentName
    first_s: Seconds
    every_s: Seconds
    duration_s: Seconds
    first_m_s: float = Field(ge=0, le=5)
    """Impulse of the first push over body mass [m/s]."""
    growth_m_s: float = Field(ge=0, le=5)
    """Growth of the impulse over body mass from each push to the next [m/s]."""
    spread: float = Field(ge=0, lt=1)
    """Uniform relative spread of the size."""


class VerbSpec(Strict):
    """What the infant does, as a verb for the sentences of a report."""

    base: str
    """Base form, as in "it learns to sit"."""
    past: str
    """Past tense, as in "infants sat"."""
    gerund: str
    """Gerund, as in "infants practised sitting"."""


class ExerciseSpec(Spec):
    """An exercise: start pose, actions, observations, rewards, terminations."""

    folder: ClassVar[str] = "envs"

    title: str
    """What the infant does, as reports say it."""
    verb: VerbSpec | None = None
    """What the infant does, for reports; without it they call the exercise by its title."""
    instruction: str
    """Instruction in the words of a therapist."""
    dimension: Dimension
    """Domain of motor development that it belongs to."""
    typical_age_months: float = Field(ge=0, le=24)
    """Youngest age at which the exercise makes sense [months]."""
    age_months: float = Field(ge=0, le=24)
    """Age of the infant by default [months]."""
    supports: tuple[str, ...]
    """Supports that suit the exercise, files in ``models/supports``, from proximal to distal;
    ``none`` comes last, if infants can do without."""
    training_support: str | None = None
    """Support in which the shipped policies are trained; the last of ``supports`` if none."""
    support_motion: dict[str, SupportMotionSpec] = Field(default_factory=dict)
    """Motion of the support, by its name or for ``any`` other; without one, as its file says."""
    duration_s: Seconds
    """Length of an episode [s]."""
    physics_hz: Hertz
    """Steps of the physics a second; a multiple of ``control_hz``."""
    control_hz: Hertz
    """Actions a second."""
    start: StartPoseSpec
    """Posture in which an episode begins."""
    furniture: tuple[FurnitureSpec, ...] = ()
    """What stands on the floor."""
    platform: PlatformSpec | None = None
    """Motion of the ground; without it the infant is on the floor."""
    cpg_frequency_hz: float | None = Field(default=None, gt=0, le=5)
    """Frequency of the spinal pattern generator [Hz], see :mod:`dmi_sim.env.cpg`."""
    repertoire: str | None = None
    """Commands and senses, a file in ``models/repertoire``, in place of the three fields below."""
    synergies: dict[str, SynergySpec] = Field(default_factory=dict)
    """Muscles that one action of the mode ``synergy`` drives together, by name."""
    cocontractions: dict[str, CocontractionSpec] = Field(default_factory=dict)
    """Further actions, after the synergies; only their positive half does anything."""
    observations: tuple[ObservationName, ...] = ()
    """Names of functions in ``dmi_sim/env/observations.py``, in the order of the numbers."""
    command_time_constant_s: float = Field(default=0.0, ge=0, le=1)
    """Time constant of the filter that smooths commands [s]; comes with a repertoire."""
    noise_time_constant_s: float = Field(default=0.0, ge=0, le=100)
    """Time constant of the noise of senses and muscles [s]; comes with a repertoire."""
    cpg_ramp_s: float = Field(default=0.0, ge=0, le=10)
    """Time over which bursts grow at the start of an episode [s]; comes with a repertoire."""
    cue: int | None = Field(default=None, ge=0, lt=N_CUES)
    """Which of the cues tells the infant what is asked; drawn from the name if none."""
    asked_velocity: tuple[float, float] = (0.0, 0.0)
    """Velocity that is asked for, forward and left as the infant faced at the start, in body
    lengths a second."""
    terminations: dict[str, TerminationSpec] = Field(default_factory=dict)
    """Conditions any of which ends an episode as a fall; without one an infant cannot fall."""
    success: SuccessSpec
    """What an infant does who succeeds."""
    rewards: dict[str, TermSpec]
    """Terms of the reward of a step, by name."""
    on_fall: dict[str, TermSpec] = Field(default_factory=dict)
    """Terms that count once, when the infant falls."""
    pushes: PushSpec | None = None
    """Pushes of an environment made with ``pushes``; None if the exercise has none."""
    training: TrainingSpec
    """How a policy learns the exercise."""

    @model_validator(mode="after")
    def _none_is_most_distal(self) -> Self:
        if "none" in self.supports[:-1]:
            raise ValueError("supports: 'none' is the most distal, so it comes last")
        return self

    @property
    def episode_steps(self) -> int:
        """Control steps until the time is up."""
        return round(self.duration_s * self.control_hz)

    @model_validator(mode="after")
    def _rates_divide(self) -> Self:
        if self.physics_hz % self.control_hz:
            raise ValueError(
                f"physics_hz {self.physics_hz} is no multiple of control_hz {self.control_hz}"
            )
        return self

    @model_validator(mode="after")
    def _one_repertoire(self) -> Self:
        own = [name for name in _OF_REPERTOIRE if getattr(self, name)]
        if self.repertoire is not None and own:
            raise ValueError(f"{own[0]}: comes with repertoire '{self.repertoire}'; leave one out")
        if self.repertoire is None and not (self.synergies and self.observations):
            raise ValueError("repertoire: missing; an exercise needs commands and senses")
        return self

    @model_validator(mode="after")
    def _phases_have_a_frequency(self) -> Self:
        cyclic = [name for name, s in self.synergies.items() if s.cpg_phase_deg is not None]
        if self.repertoire is not None:
            return self
        if cyclic and self.cpg_frequency_hz is None:
            raise ValueError(
                f"synergies.{cyclic[0]}: cpg_phase_deg, but there is no cpg_frequency_hz"
            )
        if self.cpg_frequency_hz is not None and not cyclic:
            raise ValueError("cpg_frequency_hz: no synergy has a cpg_phase_deg")
        return self

    @model_validator(mode="after")
    def _training_reaches_the_end(self) -> Self:
        chunk_s = self.training.n_steps * self.training.chunk_rollouts / self.control_hz
        if chunk_s < self.duration_s:
            raise ValueError(
                f"training: n_steps x chunk_rollouts is {chunk_s:g} s of training, less than an "
                f"episode of {self.duration_s:g} s, whose end would never be reached"
            )
        return self

    @model_validator(mode="after")
    def _success_fits_the_time(self) -> Self:
        for name in ("hold_s", "no_fall_s"):
            asked_s = getattr(self.success, name)
            if asked_s > self.duration_s:
                raise ValueError(
                    f"success: {name} {asked_s:g} is longer than duration_s {self.duration_s:g}"
                )
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of supports that do not exist or do not belong to the exercise."""
        for name in self.supports:
            yield from unknown_name(catalog, SupportSpec, "supports", name)
        if self.repertoire is not None:
            yield from unknown_name(catalog, RepertoireSpec, "repertoire", self.repertoire)
        if self.training_support not in (None, *self.supports):
            yield f"training_support: {did_you_mean(str(self.training_support), self.supports)}"
        for name in self.support_motion:
            if name not in (*self.supports, ANY):
                yield f"support_motion: {did_you_mean(name, (*self.supports, ANY))}"

    def support_motion_at(self, support: str) -> SupportMotionSpec | None:
        """Motion of a support in this exercise; None if its own file says."""
        return self.support_motion.get(support, self.support_motion.get(ANY))

    def with_repertoire(self, repertoire: RepertoireSpec) -> Self:
        """The exercise with the commands and senses of a repertoire."""
        shared = {name: getattr(repertoire, name) for name in _OF_REPERTOIRE}
        shared["command_time_constant_s"] = repertoire.command_time_constant.value
        shared["noise_time_constant_s"] = repertoire.noise_time_constant.value
        shared["cpg_ramp_s"] = repertoire.cpg_ramp.value
        return self.model_copy(update=shared)
