"""Move infants at random for long, open and close many environments: nothing breaks or grows.

``python benchmarks/soak.py [--steps 1000000] [--episodes 10000] [--environments 2000]`` takes all
exercises in turn, with random infants, conditions, supports, action modes, pushes and hands that
come and go. It ends with exit code 1 if the physics ever faults, or if memory or open files grow.
"""

import argparse
import gc
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

import dmi_sim
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.posture_env import PostureEnv

LARGEST_GROWTH_MB = 30.0
"""Growth of memory that caches and allocators may take over thousands of environments [MB]."""
STEPS_OF_AN_INFANT = 4000
EPISODES_OF_AN_INFANT = 100


def resident_mb() -> float:
    """Resident memory of this process [MB], once rubbish that waits to be collected is gone."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def open_files() -> int:
    """Number of open files of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def random_infants(random: np.random.Generator, **arguments: Any) -> Iterator[PostureEnv]:
    """Environments without end: each exercise in turn, with an infant and hands drawn at random."""
    modes = cycle(ACTION_MODES)
    for number in cycle(range(len(dmi_sim.environments()))):
        env = gym.make(
            dmi_sim.environments()[number],
            age_months=float(random.uniform(0, 24)),
            sex=str(random.choice(["female", "male"])),
            condition=str(random.choice(dmi_sim.conditions())),
            severity=float(random.uniform()),
            length_z=float(random.uniform(-2, 2)),
            weight_z=float(random.uniform(-2, 2)),
            action_mode=next(modes),
            **arguments,
        )
        yield env.unwrapped  # type: ignore[misc]


def disturb(env: PostureEnv, random: np.random.Generator) -> None:
    """Now and then push the infant, take hold of it, or let it go."""
    supports = [support for support in env.build.spec.supports if support != "none"]
    if random.uniform() < 0.02:
        env.push(str(random.choice(["forward", "left", "backward"])), float(random.uniform(0, 1)))
    if supports and random.uniform() < 0.01:
        env.hold(str(random.choice(supports)), float(random.uniform()))
    if "none" in env.build.spec.supports and random.uniform() < 0.01:
        env.let_go()


def soak(steps: int, episodes: int, random: np.random.Generator) -> tuple[int, int, int]:
    """Physics steps, episodes and faults of infants that move at random."""
    done = begun = faults = 0
    for env in random_infants(random):
        if done >= steps and begun >= episodes:
            env.close()
            break
        per_step = env.build.spec.physics_hz // env.build.spec.control_hz
        own_steps = own_episodes = 0
        while own_steps < STEPS_OF_AN_INFANT or own_episodes < EPISODES_OF_AN_INFANT:
            env.reset(seed=int(random.integers(2**31)), options={"steps_after_end": True})
            own_episodes += 1
            for _ in range(int(random.integers(1, 2 * STEPS_OF_AN_INFANT // per_step // 100 + 2))):
                disturb(env, random)
                low, high = env.action_space.low, env.action_space.high  # type: ignore[attr-defined]
                info = env.step(random.uniform(low, high).astype(np.float32))[4]
                own_steps += per_step
                if info["physics_fault"]:
                    faults += 1
                    break
        done, begun = done + own_steps, begun + own_episodes
        env.close()
    return done, begun, faults


def open_and_close(
    environments: int, random: np.random.Generator, warm_up: int = 100
) -> tuple[float, int]:
    """Growth of memory [MB] and of open files over environments that are drawn once each.

    Args:
        environments: Number of environments.
        random: Source of the infants.
        warm_up: Number of environments before them, which fill caches.
    """
    infants = random_infants(random, render_mode="rgb_array", render_width=64, render_height=64)
    before: tuple[float, int] = (0.0, 0)
    for number, env in zip(range(environments + warm_up), infants, strict=False):
        if number == warm_up:  # caches are full by then
            before = resident_mb(), open_files()
        env.reset(seed=number)
        env.render()
        env.close()
    return resident_mb() - before[0], open_files() - before[1]


def main() -> int:
    """Run both, print what came out, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--environments", type=int, default=2_000)
    asked = parser.parse_args()
    random = np.random.default_rng(0)
    steps, episodes, faults = soak(asked.steps, asked.episodes, random)
    sys.stdout.write(f"{steps} physics steps, {episodes} episodes: {faults} faults\n")
    grown_mb, files = open_and_close(asked.environments, random)
    sys.stdout.write(
        f"{asked.environments} environments opened, drawn and closed: "
        f"{grown_mb:+.1f} MB, {files:+d} open files\n"
    )
    return int(faults > 0 or grown_mb > LARGEST_GROWTH_MB or files > 0)


if __name__ == "__main__":
    sys.exit(main())
