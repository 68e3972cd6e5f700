"""Infants are told apart by age, sex, and a condition with its options and severity."""

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.names import conditions
from dmi_sim.report.comparisons import Group
from dmi_sim.report.group_titles import group_titles
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.study import ConditionChoice, StudySpec
from dmi_sim.study.cell import condition_kind
from tests.report.fakes import study

SHIPPED = Catalog.shipped()


def title_of(choice: ConditionChoice, age_months: float = 7.0, sex: str = "female") -> str:
    """The title of an infant of a study with one condition."""
    kind = condition_kind(choice.name, choice.options)
    group = Group(kind, choice.severity, age_months, sex)
    spec: StudySpec = study().model_copy(update={"conditions": (choice,)})
    return group_titles([group], spec.conditions, SHIPPED)[group]


def test_an_infant_is_described_in_words() -> None:
    assert title_of(ConditionChoice(name="typical")) == "girl of 7 months, typical development"
    down = ConditionChoice(name="down_syndrome", severity=0.4)
    assert title_of(down, 9.5, "male") == "boy of 9.5 months, Down syndrome, severity 0.4"


@pytest.mark.parametrize("condition", conditions())
def test_a_condition_has_the_title_of_its_file_with_its_options(condition: str) -> None:
    spec = SHIPPED.load(ConditionSpec, condition)
    options = {name: option.default for name, option in spec.options.items()}
    title = title_of(ConditionChoice(name=condition, severity=0.25, options=options))
    assert spec.title.lower() in title.lower()
    assert "_" not in title
    assert "=" not in title
    assert all(str(value) in title for value in options.values())
    assert ("severity 0.25" in title) == bool(spec.changes or spec.growth)


def test_one_condition_at_two_severities_has_two_titles() -> None:
    mild, severe = (ConditionChoice(name="hypotonia", severity=s) for s in (0.3, 0.8))
    assert title_of(mild) != title_of(severe)


def test_a_condition_that_no_longer_exists_is_called_by_its_name() -> None:
    assert title_of(ConditionChoice(name="gone_since")) == (
        "girl of 7 months, gone since, severity 0.5"
    )
