"""The brain of a child: one policy for all exercises, and how it learns from a session.

A brain is frozen. Practice gives another one, so whatever interrupts a session leaves the brain as
it was before. What comes out depends on the brain, the body, the trials that are ordered, the time
and the seed, and on nothing else: the learner is built anew for each session, and all generators of
random numbers are seeded as it begins.
"""

import warnings
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dmi_sim.child.experience import (
    NOTHING,
    Experience,
    judged,
    learn_from,
    practised,
    steps_of,
    together,
)
from dmi_sim.child.plasticity import Numbers, after_week
from dmi_sim.child.practice import OrderedTrials, trial_seed
from dmi_sim.child.rooms import Rooms
from dmi_sim.child.step_size import learn_within
from dmi_sim.env.symmetry import is_symmetric
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env, control_hz
from dmi_sim.rollout.episode import episode, is_over
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.plasticity import PlasticitySpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import read_policy, require_fit
from dmi_sim.training.interface import exercise_name
from dmi_sim.training.monitor import TrainingStatistics
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.ppo import build_ppo, reset_and_seed, vec_env_of
from dmi_sim.training.weights import load_weights, policy_from_sb3

if TYPE_CHECKING:
    from stable_baselines3 import PPO

Scales = Mapping[str, tuple[float, float]]

_PART_STEPS = 60
"""Control steps after which it is seen whether a session is over: rests are counted to 2 s."""


@dataclass(frozen=True, eq=False)
class Brain:
    """What a child has learnt; brains are equal if all their numbers are, to the bit.

    Attributes:
        training: Settings of the learner, with the layers that this brain has.
        parameters: States of networks and optimiser, as stable-baselines3 names them.
        return_scales: Size of the returns of each exercise, see
            :class:`~dmi_sim.training.by_exercise.ReturnScales`.
        steps: Control steps that it practised.
        unlearnt: Practice that it has not learnt from yet, see :mod:`dmi_sim.child.experience`.
        beyond: Control steps by which trials went beyond their sessions, by kind of session; the
            next of that kind is so much shorter.
        anchor: Numbers of the policy to which habits and forgetting draw it back, see
            :mod:`dmi_sim.child.plasticity`; empty in a brain that does not change so.
        step_share: Share of its largest learning rate that it takes next, see
            :mod:`dmi_sim.child.step_size`.
    """

    training: TrainingSpec
    parameters: Mapping[str, Any]
    return_scales: Scales
    steps: int = 0
    unlearnt: Experience = field(default_factory=dict[str, Any])
    beyond: Mapping[str, float] = field(default_factory=dict[str, float])
    anchor: Numbers = field(default_factory=dict[str, Any])
    step_share: float = 1.0

    @classmethod
    def untrained(cls, spec: BrainSpec, rooms: Rooms, seed: int) -> Self:
        """A brain that has learnt nothing.

        Args:
            spec: How it learns.
            rooms: Rooms of the child.
            seed: Seed of its first weights.
        """
        training = _for_body(spec.training, rooms)
        learner = _learner(rooms.any, training, seed)
        return cls(training, _parameters(learner), {})

    @classmethod
    def of_policy(cls, spec: BrainSpec, rooms: Rooms, seed: int, bundle: Path) -> Self:
        """The brain of an experienced child: it moves and explores as a policy does.

        Layers are those of the policy, and its optimiser begins anew. Sizes of returns are those of
        one trial of each exercise: the policy estimates values in these units.

        Args:
            spec: How it learns from here on.
            rooms: Rooms of the child.
            seed: Seed of whatever the policy does not hold.
            bundle: Folder of the bundle of the policy.

        Raises:
            InputError: If the policy has other commands and senses, or the bundle is not whole.
        """
        require_fit(bundle, rooms.any, allow_other_exercise=True)
        policy = read_policy(bundle)
        layers = {"net_arch": policy.net_arch, "activation": policy.activation}
        training = _for_body(spec.training.model_copy(update=layers), rooms)
        learner = _learner(rooms.any, training, seed)
        missing = load_weights(learner.policy, policy)
        if missing:
            warnings.warn(f"{bundle} does not hold {' and '.join(missing)}", stacklevel=2)
        is_scaled = training.exercises_count_alike
        scales = _sizes_of_returns(policy, rooms, training, seed) if is_scaled else {}
        return cls(training, _parameters(learner), scales)

    def policy(self, rooms: Rooms) -> NumpyPolicy:
        """The policy of this brain, which acts without learning.

        Args:
            rooms: Rooms of the child.
        """
        learner = _learner(rooms.any, self.training, seed=0)
        _remind(learner, self)
        return policy_from_sb3(learner)

    def anchored(self) -> Self:
        """The same brain, drawn back to what it is now by habits and forgetting from here on."""
        return replace(self, anchor=deepcopy(dict(self.parameters["policy"])))

    def after_week(
        self, plasticity: PlasticitySpec | None, practice_h: float, *, practised: bool
    ) -> Self:
        """The brain at the end of a week, besides what it has learnt in it.

        Args:
            plasticity: What happens to it over months; None for nothing.
            practice_h: Practice in the life of the child by now [h].
            practised: Whether there was any in this week.
        """
        if plasticity is None:
            return self
        numbers, anchor = after_week(
            self.parameters["policy"], self.anchor, plasticity, practice_h, practised=practised
        )
        return replace(self, parameters={**self.parameters, "policy": numbers}, anchor=anchor)

    def __eq__(self, other: object) -> bool:
        """Whether all numbers of two brains are the same."""
        return isinstance(other, Brain) and (
            (self.training, self.steps, self.step_share)
            == (other.training, other.steps, other.step_share)
            and (dict(self.return_scales), dict(self.beyond))
            == (dict(other.return_scales), dict(other.beyond))
            and _same(self.parameters, other.parameters)
            and _same(self.unlearnt, other.unlearnt)
            and _same(self.anchor, other.anchor)
        )

    __hash__ = None  # type: ignore[assignment] - tensors have no hash of their content


