"""All outcomes of an episode together."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dmi_sim.outcome import paths, phase, stability
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.study.columns import end_columns, names, outcome_columns
from tests.outcome.recordings import recording, swaying, swing


def test_all_outcomes_come_under_their_column_names() -> None:
    outcomes = episode_outcomes(recording(steps=45, fell=True))
    assert tuple(outcomes) == names((*outcome_columns(), *end_columns()))
    assert set(outcomes) > set(OUTCOMES)
    assert all(type(value) is float for value in outcomes.values())
    assert outcomes["n_steps"] == 45
    assert outcomes["duration_s"] == pytest.approx(1.5)
    assert (outcomes["fell"], outcomes["physics_fault"]) == (1.0, 0.0)


@pytest.mark.parametrize("steps", [0, 1, 20])
def test_a_short_episode_has_no_frequency_no_entropy_and_no_phase_but_a_time(steps: int) -> None:
    outcomes = episode_outcomes(recording(steps=steps, fell=True))
    unknown = ("cop_f50_hz", "cop_f95_hz", "cop_entropy_ap", "head_trunk_phase_rad")
    assert np.isnan([outcomes[name] for name in unknown]).all()
    assert outcomes["time_upright_s"] == pytest.approx(steps / 30)


def test_two_equal_episodes_have_equal_outcomes_unknown_ones_too() -> None:
    assert episode_outcomes(recording()) == episode_outcomes(recording())


@pytest.mark.parametrize(
    ("module", "work", "times"),
    [(paths, "low_pass", 2), (stability, "base_of_support_m", 1), (phase, "relative_phase", 2)],
)
def test_what_several_outcomes_share_is_worked_out_once_an_episode(
    module: object, work: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    original: Callable[..., Any] = getattr(module, work)

    def counted(*arguments: Any) -> Any:
        calls.append(work)
        return original(*arguments)

    monkeypatch.setattr(module, work, counted)
    path = swaying(swing(0.01, 0.5), swing(0.01, 0.3))
    episode_outcomes(recording(steps=300, com_m=path, cop_m=path))
    assert len(calls) == times
