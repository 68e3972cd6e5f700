"""Every registered outcome says what it is, and new ones come in by the same door."""

import re
from math import inf, isnan, nan
from typing import get_args

import numpy as np
import pytest

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.errors import did_you_mean
from dmi_sim.names import exercises
from dmi_sim.outcome.registry import OUTCOMES, SHARE, Direction, Outcome, outcome
from dmi_sim.recording import Recording
from dmi_sim.spec.exercise import ExerciseSpec
from tests.outcome.recordings import recording


@pytest.fixture(params=OUTCOMES)
def each(request: pytest.FixtureRequest) -> Outcome:
    return OUTCOMES[request.param]


def test_outcomes_are_listed_by_name() -> None:
    assert dmi_sim.outcomes() == tuple(OUTCOMES)
    assert all(OUTCOMES[name].name == name for name in dmi_sim.outcomes())


def test_an_outcome_says_what_it_is(each: Outcome) -> None:
    assert each.direction in get_args(Direction)
    for text in (each.title, each.meaning, each.definition):
        assert text.strip() == text != ""
        assert not text.endswith(".")


def test_an_outcome_is_understood_without_its_neighbours(each: Outcome) -> None:
    """A study may report it alone, so its words must not lean on those of another."""
    for text in (each.title, each.meaning, each.definition):
        words = text.lower().split()
        assert words[:2] != ["the", "same"]
        assert words[0] not in {"its", "their", "that", "it"}
        assert "of its power" not in text
        assert "of that of" not in text


def test_what_an_outcome_says_is_true_of_every_exercise(each: Outcome) -> None:
    """It names none of them: whoever crawls did not sit for some time before it fell."""
    catalog = Catalog.shipped()
    verbs = (catalog.load(ExerciseSpec, name).verb for name in exercises())
    forms = {form for verb in verbs if verb for form in verb.model_dump().values()}
    for text in (each.title, each.meaning):
        assert not [form for form in forms if re.search(rf"\b{form}\b", text)]


def test_the_name_of_an_outcome_ends_in_its_unit(each: Outcome) -> None:
    suffix = each.unit.replace("/", "_").replace(".", "_").lower()
    assert each.unit == "1" or each.name.endswith(f"_{suffix}")


def test_every_outcome_has_a_title_of_its_own() -> None:
    titles = [one.title for one in OUTCOMES.values()]
    assert len(set(titles)) == len(titles)


def test_an_outcome_is_a_number_or_the_one_nan_and_leaves_the_recording_as_it_was(
    each: Outcome,
) -> None:
    rng = np.random.default_rng(0)
    path = np.cumsum(rng.normal(0, 0.002, (301, 3)), axis=0)
    seen = recording(steps=300, com_m=path.copy(), cop_m=path.copy())
    value = each.value(seen)
    assert type(value) is float
    assert value is nan if isnan(value) else value == each.value(seen)
    assert np.array_equal(seen.com_m, path)
    assert np.array_equal(seen.cop_m, path)


@pytest.mark.parametrize("seed", range(5))
def test_no_episode_has_a_number_beyond_the_bounds(each: Outcome, seed: int) -> None:
    """Of a body that tumbles wildly, pushed and held, its activity anything that is possible."""
    rng, count = np.random.default_rng(seed), 301
    quats = rng.normal(size=(count, 15, 4))
    activation = rng.uniform(size=(count, 4)).astype(np.float32)
    wild = recording(
        steps=count - 1,
        com_m=np.cumsum(rng.normal(0, 0.1, (count, 3)), axis=0),
        cop_m=np.cumsum(rng.normal(0, 0.1, (count, 3)), axis=0),
        com_velocity_m_s=rng.normal(0, 3, (count, 3)),
        joint_velocity_rad_s=rng.normal(0, 30, (count, 34)),
        stride_hz=float(rng.uniform(0.5, 3)),
        segment_pos_world=rng.normal(0, 1, (count, 15, 3)),
        segment_quat_world=quats / np.linalg.norm(quats, axis=2, keepdims=True),
        upright_rad=rng.uniform(0, np.pi, count),
        support_force_n=rng.uniform(0, 300, count),
        support_share=rng.normal(0, 2, count),
        contact_force=rng.uniform(-1, 1, (count, 15)).clip(0),
        activation=activation,
        activation_rms=np.sqrt((activation**2).mean(axis=1)),
        support_work_j=np.cumsum(rng.uniform(0, 5, (count, 2)), axis=0),
        muscle_work_j=np.cumsum(rng.uniform(0, 5, (count, 2)), axis=0),
        completion=float(rng.uniform()),
        fell=bool(seed % 2),
        is_success=bool(seed % 3),
    )
    value = each.value(wild)
    assert isnan(value) or each.bounds.lowest <= value <= each.bounds.highest


def test_what_is_a_share_or_an_index_to_one_says_so(each: Outcome) -> None:
    is_told = re.search(
        r"\b(0 to 1|rate|share of (the )?(tests|time))\b", f"{each.title} {each.meaning}"
    )
    assert not is_told or each.bounds == SHARE


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_a_number_that_is_not_finite_is_unknown(number: float) -> None:
    odd = Outcome("odd", lambda _: number, "1", "t", "m", "d", "none")
    assert odd.value(recording()) is nan


def test_an_outcome_that_nothing_defines_is_refused() -> None:
    def vague(recording: Recording) -> float:
        return 0.0

    with pytest.raises(ValueError, match="outcome 'vague': needs a docstring"):
        outcome(unit="1", title="t", meaning="m", direction="none")(vague)
    assert "vague" not in OUTCOMES


def test_a_name_is_given_once() -> None:
    def effort(recording: Recording) -> float:
        """Another effort."""
        return 0.0

    with pytest.raises(ValueError, match="outcome: 'effort' is registered already"):
        outcome(unit="1", title="t", meaning="m", direction="none")(effort)


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    hint = did_you_mean("time_upright_s", OUTCOMES)
    assert OUTCOMES.unknown("time_uprigt_s") == f"no outcome 'time_uprigt_s'; {hint}"
    assert OUTCOMES.unknown("time_upright_s") == ""
