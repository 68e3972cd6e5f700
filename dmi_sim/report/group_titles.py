"""Kinds of infants in a few words: sex, age, condition with its options and severity."""

from collections.abc import Iterable, Iterator, Mapping

from dmi_sim.catalog import Catalog
from dmi_sim.report.comparisons import Group
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.study import ConditionChoice
from dmi_sim.study.cell import condition_kind

_SEXES = {"female": "girl", "male": "boy", "drawn": "girl or boy"}


def group_titles(
    groups: Iterable[Group], conditions: Iterable[ConditionChoice], catalog: Catalog
) -> dict[Group, str]:
    """Titles of kinds of infants, such as ``girl of 7 months, typical development``.

    Args:
        groups: Kinds of infants of a run.
        conditions: Conditions of the study that they took part in.
        catalog: Source of the titles of conditions.
    """
    choices = {condition_kind(one.name, one.options): one for one in conditions}
    return {group: _title(group, choices, catalog) for group in groups}


def _title(group: Group, choices: Mapping[str, ConditionChoice], catalog: Catalog) -> str:
    sex = _SEXES.get(group.sex, group.sex)
    choice = choices.get(group.condition, ConditionChoice(name=group.condition))
    condition = ", ".join(_condition_words(choice, group.severity, catalog))
    dose = f", a dose of {group.dose_steps} control steps" if group.dose_steps else ""
    return f"{sex} of {group.age_months:g} months, {condition}{dose}"


def _condition_words(choice: ConditionChoice, severity: float, catalog: Catalog) -> Iterator[str]:
    """Title, options and severity of a condition; its name if its file no longer exists."""
    if choice.name not in catalog.names(ConditionSpec):
        yield choice.name.replace("_", " ")
        yield f"severity {severity:g}"
        return
    spec = catalog.load(ConditionSpec, choice.name)
    yield spec.title if spec.begins_with_a_name else spec.title[:1].lower() + spec.title[1:]
    yield from (f"{name.replace('_', ' ')} {value}" for name, value in choice.options.items())
    if spec.changes or spec.growth:
        yield f"severity {severity:g}"
