"""Measure the help of hands without learning, and find the firmness at which sites help alike.

Everywhere the same controller acts in the same episodes: reflexes alone, or a policy. It learns
nothing meanwhile, so what is equal is the help at the beginning of a practice; what hands give
later is what the infant then leaves to them, and the tables of a study tell it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from math import isinf
from typing import Any, get_args

from dmi_sim.assessments.equal_help.matching import least_firmness
from dmi_sim.assessments.equal_help.result import HELP, EqualHelp, HandsHelp, HelpMeasure, Match
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, control_hz, make_environment
from dmi_sim.rollout.episode import episode
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.arm import HelpName
from dmi_sim.training.library import load_policy

EPISODES = 40
"""Episodes in which help is measured, unless another number is asked for."""
NO_HANDS = "none"
OnFound = Callable[[float, str], None]


def help_given(
    env: Env, site: str, firmness: float, seeds: Sequence[int], controller: Controller | None = None
) -> HandsHelp:
    """The help of hands in some episodes, without pushes.

    Args:
        env: Environment with an infant; it stays open.
        site: Where the hands hold.
        firmness: How firmly, 0 to 1.
        seeds: One per episode.
        controller: Controller that acts; None for reflexes only (zero action).
    """
    options = {"support": site, "support_strength": firmness, "pushes": False}
    step_s = 1.0 / control_hz(env)
    steps, force_n, share, falls = 0, 0.0, 0.0, 0
    for seed in seeds:
        for step in episode(env, controller, seed, options):
            steps += step.action is not None
            force_n += float(step.info["support_force_n"])
            share += float(step.info["support_share"])
            falls += step.fell
    return HandsHelp(steps * step_s, force_n * step_s, share * step_s, falls)


def equal_help(
    exercise: str,
    like: str,
    firmness: float,
    sites: Sequence[str],
    *,
    arguments: Mapping[str, Any] | None = None,
    policy: str | None = None,
    episodes: int = EPISODES,
    on_found: OnFound = lambda _share, _words: None,
) -> EqualHelp:
    """Find how firm hands must be at each site to help as much as hands at one of them.

    Args:
        exercise: Name of a file in ``envs/``.
        like: Site whose help the others are to give.
        firmness: Firmness there, above 0.
        sites: Sites that are to give it; ``like`` and ``none`` are left out.
        arguments: Arguments of the environment, such as ``age_months``.
        policy: Policy that acts, as ``evaluate`` takes it; reflexes alone without one.
        episodes: Episodes behind each number, the same everywhere.
        on_found: Called with the share that is done, and the site.

    Raises:
        InputError: If there is no such exercise, site or policy, or hands do nothing there.
    """
    if like == NO_HANDS or firmness <= 0:
        raise InputError(f"like: {like} at firmness {firmness:g} gives no help to be equalled")
    others = [one for one in dict.fromkeys(sites) if one not in (like, NO_HANDS)]
    seeds = evaluation_seeds(episodes)
    with closing(make_environment(environment_id(exercise), arguments or {})) as env:
        acting = load_policy(policy, env=env) if policy else None

        @cache
        def given(site: str, strength: float) -> HandsHelp:
            return help_given(env, site, strength, seeds, acting)

        at_firmness = {like: given(like, firmness)}
        matches: list[Match] = []
        for number, site in enumerate(others):
            on_found(number / len(others), site)
            at_firmness[site] = given(site, firmness)
            matches += [_match(given, site, name, at_firmness[like]) for name in get_args(HelpName)]
        at_firmness[NO_HANDS] = given(NO_HANDS, 0.0)
    return EqualHelp(like, firmness, episodes, at_firmness, tuple(matches))


def _match(
    given: Callable[[str, float], HandsHelp], site: str, name: HelpName, asked: HandsHelp
) -> Match:
    measure: HelpMeasure = HELP[name]
    found = least_firmness(lambda one: measure.amount(given(site, one)), measure.amount(asked))
    return Match(site, name, found, given(site, 1.0 if isinf(found) else found))
