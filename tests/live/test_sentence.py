"""The sentence says what is seen, of the infant of whom it is most to be said."""

import pytest

from dmi_sim.live.messages import Sentence, Who
from dmi_sim.live.sentence import sentence, thresholds
from dmi_sim.page.messages import InfantFrame

UP = InfantFrame(
    poses="", site="pelvis", firmness=1, support_force_n=3, support_share=0.1, head_height_m=0.35,
    head_share=1.0, upright_rad=0.1, completion=0.4, is_success=False,
)  # fmt: skip


CARRIED, SUNK = thresholds().carried_from.value, thresholds().head_sunk_below.value


def seen(a: dict[str, object] | None = None, b: dict[str, object] | None = None) -> Sentence:
    infants: dict[Who, InfantFrame] = {
        "a": UP.model_copy(update=a or {}),
        "b": UP.model_copy(update=b or {}),
    }
    return sentence(infants, 4.2)


def test_who_fell_is_named_with_the_time() -> None:
    assert seen(b={"fell_at_s": 1.73}) == Sentence(key="one_down", infant="b", numbers={"s": 1.7})


def test_two_falls_are_told_together() -> None:
    told = seen({"fell_at_s": 3.0}, {"fell_at_s": 1.0})
    assert told == Sentence(key="both_down", numbers={"a": 3.0, "b": 1.0})


def test_a_fall_is_told_before_all_else() -> None:
    assert seen({"fell_at_s": 3.0}, {"support_share": 0.99}).key == "one_down"


def test_hands_that_carry_are_named_and_not_called_sitting() -> None:
    told = seen(b={"support_share": 0.86})
    assert (told.key, told.infant, told.numbers) == ("carried", "b", {"percent": 86})
    assert seen(b={"support_share": CARRIED - 0.01}).key == "both_up"


def test_a_head_that_sinks_is_told_though_nobody_fell() -> None:
    told = seen({"head_share": 0.69})
    assert (told.key, told.infant, told.numbers) == ("head_sunk", "a", {"percent": 69})
    assert seen({"head_share": SUNK}).key == "both_up"


def test_being_up_without_hands_is_another_thing_than_in_hands() -> None:
    assert seen().key == "both_up"
    assert seen({"site": "none"}).key == "both_up"
    assert seen({"site": "none"}, {"site": "none"}).key == "both_alone"


def test_the_thresholds_are_those_of_the_file() -> None:
    limits = thresholds()
    strict = limits.model_copy(
        update={"head_sunk_below": limits.head_sunk_below.model_copy(update={"value": 0.99})}
    )
    low: dict[Who, InfantFrame] = {"a": UP.model_copy(update={"head_share": 0.9}), "b": UP}
    assert sentence(low, 4.2).key == "both_up"
    assert sentence(low, 4.2, limits=strict).key == "head_sunk"


def test_nothing_is_concluded_before_a_second_has_passed() -> None:
    assert sentence({"a": UP, "b": UP}, 0.5).key == "begins"


@pytest.mark.parametrize("who", ["a", "b"])
def test_a_simulation_that_broke_off_is_told(who: Who) -> None:
    assert sentence({"a": UP, "b": UP}, 0.1, who) == Sentence(key="broke_off", infant=who)
