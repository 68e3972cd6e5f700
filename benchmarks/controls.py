"""Try controllers that know nothing in every exercise: without hands none of them may succeed.

``python benchmarks/controls.py [--environments DMI/Sitting-v1,...] [--count 40] [--support none]``
tries constant actions, random actions (new at each control step, and held for half a second),
silent muscles and reflexes alone, each from 40 starts of an evaluation, in the support of training
and without hands. It prints a table, successes of trials with the largest completion in brackets,
and ends with exit code 1 if any of them succeeded without hands. A few minutes.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id, exercises
from dmi_sim.rollout.controls import CONTROLS, ControlName, ControlTrials, control_trials
from dmi_sim.rollout.environment import make_environment
from dmi_sim.tables import columns

TITLES: Mapping[ControlName, str] = {
    "constant": "constant",
    "random": "random, each step",
    "random_held": "random, held 0.5 s",
    "silent_muscles": "silent muscles",
    "zero_action": "reflexes only",
}


def supports_of(env: PostureEnv) -> tuple[str, ...]:
    """No hands, if the infant can do without, and the support of training."""
    spec = env.build.spec
    alone = ("none",) if "none" in spec.supports else ()
    return tuple(dict.fromkeys((*alone, spec.training_support or spec.supports[-1])))


def trials_in(
    environment: str, support: str | None, count: int
) -> Iterator[tuple[str, dict[ControlName, ControlTrials]]]:
    """The trials of all controls in an environment, by support."""
    with closing(make_environment(environment, {})) as made:
        inner = made.unwrapped
        assert isinstance(inner, PostureEnv)
        for site in (support,) if support else supports_of(inner):
            options = {"support": site}
            yield site, {name: control_trials(made, name, count, options) for name in CONTROLS}


def cell(trials: ControlTrials) -> str:
    """Successes of trials, and the most that any of them completed."""
    return f"{trials.successes}/{len(trials.completion)} ({max(trials.completion):.2f})"


def say(*cells: str) -> None:
    """Print a row of the table as soon as it is known."""
    layout = "<24 <16" + " >20" * len(CONTROLS)
    print(*columns(layout, [cells]), flush=True)  # noqa: T201


def main() -> int:
    """Try all controls, print what came out, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", default=",".join(map(environment_id, exercises())))
    parser.add_argument("--support")
    parser.add_argument("--count", type=int, default=40)
    given = parser.parse_args()
    say("", "hands", *(TITLES[name] for name in CONTROLS))
    too_easy: list[str] = []
    try:
        for environment in given.environments.split(","):
            for site, found in trials_in(environment, given.support, given.count):
                say(environment, site, *(cell(found[name]) for name in CONTROLS))
                if site == "none" and any(trials.successes for trials in found.values()):
                    too_easy.append(environment)
    except InputError as problem:
        parser.error(str(problem))
    told = ", ".join(too_easy) or "none"
    print(f"achieved without hands by who knows nothing: {told}")  # noqa: T201
    return bool(too_easy)


if __name__ == "__main__":
    sys.exit(main())
