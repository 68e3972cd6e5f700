"""A study: which simulated infants practise in which hands, how long, and how they are tested.

A study file names its primary outcome and its comparisons before anything runs. Every arm gets the
same infants, the same practice and the same tests; nothing here can favour an arm.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import FileIndex, Spec, Strict, unknown_name
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SupportSpec

OutcomeName = Literal[
    "time_upright_s",
    "sway_path_mm",
    "trunk_tilt_rms_rad",
    "effort",
    "support_impulse_n_s",
    "support_share_mean",
    "duration_s",
]
"""Outcomes of a test episode that a study may compare; see ``dmi_sim/outcomes/episode.py``."""

Age = Annotated[float, Field(ge=0, le=24)]
Count = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class ArmSpec(Strict):
    """The hands in which one arm practises; tests are unsupported in every arm."""

    support: str
    """A site (``dmi_sim.support_sites()``) or a hold file in ``models/supports``."""
    support_strength: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Scales stiffness and caps of the hands together."""


class ConditionChoice(Strict):
    """A condition and how severe it is."""

    name: str
    """A file in ``models/conditions``."""
    severity: Annotated[float, Field(ge=0, le=1)] = 0.5
    options: dict[str, str | float] = Field(default_factory=dict)
    """EnvConfig that the condition offers, such as ``topography: diplegia``."""


class DoseSpec(Strict):
    """How much each infant practises and how often it is tested on the way."""

    training_steps: Count
    """Control steps of practice in all; reports show them as simulated hours."""
    evaluations: Annotated[int, Field(ge=2)]
    """Evaluations along the dose, evenly spaced; the first is before any practice."""
    pushes: bool = False
    """Whether practice is pushed too, in all arms alike."""


class TestSpec(Strict):
    """What happens at an evaluation: unsupported episodes that practice never saw."""

    __test__: ClassVar[bool] = False  # not a test case, whatever its name says

    episodes: Count
    """Episodes with pushes and as many without, the same starts at every evaluation and arm."""
    pushes: tuple[bool, ...] = (True, False)
    """Whether episodes are pushed; both by default."""

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if not self.pushes or len(set(self.pushes)) != len(self.pushes):
            raise ValueError("pushes must be [true], [false] or [true, false]")
        return self


class PrimaryOutcome(Strict):
    """The one number per infant that answers the question, fixed before the study runs."""

    outcome: OutcomeName
    summary: Literal["area_under_curve", "last_evaluation"] = "area_under_curve"
    """Mean over the dose (area under the learning curve / dose), or the last test only."""
    pushed: bool = True
    """Whether it is measured in the pushed episodes."""
    comparisons: tuple[tuple[str, str], ...]
    """Pairs of arms; an effect is the first minus the second."""
    equivalence_margin: Annotated[float, Field(gt=0)]
    """Largest difference that would not matter, in the unit of the outcome."""


class QuickSpec(Strict):
    """What the quick form of a study replaces; what is not given stays."""

    seeds: Count | None = None
    dose: DoseSpec | None = None
    test: TestSpec | None = None
    minutes: Annotated[float, Field(gt=0)] | None = None


class StudySpec(Spec):
    """One study file in ``experiments``."""

    folder: ClassVar[str] = "experiments"

    title: str
    question: str
    background: str
    """Why it is asked and what would count as an answer; favours no arm."""
    exercise: str
    """A file in ``envs``."""
    arms: dict[Name, ArmSpec] = Field(min_length=1)
    conditions: tuple[ConditionChoice, ...] = (ConditionChoice(name="typical"),)
    ages_months: tuple[Age, ...] = Field(min_length=1)
    sexes: tuple[Literal["female", "male"], ...] = Field(default=("female",), min_length=1)
    seeds: Count
    """Infants per arm; arms are paired infant by infant."""
    first_seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Where all random numbers of the study start."""
    dose: DoseSpec
    test: TestSpec
    primary_outcome: PrimaryOutcome
    minutes: Annotated[float, Field(gt=0)]
    """Wall time to expect on two cores [min]."""
    quick: QuickSpec = QuickSpec()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [*self._repeats(), *self._unknown_arms(), *self._untested()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _repeats(self) -> Iterator[str]:
        for field in ("conditions", "ages_months", "sexes"):
            values: tuple[object, ...] = getattr(self, field)
            if not values:
                yield f"{field} must name at least one"
            if any(value in values[:i] for i, value in enumerate(values)):
                yield f"{field} names one twice"

    def _unknown_arms(self) -> Iterator[str]:
        for pair in self.primary_outcome.comparisons:
            for arm in pair:
                if arm not in self.arms:
                    hint = did_you_mean(arm, self.arms)
                    yield f"primary_outcome.comparisons: no arm '{arm}'; {hint}"
            if pair[0] == pair[1]:
                yield f"primary_outcome.comparisons: '{pair[0]}' is compared with itself"

    def _untested(self) -> Iterator[str]:
        tests = self.test, self.quick.test or self.test
        if any(self.primary_outcome.pushed not in test.pushes for test in tests):
            wanted = "true" if self.primary_outcome.pushed else "false"
            yield f"test.pushes must hold {wanted}, which primary_outcome.pushed asks for"

    def quick_form(self) -> "StudySpec":
        """The study with the values of its ``quick`` block, and that block empty."""
        changes = {name: value for name, value in self.quick if value is not None}
        return self.model_copy(update={**changes, "quick": QuickSpec()})

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Files that the study names and that do not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
        for number, condition in enumerate(self.conditions):
            field = f"conditions.{number}.name"
            yield from unknown_name(catalog, ConditionSpec, field, condition.name)
        for name, arm in self.arms.items():
            yield from unknown_name(catalog, SupportSpec, f"arms.{name}.support", arm.support)
