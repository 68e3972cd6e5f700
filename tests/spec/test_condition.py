"""Condition files: changes, options and extents that make no sense are refused."""

import pytest
from pydantic import ValidationError

from dmi_sim.condition.parameters import TARGET_FIELDS
from dmi_sim.spec.condition import AXIS_PARAMETERS
from tests.condition.floppy import SIDES, amount, condition

WEAK = {"parameter": "strength", "factor": amount(0.5)}
SOFT = {"parameter": "stiffness", "factor": amount(0.5)}


def test_one_number_is_the_change_at_full_severity() -> None:
    change = condition({"weak": WEAK}).changes["weak"]
    assert change.amount.severity == (1.0,)
    assert change.amount.values == (0.5,)
    assert change.neutral == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameter": "strength"}, "give either `factor` or `add`"),
        (WEAK | {"add": amount(1)}, "give either `factor` or `add`"),
        ({"parameter": "strenght", "factor": amount(0.5)}, "Input should be 'strength'"),
        ({"parameter": "strength", "add": amount(5, "N")}, "takes `factor`, not `add`"),
        ({"parameter": "range", "factor": amount(0.5)}, "takes `add`, not `factor`"),
        ({"parameter": "range", "add": amount(5, "rad")}, "the unit must be 'deg', not 'rad'"),
        ({"parameter": "strength", "factor": amount(-0.5)}, "a factor cannot be negative"),
        ({"parameter": "strength", "factor": amount([0.5, 0.5])}, "1 severities but 2 values"),
        (
            {"parameter": "strength", "factor": amount([0.5, 0.4], severity=[0.0, 1.0])},
            "`severity` must rise from above 0 to 1",
        ),
        (
            {"parameter": "strength", "factor": amount([0.5, 0.7], severity=[0.5, 1.0])},
            "must grow with severity, not turn back",
        ),
        (WEAK | {"regions": ["wrist"]}, "regions"),
        (WEAK | {"regions": ["arm"], "muscles": ["soleus"]}, "only one of"),
        (WEAK | {"axes": ["ankle.flexion"]}, "`strength` is no parameter of joints"),
        (SOFT | {"muscles": ["soleus"]}, "`stiffness` is no parameter of muscles"),
        (SOFT | {"axes": ["ankle.flexsion"]}, "did you mean 'ankle.flexion'"),
        (SOFT | {"parameter": "sensory_noise", "regions": ["neck"]}, "of the whole body"),
        (WEAK | {"by_age": amount([0, 2], age_months=[0, 9])}, "a share, from 0 to 1"),
        (
            {"parameter": "strength", "factor": {"value": 0.5, "unit": "1", "basis": "assumed"}},
            "note",
        ),
    ],
)
def test_a_change_that_is_incomplete_or_contradictory_is_refused(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        condition({"it": change})


def test_the_parameters_of_joints_are_those_with_one_value_per_axis() -> None:
    of_axes = {
        parameter for parameter, targets in TARGET_FIELDS.items() if targets[0].per == "axis"
    }
    assert of_axes == set(AXIS_PARAMETERS)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"choices": ["a", "b"], "default": "c"}, "none of the choices"),
        ({"default": 3}, "give `choices`, or `lowest` and `highest`"),
        ({"lowest": 0, "highest": 2, "default": 3}, "not within 0 to 2"),
        ({"lowest": 0, "highest": 2, "default": "one"}, "not within 0 to 2"),
    ],
)
def test_an_option_needs_a_default_among_what_it_allows(
    option: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        condition({}, options={"side": {"description": "Side", **option}})


def test_an_extent_may_only_refer_to_options_that_exist() -> None:
    with pytest.raises(
        ValidationError, match=r"extent\.side: no option 'sid'; did you mean 'side'"
    ):
        condition({}, options={"side": SIDES}, extent={"side": "sid"})


def test_every_choice_needs_its_shares() -> None:
    shares = {"left": amount({"arm": 1.0})}
    with pytest.raises(ValidationError, match="one entry for each choice of side"):
        condition({}, options={"side": SIDES}, extent={"by": "side", "shares": shares})
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        condition({}, extent={"shares": {"left": amount({"arm": 2.0})}})
    with pytest.raises(ValidationError, match="one_sided: names what is no choice"):
        condition({}, options={"side": SIDES}, extent={"side": "side", "one_sided": ["rihgt"]})
