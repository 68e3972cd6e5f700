"""Options of a condition: completed with defaults, or refused by name."""

import pytest

from dmi_sim.condition.options import resolve_options
from dmi_sim.errors import InputError
from dmi_sim.spec.condition import ConditionSpec
from tests.condition.floppy import SIDES, condition

WEEKS = {"description": "At birth", "lowest": 24, "highest": 36, "default": 30}
OFFER = condition({}, options={"side": SIDES, "weeks": WEEKS})
NONE = condition({})


def test_options_that_are_not_chosen_have_their_defaults() -> None:
    assert resolve_options("floppy", OFFER, None) == {"side": "left", "weeks": 30.0}
    assert resolve_options("floppy", OFFER, {"weeks": 26}) == {"side": "left", "weeks": 26.0}


@pytest.mark.parametrize(
    ("spec", "given", "message"),
    [
        (OFFER, {"sied": "left"}, "condition_options: floppy has no 'sied'; did you mean 'side'"),
        (OFFER, {"side": "leftt"}, "condition_options.side: no 'leftt'; did you mean 'left'"),
        (OFFER, {"side": 3}, "condition_options.side: no '3'; known: left, right"),
        (OFFER, {"weeks": 40}, "condition_options.weeks: 40 is outside 24 to 36"),
        (OFFER, {"weeks": "30"}, "condition_options.weeks: '30' is not a number from 24 to 36"),
        (OFFER, {"weeks": float("nan")}, "condition_options.weeks: nan is outside"),
        (OFFER, {4: 1}, "condition_options: floppy has no '4'"),
        (OFFER, [("side", "left")], "condition_options: .* is not a mapping"),
        (NONE, {"side": "left"}, "condition_options: floppy offers none, got 'side'"),
    ],
)
def test_a_wrong_option_is_refused_by_name(
    spec: ConditionSpec, given: object, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        resolve_options("floppy", spec, given)
