"""Run a study again and again, each time with another of its assumptions changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.spec.sensitivity import AS_ASSUMED, SensitivitySpec
from dmi_sim.spec.studies import Study
from dmi_sim.study.choose import with_settings
from dmi_sim.study.parts import Parts
from dmi_sim.study.programme_cost import study_cost
from dmi_sim.study.programme_plan import plan_children

Form = Literal["full", "quick", "standard"]
"""Form of the study that runs again and again."""


@dataclass(frozen=True)
class SensitivityPlan:
    """All runs of a study with and without changes.

    Attributes:
        name: Name of the file.
        spec: What is changed.
        form: Form of the study.
        studies: The study as it runs, by the name of the change, first the one without.
    """

    name: str
    spec: SensitivitySpec
    form: Form
    studies: Mapping[str, ProgrammeStudySpec]

    @property
    def content(self) -> dict[str, Any]:
        """All that decides what comes of it, as plain values."""
        studies = {name: one.model_dump(mode="json") for name, one in self.studies.items()}
        return {"sensitivity": self.name, "studies": studies}

    def title(self, change: str) -> str:
        """A change in words."""
        return "as assumed" if change == AS_ASSUMED else self.spec.changes[change].title


def sensitivity_plan(
    name: str, spec: SensitivitySpec, study: Study, catalog: Catalog, form: Form = "full"
) -> SensitivityPlan:
    """All runs, planned; whatever would stop one of them is told now.

    Args:
        name: Name of the file.
        spec: What is changed.
        study: The study that it names, as its file has it.
        catalog: Source of all files that both name.
        form: Form of the study.

    Raises:
        InputError: If the study is not one of programmes or has no such arm, or a change does not
            fit or changes nothing.
    """
    where = f"{SensitivitySpec.folder}/{name}.yaml"
    if not isinstance(study, ProgrammeStudySpec):
        raise InputError(f"{where}: study: '{spec.study}' is not a study of programmes")
    for arm in spec.comparison:
        if arm not in study.arms:
            hint = did_you_mean(arm, study.arms)
            raise InputError(f"{where}: comparison: no arm '{arm}' in {spec.study}; {hint}")
    settings = {AS_ASSUMED: (), **{change: one.set for change, one in spec.changes.items()}}
    studies, problems = dict[str, ProgrammeStudySpec](), list[str]()
    for change, own in settings.items():
        try:
            studies[change] = _changed(spec, study, form, own)
            plan_children(name, studies[change], catalog)
        except InputError as error:
            problems += [f"{where}: changes.{change}: {line}" for line in error.problems]
    problems += [f"{where}: changes.{one}: changes nothing" for one in _idle(studies)]
    if problems:
        raise InputError(*problems)
    return SensitivityPlan(name, spec, form, studies)


def sensitivity_problems(spec: SensitivitySpec, catalog: Catalog) -> tuple[str, ...]:
    """What a sensitivity would be refused for: ``field: reason``.

    Args:
        spec: What is changed, as its file has it.
        catalog: Source of all files that it names.
    """
    if found := tuple(spec.problems(catalog)):
        return found
    name = "sensitivity"
    try:
        sensitivity_plan(name, spec, catalog.load(Study, spec.study), catalog)
    except InputError as error:
        return tuple(line.removeprefix(f"{spec.folder}/{name}.yaml: ") for line in error.problems)
    return ()


def _changed(
    spec: SensitivitySpec, study: ProgrammeStudySpec, form: Form, settings: tuple[str, ...]
) -> ProgrammeStudySpec:
    """The study in a form with some settings, and with two of its arms."""
    chosen = with_settings(
        spec.study,
        study,
        quick=form == "quick",
        standard=form == "standard",
        settings=settings,
    )
    assert isinstance(chosen, ProgrammeStudySpec)
    asked = chosen.primary_outcome.model_copy(update={"comparisons": (spec.comparison,)})
    arms = {name: chosen.arms[name] for name in spec.comparison if name in chosen.arms}
    empty = ProgrammeStudySpec.model_fields
    blocks = {block: empty[block].default for block in ("quick", "standard")}
    return chosen.model_copy(update={"arms": arms, "primary_outcome": asked, **blocks})


def _idle(studies: Mapping[str, ProgrammeStudySpec]) -> Iterator[str]:
    """Changes that leave the study as it is."""
    before = studies.get(AS_ASSUMED)
    yield from (name for name, one in studies.items() if name != AS_ASSUMED and one == before)


def cost_of_sensitivity(plan: SensitivityPlan, catalog: Catalog) -> str:
    """What all runs cost at most, in one line; it is said before anything runs.

    Args:
        plan: All runs.
        catalog: Source of all files that they name.
    """
    total, children = 0.0, 0
    for one in plan.studies.values():
        costs = study_cost(plan_children(plan.name, one, catalog), catalog)
        total += one.children * sum(cost.cpu_minutes for cost in costs.values())
        children += one.children * len(one.arms)
    return f"at most {total:.0f} CPU minutes in all: {len(plan.studies)} runs, {children} children"


def run_sensitivity(plan: SensitivityPlan, parts: Parts) -> dict[str, Path]:
    """Run the study with and without each change.

    Args:
        plan: All runs.
        parts: Where and how they run.

    Returns:
        The folder of each run, by the name of its change.

    Raises:
        InputError: If a run was begun with other settings or other software.
        MachineProblem: If children were given up.
    """
    return {
        change: parts.run(change, f"{plan.name}_{change}", study)
        for change, study in plan.studies.items()
    }
