"""Record the films of the exercises: ``python docs/record_films.py [exercise ...]``.

From the checkout; without names all of them, as ``make films`` does. Each is the MP4 that
``gymnasium.wrappers.RecordVideo`` writes of one episode which training never saw, in real time,
from its start to its end, with the camera after the infant. The policy is ``--policy`` for all, or
for each exercise its own shipped one, or else that of the infant of all exercises. Of ten episodes
the typical one is shown: see ``docs/film_list.py``, which also keeps what each film shows. Two
minutes of one core.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from film_list import FILMS, LARGEST_BYTES, LIST, Film, caption, keep_film, read_films, typical
from gymnasium.wrappers import RecordVideo

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.files import write_bytes
from dmi_sim.names import exercises
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, environment_id
from dmi_sim.rollout.episode import episode
from dmi_sim.rollout.evaluate import EpisodeRow, evaluate
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.training.bundle import POLICY, Setting, read_bundle_manifest
from dmi_sim.training.library import (
    bundles,
    open_controller,
    policy_folder,
    policy_name,
    shipped_folder,
    shipped_policies,
    training_site,
    version_for,
)

EPISODES = 10
"""Unseen episodes from which the typical one is taken."""
WIDTH_PX, HEIGHT_PX = 360, 270
GENERALIST = policy_name("infant", 0)
"""The shipped infant of all exercises; see ``models/pretraining/shipped.yaml``."""


def require_recorder() -> None:
    """Refuse to record where what writes an MP4 is not installed.

    Raises:
        InputError: Naming what to install.
    """
    if find_spec("moviepy") is None:
        raise InputError("moviepy is not installed: make films, or pip install 'dmi-sim[films]'")


def policy_of(exercise: str) -> Path | None:
    """The shipped policy that is filmed in an exercise if none is asked for; None without any."""
    shipped = bundles(shipped_folder())
    generalist = shipped_folder() / GENERALIST
    if exercise not in shipped and generalist.is_dir():
        return generalist
    return next(iter(shipped_policies(exercise).values()), None)


def record(env: Env, controller: Controller, seed: int) -> tuple[bytes, float]:
    """The film of an episode, as MP4, and how far the infant goes along the floor [m].

    Args:
        env: Environment with pictures; it is closed, which ends the film.
        controller: Controller that acts.
        seed: Seed of the episode.
    """
    with tempfile.TemporaryDirectory() as folder:
        recorder = RecordVideo(env, f"{folder}/films", lambda _: True, name_prefix="film")
        way_m = [step.info["com_m"][:2] for step in episode(recorder, controller, seed)]
        recorder.close()
        (film,) = Path(folder).rglob("*.mp4")
        return film.read_bytes(), float(np.linalg.norm(way_m[-1] - way_m[0]))


def film(exercise: str, policy: Path, support: str | None, out: Path, films: Path) -> Film:
    """Record the typical episode of a policy in an exercise.

    Args:
        exercise: Exercise of the present version; a policy of version 0 acts in that.
        policy: Folder of the policy.
        support: Site of the hands; that of the training of the policy if None.
        out: Folder of the films.
        films: List of them.

    Raises:
        InputError: If the policy does not fit, there is no such site, or the film is too large.
    """
    site = training_site(policy, exercise) if support is None else support
    settings: dict[str, Setting] = {"support": site}
    acted_in = version_for(policy, exercise)
    with open_controller(policy, settings, acted_in) as (env, controller):
        rows = evaluate(controller, env, evaluation_seeds(EPISODES))
    shown = typical(rows)
    drawn = {"render_mode": "rgb_array", "render_width": WIDTH_PX, "render_height": HEIGHT_PX}
    with open_controller(policy, {**settings, **drawn}, acted_in) as (env, controller):
        still = _told(exercise, policy, site, env, rows, shown)
        data, travel_m = record(env, controller, still.seed)
    if len(data) >= LARGEST_BYTES:
        raise InputError(
            f"{exercise}: its film has {len(data) / 1e6:.1f} MB; it must be below "
            f"{LARGEST_BYTES / 1e6:g} MB, so draw it smaller"
        )
    write_bytes(out / f"{exercise}.mp4", data)
    told = replace(still, travel_m=travel_m)
    keep_film(told, films)
    return told


def _told(
    exercise: str,
    policy: Path,
    site: str,
    env: Env,
    rows: Sequence[EpisodeRow],
    shown: EpisodeRow,
) -> Film:
    """What the film will show; the distance is known when it is recorded."""
    inner = env.unwrapped
    assert isinstance(inner, PostureEnv)
    age_months = inner.build.config.age_months
    assert age_months is not None
    return Film(
        exercise=exercise,
        policy=policy.name,
        policy_sha256=read_bundle_manifest(policy).files_sha256[POLICY],
        environment=environment_id(env),
        support=site,
        age_months=age_months,
        seed=int(shown["seed"]),
        episodes=len(rows),
        successes=sum(bool(row["success"]) for row in rows),
        success=bool(shown["success"]),
        completion=float(shown["completion"]),
        fell=bool(shown["fell"]),
        travel_m=0.0,
    )


def main(words: Sequence[str] | None = None) -> None:
    """Record the films that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("exercises", nargs="*", help="all of them by default")
    parser.add_argument("--policy", help="a shipped policy, such as infant_0, or its folder")
    parser.add_argument("--support", help="site of the hands; that of the training by default")
    parser.add_argument("--out", type=Path, default=FILMS, help="folder of the films")
    parser.add_argument("--list", type=Path, default=LIST, help="CSV file with what they show")
    given = parser.parse_args(words)
    try:
        require_recorder()
        read_films(given.list)  # a list that cannot be kept on is told before anything is recorded
        for name in _known(given.exercises):
            policy = policy_folder(given.policy) if given.policy else policy_of(name)
            if policy is None:
                sys.stderr.write(f"{name}: no policy\n")
            else:
                shown = film(name, policy, given.support, given.out, given.list)
                sys.stderr.write(f"{name}: {caption(shown)}\n")
    except InputError as problem:
        parser.error(str(problem))


def _known(names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in exercises():
            raise InputError(f"exercise: no '{name}'; {did_you_mean(name, exercises())}")
    return names or exercises()


if __name__ == "__main__":
    main()
