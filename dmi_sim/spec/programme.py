"""Programme: which rules a therapist follows, and when it comes (`models/programmes/`)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, WrapValidator, model_validator
from pydantic import ValidationError as Refused
from pydantic import ValidatorFunctionWrapHandler as Check

from dmi_sim.registry import name_of
from dmi_sim.spec.background import BackgroundSpec
from dmi_sim.spec.base import FileIndex, Spec, SpecReader, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.free_play import OLDEST_MONTHS, FreePlaySpec, FreePlayTableSpec, Months

WEEKS_PER_MONTH = 30.4375 / 7
"""Weeks in a month."""

Element: TypeAlias = Literal["site", "exercise", "firmness", "stretch", "provocation"]
"""A field of a programme that one programme may have from another."""
Week = Annotated[int, Field(ge=0, le=104)]
"""A week of a programme, counted from 0."""


def _one_line(value: object, check: Check) -> object:
    """The value, or one problem in place of one for each type that a parameter may have."""
    try:
        return check(value)
    except Refused:
        raise ValueError("must be a number, a word, a list, or numbers by name") from None


RuleValue = Annotated[
    float | str | tuple[float, ...] | tuple[str, ...] | dict[str, float],
    WrapValidator(_one_line),
]
"""Value of a parameter of a rule; its type and range are those that the rule declares."""


class RuleSpec(Strict):
    """A rule of a therapist: the name of a registered function, and its parameters."""

    rule: str
    """Name of the function."""
    params: dict[str, RuleValue] = Field(default_factory=dict)
    """Parameters of that function."""


class ExerciseRuleSpec(RuleSpec):
    """The rule that chooses what is practised next."""

    rule: Annotated[str, name_of("exercise rule")]
    """Name of a function in ``dmi_sim/therapy/exercise_rules.py``."""


class SiteRuleSpec(RuleSpec):
    """The rule that chooses where hands hold."""

    rule: Annotated[str, name_of("site rule")]
    """Name of a function in ``dmi_sim/therapy/site_rules.py``."""


class FirmnessRuleSpec(RuleSpec):
    """The rule that chooses how firmly hands hold."""

    rule: Annotated[str, name_of("firmness rule")]
    """Name of a function in ``dmi_sim/therapy/firmness_rules.py``."""


class ProvocationRuleSpec(RuleSpec):
    """The rule that chooses how balance is provoked."""

    rule: Annotated[str, name_of("provocation rule")]
    """Name of a function in ``dmi_sim/therapy/provocation_rules.py``."""


class StretchRuleSpec(RuleSpec):
    """The rule that says how muscles are stretched in a session."""

    rule: Annotated[str, name_of("stretch rule")]
    """Name of a function in ``dmi_sim/therapy/stretch_rules.py``."""


class PauseSpec(Strict):
    """Weeks without a therapist; free play goes on."""

    from_week: Week
    """First week of the pause."""
    to_week: Week
    """Last week of the pause."""

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.to_week < self.from_week:
            raise ValueError(f"to_week: {self.to_week} is before from_week {self.from_week}")
        return self


class TimetableSpec(Strict):
    """When a therapist comes, and what a child does between the sessions.

    Raises:
        ValueError: If the child would outgrow the model, a pause lies outside the weeks, or the
            ages of free play do not rise from 0.
    """

    age_months: Months
    """Age of the child at the start [months]."""
    weeks: Annotated[int, Field(ge=1, le=104)]
    """Length of the programme [weeks]."""
    sessions_a_week: Annotated[int, Field(ge=0, le=21)]
    """Sessions, spread over the seven days; with none of them nobody comes."""
    minutes_a_session: Annotated[float, Field(gt=0, le=480)] = 45.0
    """Length of a session [min], rests and stretching included."""
    pauses: tuple[PauseSpec, ...] = ()
    """Weeks without a therapist."""
    free_play: tuple[FreePlaySpec, ...] = ()
    """What the child practises on its own, by age; without an entry nothing."""
    free_play_of: str | None = None
    """File in ``models/free_play/`` whose ages are taken in place of ``free_play``."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        problems = tuple(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        end_months = self.age_months + self.weeks / WEEKS_PER_MONTH
        if end_months > OLDEST_MONTHS:
            most = int((OLDEST_MONTHS - self.age_months) * WEEKS_PER_MONTH)
            yield f"weeks: the child would be {end_months:.1f} months old; at most {most}"
        for number, pause in enumerate(self.pauses):
            if pause.to_week >= self.weeks:
                yield f"pauses[{number}]: to_week {pause.to_week}; the last is {self.weeks - 1}"
        ages = [one.from_months for one in self.free_play]
        if ages and (ages[0] > self.age_months or ages != sorted(set(ages))):
            yield "free_play: `from_months` must rise, from the age at the start or below"

    def is_pause(self, week: int) -> bool:
        """Whether nobody comes in a week, because of a pause."""
        return any(one.from_week <= week <= one.to_week for one in self.pauses)


class ProgrammeSpec(Spec):
    """A programme of therapy: rules, timetable, and what they rest on.

    Rules see what a therapist sees and nothing else. None of them can reward a site.
    """

    folder: ClassVar[str] = "models/programmes"

    title: str
    """Title in the words of a therapist."""
    background: BackgroundSpec
    """Which words of which source it renders, and what is assumed."""
    exercise: ExerciseRuleSpec
    """What is practised next, once the repetitions of an order are over."""
    site: SiteRuleSpec
    """Where hands hold, trial by trial."""
    firmness: FirmnessRuleSpec
    """How firmly they hold, trial by trial."""
    provocation: ProvocationRuleSpec
    """How balance is provoked, trial by trial."""
    stretch: StretchRuleSpec
    """How muscles are stretched in a session."""
    repetitions: Annotated[int, Field(ge=1, le=1000)]
    """Trials of an exercise before the next one is chosen."""
    rest_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    """Rest after each trial [s]."""
    leaves_out: tuple[str, ...] = ()
    """Exercises that rules never choose, although they are known."""
    timetable: TimetableSpec
    """When the therapist comes."""

    @model_validator(mode="after")
    def _words_are_rendered_by_fields(self) -> Self:
        problems = tuple(self.background.unknown_fields(type(self).model_fields))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def completed(self, files: SpecReader) -> Self:
        """The programme with the free play that its timetable names, and what that rests on.

        Args:
            files: Catalog with that file.

        Raises:
            InputError: If there is no such file, or if its content is refused.
        """
        name = self.timetable.free_play_of
        if name is None:
            return self
        table = files.load(FreePlayTableSpec, name)
        told = {"free_play": table.ages, "free_play_of": None}
        timetable = TimetableSpec.model_validate({**dict(self.timetable), **told})
        background = self.background.with_that_of(table.background, by="timetable")
        return self.model_copy(update={"timetable": timetable, "background": background})

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of exercises and of a free play that do not exist."""
        for name in self.leaves_out:
            yield from unknown_name(catalog, ExerciseSpec, "leaves_out", name)
        named = self.timetable.free_play_of
        if named is not None:
            place = "timetable.free_play_of"
            yield from unknown_name(catalog, FreePlayTableSpec, place, named)
        for number, one in enumerate(self.timetable.free_play):
            for name in one.shares:
                place = f"timetable.free_play[{number}].shares"
                yield from unknown_name(catalog, ExerciseSpec, place, name)
