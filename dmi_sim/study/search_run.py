"""Run a search: each round is a study of programmes, and so is the judgement in the end.

A round holds all its candidates as arms, and the children from whom a programme is chosen. What was
found is then judged by children who took no part: those of the study that the search names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.child.outcomes import CHILD_OUTCOMES, measured_in
from dmi_sim.errors import InputError
from dmi_sim.files import write_json, write_text
from dmi_sim.spec.programme_study import (
    ChildOutcomeSpec,
    ProgrammeArmSpec,
    ProgrammeFormSpec,
    ProgrammeStudySpec,
)
from dmi_sim.spec.search import FOUND, ChoiceSpec, Dimension, SearchSpec
from dmi_sim.spec.studies import Study
from dmi_sim.study.courses import courses
from dmi_sim.study.parts import RESULT, Parts
from dmi_sim.study.programme_cost import study_cost
from dmi_sim.study.programme_plan import plan_children, programme_in
from dmi_sim.study.search import (
    Candidate,
    Changes,
    Values,
    best_of,
    changes_of,
    search,
    settings_at,
)

JUDGED = "judged"
"""Folder of the run in which the programme that was found is judged."""
_CORNERS = 16
"""Corners of a space that are tried before anything runs."""


@dataclass(frozen=True)
class SearchPlan:
    """A search as it is going to run.

    Attributes:
        name: Name of the search.
        spec: The search, in its form.
        study: The study whose children judge, in its form.
    """

    name: str
    spec: SearchSpec
    study: ProgrammeStudySpec

    @property
    def content(self) -> dict[str, Any]:
        """All that decides what comes of it, as plain values."""
        spec, study = self.spec.model_dump(mode="json"), self.study.model_dump(mode="json")
        return {"search": self.name, "spec": spec, "study": study}

    def round(self, number: int, candidates: Sequence[Changes]) -> ProgrammeStudySpec:
        """The study of a round.

        Args:
            number: Number of the round, from 0.
            candidates: What each of its candidates changes.
        """
        arms = {
            f"candidate_{place:02d}": ProgrammeArmSpec(programme=self.spec.programme, changes=own)
            for place, own in enumerate(candidates)
        }
        first, second, *_ = arms
        title = f"{self.spec.title}: round {number + 1}, of which nothing is concluded"
        return self._study(title, arms, ((first, second),)).model_copy(
            update={"children": self.spec.budget.children, "first_seed": self.spec.first_seed}
        )

    def judgement(self, found: Changes) -> ProgrammeStudySpec:
        """The study in which other children judge what was found.

        Args:
            found: What the programme that was found changes.
        """
        arms = {
            FOUND: ProgrammeArmSpec(programme=self.spec.programme, changes=found),
            **{name: ProgrammeArmSpec(programme=name) for name in self.spec.rivals},
        }
        pairs = tuple((FOUND, name) for name in self.spec.rivals)
        return self._study(f"{self.spec.title}: judged by other children", arms, pairs)

    def _study(
        self, title: str, arms: dict[str, ProgrammeArmSpec], pairs: tuple[tuple[str, str], ...]
    ) -> ProgrammeStudySpec:
        asked = self.study.primary_outcome
        return self.study.model_copy(
            update={
                "title": title,
                "question": self.spec.question,
                "background": self.spec.background,
                "arms": arms,
                "primary_outcome": asked.model_copy(update={"comparisons": pairs}),
                "quick": ProgrammeFormSpec(),
                "standard": ProgrammeFormSpec(),
            }
        )


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        folder: Folder of the search.
        candidates: All that was tried, oldest first.
        found: The candidate of which most came.
        judged: Folder of the run in which other children judge it.
        study_file: Study file of that run, to be run again or with more children.
    """

    folder: Path
    candidates: tuple[Candidate, ...]
    found: Candidate
    judged: Path
    study_file: Path


def search_plan(
    name: str, spec: SearchSpec, study: Study, catalog: Catalog, *, quick: bool = False
) -> SearchPlan:
    """A search as it is going to run; whatever would stop it later is told now.

    Args:
        name: Name of the search.
        spec: The search as its file has it.
        study: The study that it names, as its file has it.
        catalog: Source of all files that both name.
        quick: Whether both take their quick forms.

    Raises:
        InputError: If the study is not one of programmes, has the same children, or a corner of the
            space is no programme.
    """
    where = f"{SearchSpec.folder}/{name}.yaml"
    if not isinstance(study, ProgrammeStudySpec):
        raise InputError(f"{where}: study: '{spec.study}' is not a study of programmes")
    if spec.first_seed == study.first_seed:
        raise InputError(
            f"{where}: first_seed: {spec.first_seed} is that of {spec.study}, so the children from "
            "whom a programme is chosen would judge it too; write another"
        )
    chosen = SearchPlan(
        name,
        spec.quick_form() if quick else spec,
        study.quick_form() if quick else study,
    )
    for corner in _corners(spec):
        try:
            programme_in(chosen.judgement(changes_of(corner)), FOUND, catalog)
        except InputError as error:
            raise InputError(
                *(f"{where}: space: {_placed(line)}" for line in error.problems)
            ) from None
    return chosen


