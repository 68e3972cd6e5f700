"""The card states amounts at its severity and age, comparisons, options and what is left out."""

import pytest

import dmi_sim
from dmi_sim.assessments.condition_card.procedure import condition_card
from dmi_sim.assessments.condition_card.result import ConditionCard
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.spec.condition import ConditionSpec


def amount(found: ConditionCard, name: str) -> str:
    return next(one.change for one in found.changes if one.name == name)


def test_amounts_are_those_of_the_severity_and_age() -> None:
    changes = Catalog.shipped().load(ConditionSpec, "spastic_cp").changes
    weak, spastic = changes["weakness"].amount.values, changes["spasticity"].amount.values
    third_of_five = condition_card("spastic_cp", 12, 0.6)
    assert amount(third_of_five, "weakness") == f"x {weak[2]:.2f}"
    assert amount(condition_card("spastic_cp", 24, 1.0), "spasticity") == f"+{spastic[-1]:.3g} s"
    newborn = amount(condition_card("spastic_cp", 0, 1.0), "spasticity")
    assert 0 < float(newborn.split()[0]) < spastic[-1] / 2
    assert amount(condition_card("preterm", severity=0.0), "noisy_senses") == "x 1.00"


def test_the_compared_quantities_are_those_of_the_two_infants() -> None:
    found = condition_card("acquired_brain_injury", 9, 1.0, {"side": "right"})
    typical, now = (
        Infant.from_spec(9, condition=c, severity=1.0, condition_options=o)
        for c, o in (("typical", {}), ("acquired_brain_injury", {"side": "right"}))
    )
    knees = {one.name: one for one in found.comparisons if "knee extension" in one.name}
    right = knees["strength: right knee extension"]
    assert right.now == now.peak_torque_nm("right_knee", "extension")
    assert right.typical == typical.peak_torque_nm("right_knee", "extension")
    assert right.now < knees["strength: left knee extension"].now


def test_the_card_gives_the_share_of_a_change_in_each_region() -> None:
    weak = condition_card("spastic_cp", 7, 1.0, {"topography": "diplegia"}).changes[0]
    assert weak.arrives == {"neck": 0.15, "trunk": 0.6, "arm": 0.35, "leg": 1.0}
    one_sided = condition_card("spastic_cp", 7, 1.0, {"topography": "unilateral"}).changes[0]
    assert set(one_sided.arrives) == {"left trunk", "left arm", "left leg"}
    assert condition_card("hypotonia").changes[0].arrives == {}


def test_growth_and_options_are_described_if_there_are_any() -> None:
    assert "Fenton" in condition_card("preterm").growth
    assert "24 to 36" in condition_card("preterm").options["weeks"]
    assert condition_card("hypotonia").growth == ""


@pytest.mark.parametrize("condition", dmi_sim.conditions())
def test_there_is_a_card_of_every_condition(condition: str) -> None:
    found = condition_card(condition, 18, 0.7)
    changed = [one for one in found.comparisons if one.now != one.typical]
    assert bool(changed) == bool(found.changes) == (condition != "typical")
    assert all(one.note and one.basis for one in found.changes)
