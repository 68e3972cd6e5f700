"""Study: infants, arms, dose, tests and the primary outcome (`experiments/`).

A study file names its primary outcome and its comparisons before anything runs. Every arm has the
same infants, the same training and the same tests; nothing here can favour an arm.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.registry import name_of
from dmi_sim.spec.base import Count, FileIndex, Fraction, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SupportSpec

Age = Annotated[float, Field(ge=0, le=24)]
"""An age since birth [months]."""
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name in lower case that can be a column and a file name."""


class ArmSpec(Strict):
    """One arm of a study: the support during training; tests are unsupported in every arm."""

    support: str
    """Support during training, a file in ``models/supports``."""
    support_strength: Fraction = 1.0
    """Factor of the stiffness of the support and of its largest force and torque."""


class ConditionChoice(Strict):
    """A condition with its severity and options."""

    name: str
    """Name of the condition, a file in ``models/conditions``."""
    severity: Fraction = 0.5
    """Severity, from 0, equal to typical, to 1."""
    options: dict[str, str | float] = Field(default_factory=dict)
    """Values for options that the condition offers, such as ``topography: diplegia``."""


class DoseSpec(Strict):
    """Dose of training of each infant, and the tests along the way."""

    training_steps: Count
    """Control steps of training in total; reports show them as simulated hours."""
    evaluations: Annotated[int, Field(ge=2)]
    """Number of evaluations along the dose, evenly spaced; the first is before any training."""
    pushes: bool = False
    """Whether infants are also pushed during training, in all arms alike."""


class TestSpec(Strict):
    """Tests at an evaluation: unsupported episodes whose seeds are never used in training."""

    __test__: ClassVar[bool] = False  # not a test case, whatever its name says

    episodes: Count
    """Number of episodes with pushes, and the same number without; they have the same starts at
    every evaluation and in every arm."""
    pushes: tuple[bool, ...] = (True, False)
    """Kinds of test episodes: with pushes (true), without (false), or both."""

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if not self.pushes or len(set(self.pushes)) != len(self.pushes):
            raise ValueError("pushes must be [true], [false] or [true, false]")
        return self


class PrimaryOutcome(Strict):
    """The one number per infant that answers the question, fixed before the study runs."""

    outcome: Annotated[str, name_of("outcome")]
    """An outcome of a test episode, see ``dmi_sim.outcomes()``."""
    summary: Literal["area_under_curve", "last_evaluation"] = "area_under_curve"
    """Mean over the dose (area under the learning curve over dose), or the last test only."""
    pushed: bool = True
    """Whether the outcome is measured in the episodes with pushes."""
    comparisons: tuple[tuple[str, str], ...]
    """Pairs of arms; the effect is the first minus the second."""
    equivalence_margin: Positive
    """Largest difference that would not matter, in the unit of the outcome."""


class QuickSpec(Strict):
    """Values that replace those of the full study in its quick form; all others stay."""

    seeds: Count | None = None
    """Infants per arm."""
    dose: DoseSpec | None = None
    """Dose of training."""
    test: TestSpec | None = None
    """Test at each evaluation."""
    minutes: Positive | None = None
    """Wall time to expect on two cores [min]."""


class StudySpec(Spec):
    """One study file in ``experiments``."""

    folder: ClassVar[str] = "experiments"

    title: str
    """Title of the study."""
    question: str
    """Question that the study asks."""
    background: str
    """Reason for the question, and what would count as an answer; it favours no arm."""
    exercise: str
    """Exercise that is trained and tested, a file in ``envs``."""
    arms: dict[Name, ArmSpec] = Field(min_length=1)
    """Arms by name."""
    conditions: tuple[ConditionChoice, ...] = (ConditionChoice(name="typical"),)
    """Conditions of the infants; every arm has all of them."""
    ages_months: tuple[Age, ...] = Field(min_length=1)
    """Ages of the infants [months]; every arm has all of them."""
    sexes: tuple[Literal["female", "male"], ...] = Field(default=("female",), min_length=1)
    """Sexes of the infants; every arm has all of them."""
    seeds: Count
    """Infants per arm; arms are paired infant by infant."""
    first_seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed from which all random numbers of the study follow."""
    dose: DoseSpec
    """Dose of training, the same in every arm."""
    test: TestSpec
    """Test at each evaluation, the same in every arm."""
    primary_outcome: PrimaryOutcome
    """The number that answers the question."""
    minutes: Positive
    """Wall time to expect on two cores [min]."""
    quick: QuickSpec = QuickSpec()
    """Values of the quick form."""

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
            yield f"test.pushes must contain {wanted}, which primary_outcome.pushed asks for"

    def quick_form(self) -> "StudySpec":
        """The study with the values of its ``quick`` block in force and that block empty."""
        changes = {name: value for name, value in self.quick if value is not None}
        return self.model_copy(update={**changes, "quick": QuickSpec()})

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of an exercise, a condition or a support that do not exist."""
        yield from unknown_name(catalog, ExerciseSpec, "exercise", self.exercise)
        for number, condition in enumerate(self.conditions):
            field = f"conditions.{number}.name"
            yield from unknown_name(catalog, ConditionSpec, field, condition.name)
        for name, arm in self.arms.items():
            yield from unknown_name(catalog, SupportSpec, f"arms.{name}.support", arm.support)
