"""Responses on a moving platform are due to the platform alone, and mirror it."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.platform_trials import (
    Trial,
    moves_of,
    prepare_platform_trials,
)
from dmi_sim.assessments.postural_responses.procedure import open_on_platform, responses
from dmi_sim.catalog import Catalog
from dmi_sim.env import posture_env
from dmi_sim.env.config import EnvBuild, EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.rollout.controllers import Action, ControllerState, Observation
from dmi_sim.spec.responses import Direction, ResponsesSpec
from tests.assessments.postural_responses.electromyograms import procedure
from tests.env.episodes import quiet

ON_PLATFORM = EnvConfig("sitting", on_platform=True)


@pytest.fixture(scope="module")
def env() -> Generator[PostureEnv]:
    made = PostureEnv(ON_PLATFORM)
    yield made
    made.close()


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> Generator[PostureEnv]:
    """An infant without noise who always starts in the same pose."""

    def same(config: EnvConfig, catalog: Catalog | None = None) -> EnvBuild:
        build = quiet(config, catalog)
        start = build.spec.start.model_copy(update={"angle_sd_deg": 0.0})
        return replace(build, spec=build.spec.model_copy(update={"start": start}))

    monkeypatch.setattr(posture_env, "build_env", same)
    made = PostureEnv(ON_PLATFORM)
    yield made
    made.close()


def few(trials: int = 1, durations: tuple[str, ...] = ("fast",)) -> ResponsesSpec:
    """The shipped procedure with fewer trials and speeds."""
    shipped = procedure()
    platform = shipped.platform.model_copy(
        update={"duration": {name: shipped.platform.duration[name] for name in durations}}
    )
    count = shipped.trials.model_copy(update={"value": trials})
    return shipped.model_copy(update={"trials": count, "platform": platform})


def trials(env: PostureEnv, spec: ResponsesSpec) -> dict[tuple[str, Direction], Trial]:
    platform = prepare_platform_trials(env, None, spec, 0.4)
    return {
        (move.motion, move.towards): next(iter(platform.trials(move)))
        for move in moves_of(spec.platform)
    }


def mirrored(activation: Vector) -> Vector:
    """Left muscles where right ones are, (t, n)."""
    pairs = activation.reshape(len(activation), -1, 2)
    return pairs[:, :, ::-1].reshape(activation.shape)


def test_responses_to_a_platform_moving_left_mirror_those_to_the_right(calm: PostureEnv) -> None:
    """Not exactly: Bullet solves contacts in an order, and the quiet infant leans a little, too."""
    seen = trials(calm, few())
    for motion in ("slide", "tilt"):
        left, right = seen[motion, "left"].extra, seen[motion, "right"].extra
        assert np.abs(left).max() > 0.05
        assert np.linalg.norm(left - mirrored(right)) < 0.15 * np.linalg.norm(left)
        assert np.linalg.norm(left - right) > 1.2 * np.linalg.norm(left)


def test_nothing_differs_before_the_platform_moves(env: PostureEnv) -> None:
    for seen in trials(env, few()).values():
        assert (seen.extra[seen.time_s <= 0] == 0).all()
        assert np.abs(seen.extra[seen.time_s > 0.1]).max() > 0.01


class Sways:
    """A controller that acts on its observation."""

    def __init__(self, size: int) -> None:
        self.size = size

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: np.ndarray | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        return np.tanh(observation[: self.size]).astype(np.float32), state


def test_the_response_of_a_controller_is_separated_from_reflexes(env: PostureEnv) -> None:
    platform = prepare_platform_trials(env, Sways(len(env.action_names)), few(), 0.4)
    seen = next(iter(platform.trials(moves_of(few().platform)[0])))
    central = np.abs(seen.activation - seen.reflexive)
    assert central[seen.time_s < 0.067].max() == 0
    assert central[seen.time_s > 0.15].max() > 0.01
    assert trials(env, few())["slide", "backward"].reflexive.shape == seen.reflexive.shape


def test_an_assessment_of_reflexes_only_is_reproducible_and_has_no_central_gain(
    env: PostureEnv,
) -> None:
    reported: list[str] = []
    spec = few(2, ("slow", "fast"))
    first = responses(None, env, spec, lambda _, what: reported.append(what))
    again = responses(None, env, spec)
    assert not first.was_settled
    assert first.moved_at_s == spec.start.early.value
    assert reported[0] == "slide backward, slow"
    assert len(first.moves) == len(reported) == 16
    for one, other in zip(first.moves, again.moves, strict=True):
        assert one.activation.tobytes() == other.activation.tobytes()
    gain = first.gain("slide", "forward", "central")
    assert (gain.slope, gain.low, gain.high) == (0.0, 0.0, 0.0)
    assert first.gain("slide", "forward", "postural").low > 0


def test_an_environment_without_platform_or_with_another_exercise_is_refused() -> None:
    for config, word in (
        (EnvConfig("sitting"), "on_platform"),
        (EnvConfig("standing"), "sitting"),
    ):
        env = PostureEnv(config)
        with pytest.raises(InputError, match=word):
            open_on_platform(env, procedure())
        env.close()