def _sizes_of_returns(
    policy: NumpyPolicy, rooms: Rooms, training: TrainingSpec, seed: int
) -> Scales:
    """Sizes of the returns of a policy, from one trial of each exercise."""
    from dmi_sim.training.by_exercise import ReturnScales

    scales = ReturnScales(rooms.exercises[:1], training.gamma)
    for name in rooms.exercises:
        scales.practise([name])
        for step in episode(rooms.of(name), policy, trial_seed(seed, 0, 0), {"support": None}):
            if step.action is not None:
                rewards = np.array([step.reward], np.float32)
                scales.scaled(rewards, np.array([is_over(step)]))
    return scales.state


def practise(
    brain: Brain,
    spec: BrainSpec,
    trials: OrderedTrials,
    minutes: float,
    seed: int,
    rested_s: Callable[[], float] = float,
    kind: str = "",
    learning_rate_factor: float = 1.0,
) -> Brain:
    """The brain after a session.

    It learns whenever as much practice is together as it learns from at once, be it of several
    sessions. The last trial goes on to its end: cut off, it would be seen by nobody, and it is the
    long trials, which succeed, that are cut. What it takes beyond the session is taken off the next
    sessions of the kind, so that the dose is right over weeks however short sessions are.

    Args:
        brain: The brain before it.
        spec: How it learns.
        trials: Trials that are ordered one after the other.
        minutes: Length of the session in the timetable [min], rests included.
        seed: Seed of the child; the steps of the brain are the rest of the key.
        rested_s: Tells the rests so far in this session [s]; none by default.
        kind: Kind of the session.
        learning_rate_factor: Factor of the learning rate, see :mod:`dmi_sim.child.plasticity`. The
            limit of a change grows with its square, as the change does.

    Raises:
        Exception: Whatever an environment or a therapist raises, with a note of where it happened.
    """
    hz = control_hz(trials)
    steps = minutes * spec.practice_minutes_per_minute.value * 60 * hz - brain.beyond.get(kind, 0.0)
    if steps < 1:
        return replace(brain, beyond={**brain.beyond, kind: -steps})
    learner = _learner(trials, _learning(brain.training, learning_rate_factor), seed)
    scales = learner.get_env().return_scales  # type: ignore[union-attr] - one was given
    if scales is not None:
        scales.restore(brain.return_scales)
    _remind(learner, brain)
    learner.num_timesteps = brain.steps
    reset_and_seed(learner, seed)

    def left() -> float:
        """Control steps until the session is over, rests counted."""
        return steps - (learner.num_timesteps - brain.steps) - rested_s() * hz

    limit = None if spec.kl_limit_nats is None else learning_rate_factor**2 * spec.kl_limit_nats
    unlearnt, step_share = _go_through(learner, brain, left, trials, limit)
    trials.cut_off()
    return replace(
        brain,
        parameters=_parameters(learner),
        return_scales={} if scales is None else scales.state,
        steps=learner.num_timesteps,
        unlearnt=unlearnt,
        step_share=step_share,
        beyond={**brain.beyond, kind: -left()},
    )


