"""A plain policy acts as its numbers say, and knows what is not plain."""

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from stable_baselines3.common.policies import ActorCriticPolicy
from torch import nn

from dmi_sim.training.plain_policy import PlainPolicy, plain_policy
from dmi_sim.training.policy import policy_from_torch

SEEN, DONE = gym.spaces.Box(-9, 9, (3,), np.float32), gym.spaces.Box(-1, 1, (2,), np.float32)

ONES = np.ones(3, np.float32)


def library_policy(
    seen: gym.Space[Any] = SEEN, done: gym.Space[Any] = DONE, **settings: Any
) -> ActorCriticPolicy:
    torch.manual_seed(2)
    settings.setdefault("net_arch", [8, 8])
    return ActorCriticPolicy(seen, done, lambda _: 1e-3, **settings)


def found(policy: ActorCriticPolicy) -> PlainPolicy:
    plain = plain_policy(policy)
    assert plain is not None
    return plain.without_gradients()


def test_actions_are_spread_around_those_of_the_same_policy_in_numpy() -> None:
    policy = library_policy(log_std_init=-1.0)
    bare = policy_from_torch(policy, "tanh")
    actions, values, _ = found(policy).act(torch.ones(40_000, 3))
    assert actions.mean(axis=0) == pytest.approx(bare.predict(ONES)[0], abs=0.01)
    assert actions.std(axis=0) == pytest.approx(np.exp(-1.0), rel=0.02)
    assert float(values[0]) == pytest.approx(float(bare.values(ONES)), abs=1e-6)


def test_the_probability_of_an_action_is_the_same_before_and_after() -> None:
    plain, seen = found(library_policy()), torch.randn(50, 3)
    actions, values, log_probs = plain.act(seen)
    again = plain.evaluate(seen, torch.from_numpy(actions))
    assert log_probs.numpy() == pytest.approx(again.log_prob.numpy(), abs=1e-5)
    assert torch.equal(values, again.values)
    assert torch.equal(again.means, plain.means(seen))


def test_it_follows_the_weights_and_the_spread_of_the_policy() -> None:
    policy = library_policy()
    plain, seen = found(policy), torch.ones(4000, 3)
    before = plain.act(seen)[0].std()
    for parameter in policy.parameters():
        parameter.data.add_(-1.0)
    assert plain.act(seen)[0].std() == pytest.approx(before / np.e, rel=0.05)
    assert torch.equal(plain.values(seen), policy.predict_values(seen))


def test_no_gradient_is_kept_where_none_is_wanted() -> None:
    policy = library_policy()
    assert not found(policy).values(torch.ones(1, 3)).requires_grad
    plain = plain_policy(policy)
    assert plain is not None
    assert plain.values(torch.ones(1, 3)).requires_grad


class Own(ActorCriticPolicy):
    """A policy of somebody's own."""


def listened_to() -> ActorCriticPolicy:
    policy: Any = library_policy()
    policy.value_net.register_forward_hook(lambda *_: None)
    return policy


def squashed() -> ActorCriticPolicy:
    policy: Any = library_policy()
    policy.action_net = nn.Sequential(nn.Linear(8, 2), nn.Tanh())
    return policy


UNKNOWN: dict[str, Callable[[], ActorCriticPolicy]] = {
    "discrete actions": lambda: library_policy(done=gym.spaces.Discrete(3)),
    "images": lambda: library_policy(seen=gym.spaces.Box(0, 255, (3, 8, 8), np.uint8)),
    "double precision": lambda: library_policy(seen=gym.spaces.Box(-9, 9, (3,), np.float64)),
    "noise that depends on the state": lambda: library_policy(use_sde=True),
    "another activation": lambda: library_policy(activation_fn=nn.ELU),
    "no hidden layer": lambda: library_policy(net_arch=[]),
    "a policy of one's own": lambda: Own(SEEN, DONE, lambda _: 1e-3),
    "another last layer": squashed,
    "a layer that is listened to": listened_to,
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_whatever_is_not_plain_is_known_as_such(name: str) -> None:
    assert plain_policy(UNKNOWN[name]()) is None