def _placed(problem: str) -> str:
    """A problem of the arm that was tried, by its place in a programme."""
    return problem.removeprefix(f"arms.{FOUND}").lstrip(".: ").removeprefix("changes: ")


def search_problems(spec: SearchSpec, catalog: Catalog) -> tuple[str, ...]:
    """What a search would be refused for: ``field: reason``.

    Args:
        spec: The search as its file has it.
        catalog: Source of all files that it names.
    """
    if found := tuple(spec.problems(catalog)):
        return found
    name = "search"
    try:
        search_plan(name, spec, catalog.load(Study, spec.study), catalog)
    except InputError as error:
        return tuple(line.removeprefix(f"{spec.folder}/{name}.yaml: ") for line in error.problems)
    return ()


def _corners(spec: SearchSpec) -> tuple[dict[str, Any], ...]:
    """Settings at some corners of a space; that at which each parameter has its first end first."""
    ends = [_ends(one) for one in spec.space.values()]
    rng = np.random.default_rng(0)
    others = [[own[int(rng.integers(len(own)))] for own in ends] for _ in range(_CORNERS)]
    return tuple(settings_at(spec.space, point) for point in ([own[0] for own in ends], *others))


def _ends(one: Dimension) -> Sequence[float]:
    return range(len(one.of)) if isinstance(one, ChoiceSpec) else (one.low, one.high)


def cost_of_search(plan: SearchPlan, catalog: Catalog) -> str:
    """What a search costs at most, in one line; it is said before anything runs.

    Args:
        plan: The search.
        catalog: Source of all files that it names.
    """
    corner = changes_of(_corners(plan.spec)[0])
    budget, judgement = plan.spec.budget, plan.judgement(corner)
    costs = study_cost(plan_children(plan.name, judgement, catalog), catalog)
    one_min = max(cost.cpu_minutes for cost in costs.values())
    judges = len(judgement.arms) * judgement.children
    return (
        f"at most {one_min * (budget.lives + judges):.0f} CPU minutes in all: "
        f"{budget.rounds} rounds of {budget.candidates} candidates with {budget.children} children "
        f"each, then {judgement.children} other children in {len(judgement.arms)} arms; "
        f"{one_min:.1f} for one child"
    )


def run_search(plan: SearchPlan, parts: Parts) -> SearchResult:
    """Search, and let other children judge what was found.

    Args:
        plan: The search.
        parts: Where and how its studies run.

    Raises:
        InputError: If a round was begun with other settings or other software.
        MachineProblem: If children were given up.
    """

    def evaluate(number: int, candidates: Sequence[Changes]) -> Values:
        study = plan.round(number, candidates)
        run = parts.run(f"round_{number:02d}", f"{plan.name}_round", study)
        return values_of(courses(run), tuple(study.arms), study.primary_outcome)

    candidates = search(plan.spec.space, plan.spec.budget, plan.spec.seed, evaluate)
    found = best_of(candidates)
    judgement, name = plan.judgement(found.changes), f"{plan.name}_found"
    study_file = parts.folder / f"{name}.yaml"
    write_text(study_file, _study_text(judgement))
    judged = parts.run(JUDGED, name, judgement)
    plain = [{**vars(one), "settings": one.settings} for one in candidates]
    write_json(parts.folder / RESULT, {"found": vars(found), "candidates": plain})
    return SearchResult(parts.folder, candidates, found, judged, study_file)


def values_of(
    lived: Sequence[Course], arms: Sequence[str], asked: ChildOutcomeSpec
) -> tuple[float, ...]:
    """What came of each arm: mean of the outcome over its children, the larger the better.

    Args:
        lived: Courses of all children.
        arms: Names of the arms.
        asked: The outcome; where lower is better its sign is changed.
    """
    sign = -1.0 if CHILD_OUTCOMES[asked.outcome].direction == "lower" else 1.0
    by_arm: Mapping[str, list[float]] = {arm: [] for arm in arms}
    for one in lived:
        by_arm[one.arm].append(sign * measured_in(one, asked.outcome, asked.params).value)
    return tuple(sum(own) / len(own) if own else nan for own in by_arm.values())


def _study_text(study: ProgrammeStudySpec) -> str:
    """A study as a file; JSON is YAML."""
    content = study.model_dump(mode="json", exclude_defaults=True)
    head = "# Written by dmi-sim search: the programme that was found, as an arm beside others."
    return f"{head}\n{json.dumps(content, indent=2)}\n"