def _go_through(
    learner: "PPO",
    brain: Brain,
    left: Callable[[], float],
    trials: OrderedTrials,
    kl_limit_nats: float | None,
) -> tuple[Experience, float]:
    """Practise to the end of the last trial, learning on the way.

    Returns:
        What is not learnt yet, and the share of the learning rate that it takes next.
    """
    settings, unlearnt, stretch = brain.training, brain.unlearnt, NOTHING
    step_share = brain.step_share
    begin: Any = learner._setup_learn  # type: ignore[reportPrivateUsage] - resets once a session
    _, callback = begin(settings.n_steps, None, reset_num_timesteps=False)
    while (now := left()) >= 1 or trials.is_under_way:
        gap = settings.n_steps - steps_of(unlearnt) - steps_of(stretch)
        part = practised(learner, callback, max(1, min(int(now), gap, _PART_STEPS)))
        stretch = together(stretch, part)
        if steps_of(unlearnt) + steps_of(stretch) >= settings.n_steps:
            whole = together(unlearnt, judged(learner, stretch))
            learn = partial(learn_from, learner, whole, alike=settings.exercises_count_alike)
            if kl_limit_nats is None:
                learn()
            else:
                step_share = learn_within(learner, whole, kl_limit_nats, step_share, learn)
            unlearnt, stretch = NOTHING, NOTHING
    return together(unlearnt, judged(learner, stretch)), step_share


def _for_body(training: TrainingSpec, rooms: Rooms) -> TrainingSpec:
    """Settings for a body: whose sides differ does not learn from its mirror image."""
    mirrors = training.mirror_images and is_symmetric(rooms.infant)
    return training.model_copy(update={"mirror_images": mirrors})


def _learning(training: TrainingSpec, factor: float) -> TrainingSpec:
    return training.model_copy(update={"learning_rate": factor * training.learning_rate})


def _learner(env: Env, training: TrainingSpec, seed: int) -> "PPO":
    """A new learner; the environment stays open."""
    from dmi_sim.training.by_exercise import NotedReturnScales

    envs = vec_env_of([partial(_given, env)], TrainingStatistics())
    if training.exercises_count_alike:
        envs.return_scales = NotedReturnScales([exercise_name(env)], training.gamma)
    return build_ppo(envs, training, seed)


def _remind(learner: "PPO", brain: Brain) -> None:
    """Let a learner know what a brain knows; of a copy, since optimisers write into their state."""
    parameters = deepcopy(dict(brain.parameters))
    learner.set_parameters(parameters, exact_match=True, device="cpu")


def _given(env: Env) -> Env:
    return env


def _parameters(learner: "PPO") -> dict[str, Any]:
    """A copy of all that the learner has learnt; later practice does not change it."""
    return deepcopy(learner.get_parameters())


def _same(one: Any, other: Any) -> bool:
    """Whether two trees of tensors and numbers are the same to the bit."""
    import torch

    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, Mapping):
        return isinstance(other, Mapping) and (
            one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def require_whole(parameters: object, path: Path) -> Mapping[str, Any]:
    """The parameters of a file.

    Raises:
        InputError: If they are none.
    """
    if not isinstance(parameters, Mapping) or "policy" not in parameters:
        raise InputError(f"{path}: no parameters of a brain")
    return parameters
