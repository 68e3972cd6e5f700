"""Search: which programme teaches most, among all that a few parameters can make.

One file in ``experiments/searches`` names a study of programmes, a programme to begin from, and
what of it may be varied. Timetable, rest and stretching stay as they are, so that all candidates
have the same minutes. Children from whom a programme is chosen are none of those who judge it.
"""

from collections.abc import Iterator
from itertools import permutations
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import FileIndex, Hundreds, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.study_base import Study

SEARCHED = ("exercise", "site", "firmness", "provocation", "repetitions")
"""Fields of a programme that a search may vary; the others say how many minutes are practised."""
FOUND = "found"
"""Name of the arm with the programme that was found."""
FEWEST_CANDIDATES = 5
"""Candidates that differential evolution needs in each round."""


class RangeSpec(Strict):
    """A number that is searched between two others."""

    low: float
    """Smallest value."""
    high: float
    """Largest value."""
    whole: bool = False
    """Whether only whole numbers are tried."""

    @model_validator(mode="after")
    def _goes_up(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low: {self.low:g} must be below high {self.high:g}")
        if self.whole and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError("whole: low and high must be whole numbers too")
        return self


class ChoiceSpec(Strict):
    """One of several values, such as whole rules."""

    of: Annotated[tuple[Any, ...], Field(min_length=2)]
    """The values."""


Dimension: TypeAlias = RangeSpec | ChoiceSpec
"""What one parameter may be."""
Space: TypeAlias = dict[str, Dimension]
"""What may be varied, by dotted path in a programme, such as ``site.params.caudal_at``."""


class BudgetSpec(Strict):
    """What a search may spend, fixed before it runs."""

    candidates: Annotated[int, Field(ge=FEWEST_CANDIDATES, le=1000)]
    """Programmes that are tried in each round."""
    rounds: Annotated[int, Field(ge=1, le=1000)]
    """Rounds; each but the first follows from those before it."""
    children: Hundreds
    """Children who practise under each programme, the same ones under all of them."""

    @property
    def lives(self) -> int:
        """Children that are simulated in all.

        >>> BudgetSpec(candidates=6, rounds=3, children=2).lives
        36
        """
        return self.candidates * self.rounds * self.children


class SearchFormSpec(Strict):
    """Values that replace those of the full search in its quick form."""

    budget: BudgetSpec | None = None
    """What it may spend."""
    minutes: Positive | None = None
    """Wall time to expect on two cores [min]."""


class SearchSpec(Spec):
    """A search over programmes, and who judges what it finds."""

    folder: ClassVar[str] = "experiments/searches"

    title: str
    """Title of the search."""
    question: str
    """Question that it asks."""
    background: str
    """Reason for the question; it favours no programme."""
    study: str
    """Study of programmes in ``experiments``: its children judge, its outcome counts."""
    programme: str
    """Programme from which candidates differ, a file in ``models/programmes``."""
    space: Annotated[Space, Field(min_length=1)]
    """What may be varied."""
    budget: BudgetSpec
    """What the search may spend."""
    first_seed: Annotated[int, Field(ge=0, lt=2**31)]
    """Seed of the children from whom the programme is chosen, other than that of the study."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed of what is tried."""
    rivals: Annotated[tuple[str, ...], Field(min_length=1)]
    """Programmes beside which the one that was found is judged."""
    minutes: Positive
    """Wall time to expect on two cores [min]."""
    quick: SearchFormSpec = SearchFormSpec()
    """Values of the quick form; the study then is in its quick form too."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [*self._other_paths(), *self._nested_paths()]
        if FOUND in self.rivals:
            problems.append(f"rivals: '{FOUND}' is the name of the programme that is looked for")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _other_paths(self) -> Iterator[str]:
        for path in self.space:
            field = path.partition(".")[0]
            if field not in SEARCHED:
                hint = did_you_mean(field, SEARCHED)
                yield f"space.{path}: a search may not vary '{field}'; {hint}"

    def _nested_paths(self) -> Iterator[str]:
        for outer, inner in permutations(self.space, 2):
            if inner.startswith(f"{outer}."):
                yield f"space.{inner}: lies within '{outer}', which is varied as a whole"

    def quick_form(self) -> "SearchSpec":
        """The search with the values of its ``quick`` block in force and the block empty."""
        changes = {name: value for name, value in self.quick if value is not None}
        return self.model_copy(update={**changes, "quick": SearchFormSpec()})

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of a study or of programmes that do not exist."""
        yield from unknown_name(catalog, Study, "study", self.study)
        for field, name in (("programme", self.programme), *(("rivals", r) for r in self.rivals)):
            yield from unknown_name(catalog, ProgrammeSpec, field, name)
