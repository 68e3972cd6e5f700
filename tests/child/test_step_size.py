"""A brain learns from all its practice, and its behaviour changes no further than it may."""

from collections.abc import Callable
from typing import Any, cast

import pytest
import torch
from torch.distributions import Normal

from dmi_sim.child.experience import Experience
from dmi_sim.child.step_size import SMALLEST, divergence_nats, learn_within

SPREAD = 0.1
PRACTICE: Experience = {"observations": torch.zeros(1, 1)}


class Learner:
    """One number that is done in every situation; to learn moves it by the learning rate."""

    def __init__(self, rate: float, tried: list[float]) -> None:
        self.does, self.lr_schedule, self.tried = 0.0, lambda _left: rate, tried
        self.policy = self

    def learn(self) -> None:
        step = self.lr_schedule(1.0)
        self.tried.append(step)
        self.does += step

    def get_distribution(self, observations: torch.Tensor) -> "Learner":
        self.distribution = Normal(torch.full_like(observations, self.does), SPREAD)
        return self

    def get_parameters(self) -> dict[str, float]:
        return {"does": self.does}

    def set_parameters(self, known: dict[str, float], **_how: object) -> None:
        self.does = known["does"]


def learnt(rate: float, limit_nats: float, share: float = 1.0) -> tuple[Learner, float]:
    """A learner that has learnt once, and the share of the rate that it takes next."""
    learner = Learner(rate, [])
    learn: Callable[[], None] = learner.learn
    return learner, learn_within(cast(Any, learner), PRACTICE, limit_nats, share, learn)


def test_the_divergence_of_two_behaviours_is_known_in_closed_form() -> None:
    """For one spread it is half the squared distance over the squared spread, summed."""
    before, after = Normal(torch.zeros(4, 3), SPREAD), Normal(torch.full((4, 3), 0.05), SPREAD)
    assert divergence_nats(before, after) == pytest.approx(3 * 0.5 * (0.05 / SPREAD) ** 2)


def test_a_step_that_goes_too_far_is_taken_back_and_halved() -> None:
    """A step of 0.1 is half a nat here; a quarter of it is the first within 0.04."""
    learner, share = learnt(rate=0.1, limit_nats=0.04)
    assert learner.tried == [0.1, 0.05, 0.025]
    assert learner.does == 0.025
    assert share == 0.25


def test_a_step_well_within_the_limit_is_larger_the_next_time() -> None:
    learner, share = learnt(rate=0.1, limit_nats=0.04, share=0.125)
    assert learner.tried == [0.0125]
    assert share == 0.1875


def test_no_step_is_larger_than_the_largest() -> None:
    learner, share = learnt(rate=0.001, limit_nats=0.04)
    assert learner.tried == [0.001]
    assert share == 1


def test_a_limit_that_no_step_keeps_ends_the_search() -> None:
    learner, share = learnt(rate=10.0, limit_nats=1e-9)
    assert share == SMALLEST
    assert learner.does == 10 * SMALLEST


def test_the_largest_learning_rate_stays_what_it_was() -> None:
    learner, _ = learnt(rate=0.1, limit_nats=0.04)
    assert learner.lr_schedule(1.0) == 0.1
