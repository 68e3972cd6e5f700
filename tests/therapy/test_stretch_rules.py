"""How stretching and practice share the minutes of a session."""

import pytest

from dmi_sim.registry import parameter_problem
from dmi_sim.therapy.stretch_rules import STRETCH_RULES, Stretch, active, none, passive


def test_passive_stretching_takes_its_minutes_from_the_practice() -> None:
    stretched = passive(45, joint="ankle.flexion", angle_deg=20, minutes=10)
    held = (("ankle.flexion", 20.0),)
    assert stretched == Stretch(practice_min=35, passive_min=10, held_deg=held)


def test_active_stretching_comes_with_the_practice() -> None:
    assert active(45) == Stretch(practice_min=45, active_min=45)
    assert none(45) == Stretch(practice_min=45)


def test_stretching_all_through_a_session_is_refused() -> None:
    with pytest.raises(ValueError, match="60 leave no practice in 45 minutes"):
        passive(45, joint="ankle.flexion", angle_deg=20, minutes=60)


def test_no_rule_makes_a_session_longer() -> None:
    params = {"passive": {"joint": "hip.flexion", "angle_deg": 0.0, "minutes": 5.0}}
    for name, rule in STRETCH_RULES.items():
        stretched = rule(45.0, **params.get(name, {}))
        assert stretched.practice_min + stretched.passive_min == pytest.approx(45), name
        assert 0 <= stretched.active_min <= stretched.practice_min, name


def test_an_unknown_joint_is_named_with_the_nearest_right_one() -> None:
    problem = parameter_problem(passive, {"joint": "ankle.flexon", "angle_deg": 0, "minutes": 5})
    assert problem.startswith("parameter 'joint': no axis 'ankle.flexon'; did you mean")
