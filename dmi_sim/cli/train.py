"""The command ``dmi-sim train``."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import (
    LARGEST_SEED,
    AllowOtherExercise,
    env_arguments,
    environment_or_infant,
    exercise_of,
)
from dmi_sim.cli.progress import ProgressUpdate, progress
from dmi_sim.names import INFANT_ID

if TYPE_CHECKING:
    from dmi_sim.spec.curriculum import CurriculumSpec
    from dmi_sim.spec.training import LearnerSpec, TrainingSpec
    from dmi_sim.training.bundle import PolicyMetadata
    from dmi_sim.training.checkpoints import TrainingRow
    from dmi_sim.training.plan import TrainingPlan
    from dmi_sim.training.policy import NumpyPolicy

DEFAULT_CURRICULUM = "infant"
"""Curriculum of an infant of whom nothing else is said."""
TESTS = 20
"""Episodes on unseen seeds after training, whose means the bundle carries."""

Id = Annotated[str, typer.Argument(help="A Gymnasium id, such as DMI/Sitting-v1.")]
Seed = Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Decides everything random.")]
Steps = Annotated[
    int | None, typer.Option(min=1, max=10**9, help="Control steps; default: as the exercise says.")
]
Out = Annotated[Path | None, typer.Option(help="Folder for all that is written.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on in that folder.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="An argument of the environment (age_months=5), a weight of a reward "
        "(rewards.effort.weight=-1), or a setting of PPO (training.gamma=0.98) or of the other "
        "learner (learner.batch_size=256).",
    ),
]
Algo = Annotated[
    Literal["ppo", "sac", "td3"],
    typer.Option(help="Learner of stable-baselines3. Settings: envs/ for PPO, models/learners/."),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="POLICY", help="Go on from a policy, by its name or folder."),
]
Curriculum = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What DMI/Infant-v0 practises: a file in models/curricula, or your own YAML file. "
        "Default: infant.",
    ),
]
Tensorboard = Annotated[
    Path | None, typer.Option(help="Folder for TensorBoard (pip install 'dmi-sim[tensorboard]').")
]


def train(
    environment: Id,
    seed: Seed = 0,
    steps: Steps = None,
    out: Out = None,
    resume: Resume = False,
    settings: Set = None,
    algo: Algo = "ppo",
    begin_with: From = None,
    allow_other_exercise: AllowOtherExercise = False,
    tensorboard: Tensorboard = None,
    curriculum: Curriculum = None,
) -> CommandResult:
    """Train a policy, and test it on unseen seeds.

    Ctrl-C stops it; --resume goes on exactly as if it had never stopped, whatever the learner.
    DMI/Infant-v0 practises a curriculum of exercises; its best policy by validation is kept.
    """
    from dmi_sim.training.train import train as run

    bundle = None if begin_with is None else _to_begin_with(begin_with, algo)
    environment = environment_or_infant(environment)
    plan = (
        _curriculum_plan(curriculum or DEFAULT_CURRICULUM, seed, settings or (), algo, bundle)
        if environment == INFANT_ID
        else _plan(_without_curriculum(environment, curriculum), seed, settings or (), algo, bundle)
    )
    folder = out or Path("runs/policies") / f"{environment.replace('/', '-')}-seed{seed}"
    target = steps or plan.training.total_steps
    with progress("training") as update:
        trained = run(
            plan,
            folder,
            until_steps=target,
            resume=resume,
            on_progress=chunk_progress(update, target, plan.training.chunk_steps),
            validate=lambda policy: _scores(policy, plan),
            tests=TESTS,
            begin_with=bundle,
            allow_other_exercise=allow_other_exercise,
            tensorboard=tensorboard,
        )
    return _trained(trained)


def _plan(
    environment: str, seed: int, settings: Sequence[str], algo: str, begin_with: Path | None
) -> "TrainingPlan":
    from dmi_sim.catalog import override
    from dmi_sim.training.plan import TrainingPlan

    exercise = exercise_of(environment)
    training, learner, arguments = _by_prefix(settings)
    base = _learning(exercise)
    if begin_with is not None:
        base = _shaped_as(base, begin_with)
    return TrainingPlan(
        environment_id=environment,
        environment_kwargs=env_arguments(exercise, arguments),
        training=override(base, training),
        learner=_learner(algo, learner),
        seed=seed,
    )


def _curriculum_plan(
    name: str, seed: int, settings: Sequence[str], algo: str, begin_with: Path | None
) -> "TrainingPlan":
    from dmi_sim.catalog import override
    from dmi_sim.training.plan import curriculum_plan

    training, learner, arguments = _by_prefix(settings)
    chosen = override(read_curriculum(name), [f"training.{one}" for one in training])
    if begin_with is not None:
        shaped = _shaped_as(chosen.training, begin_with)
        chosen = chosen.model_copy(update={"training": shaped})
    first = exercise_of(chosen.practice[0].exercise)
    kwargs = env_arguments(first, arguments) if arguments else {}
    plan = curriculum_plan(chosen, seed, kwargs, label=name)
    return plan.model_copy(update={"learner": _learner(algo, learner)})


def read_curriculum(name: str) -> "CurriculumSpec":
    """A curriculum by its name, or a file of one's own.

    Raises:
        InputError: If there is none, or its content is refused.
    """
    from dmi_sim.catalog import Catalog, read_spec
    from dmi_sim.paths import YAML_SUFFIXES
    from dmi_sim.spec.curriculum import CurriculumSpec

    if name.endswith(YAML_SUFFIXES):
        return read_spec(CurriculumSpec, Path(name))
    return Catalog.shipped().load(CurriculumSpec, name)


def _without_curriculum(environment: str, curriculum: str | None) -> str:
    """The environment, where no curriculum is asked for.

    Raises:
        InputError: If one is: a curriculum names its exercises itself.
    """
    from dmi_sim.errors import InputError

    if curriculum is not None:
        raise InputError(f"--curriculum {curriculum}: goes with {INFANT_ID}, not {environment}")
    return environment


def _by_prefix(settings: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Settings of PPO, of another learner, and of the environment, without their prefixes.

    >>> _by_prefix(["training.gamma=0.9", "sex=male", "learner.tau=0.01"])
    (['gamma=0.9'], ['tau=0.01'], ['sex=male'])
    """
    training, learner = (
        [one.removeprefix(prefix) for one in settings if one.startswith(prefix)]
        for prefix in ("training.", "learner.")
    )
    return training, learner, [x for x in settings if not x.startswith(("training.", "learner."))]


def _learner(algo: str, settings: Sequence[str]) -> "LearnerSpec | None":
    """The settings of another learner than PPO.

    Raises:
        InputError: If settings are given for one that is not asked for.
    """
    from dmi_sim.catalog import Catalog, override
    from dmi_sim.errors import InputError
    from dmi_sim.spec.training import LearnerSpec

    if algo != "ppo":
        return override(Catalog.shipped().load(LearnerSpec, algo), settings)
    if settings:
        raise InputError(f"--set learner.{settings[0]}: PPO is set by training.*, see envs/")
    return None


def _to_begin_with(policy: str, algo: str) -> Path:
    """The bundle of a policy to go on from.

    Raises:
        InputError: If there is none, or the learner is not PPO.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.training.library import policy_folder

    if algo != "ppo":
        raise InputError(f"--from {policy}: goes with --algo ppo, not {algo}")
    return policy_folder(policy)


def _shaped_as(training: "TrainingSpec", bundle: Path) -> "TrainingSpec":
    """The settings with the network of a policy, which training cannot change."""
    from dmi_sim.training.bundle import read_policy

    policy = read_policy(bundle)
    shape = {"net_arch": policy.net_arch, "activation": policy.activation}
    return training.model_copy(update=shape)


def _learning(exercise: str) -> "TrainingSpec":
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.exercise import ExerciseSpec

    return Catalog.shipped().load(ExerciseSpec, exercise).training


def chunk_progress(
    update: ProgressUpdate, target: int, chunk: int, clock: Callable[[], float] = time.monotonic
) -> "Callable[[TrainingRow], None]":
    """A callback that reports each chunk of training, with the time that the rest will take.

    Args:
        update: Callback that receives share, message and time to go [s].
        target: Control steps aimed at.
        chunk: Control steps of a chunk.
        clock: Function that gives seconds from any origin.
    """
    started_s = clock()
    before: list[int] = []

    def on_progress(row: "TrainingRow") -> None:
        before.append(row["steps"] - chunk)
        per_step_s = (clock() - started_s) / (row["steps"] - before[0])
        left = max(0, target - row["steps"])
        news = f"{row['dose_h']:.2f} h of training, {row['mean_episode_s']:.1f} s an episode"
        update(min(1.0, row["steps"] / target), news, left * per_step_s)

    return on_progress


def _scores(policy: "NumpyPolicy", plan: "TrainingPlan") -> dict[str, float]:
    """Mean of each outcome over test episodes with as little support as there can be.

    Outcomes that some episode was too short for are left out.
    """
    from math import isfinite

    from dmi_sim.rollout.environment import make_environment
    from dmi_sim.rollout.evaluate import evaluate, summarise
    from dmi_sim.rollout.seeds import evaluation_seeds

    env = make_environment(plan.environment_id, plan.environment_kwargs)
    try:
        rows = evaluate(policy, env, evaluation_seeds(TESTS), {"support": None})
    finally:
        env.close()
    means = {name: spread["mean"] for name, spread in summarise(rows).items()}
    return {name: mean for name, mean in means.items() if isfinite(mean)}


def _trained(bundle: Path) -> CommandResult:
    from dmi_sim.training.bundle import read_bundle_manifest

    metadata = read_bundle_manifest(bundle).metadata
    lines = [
        f"{metadata.training_steps} control steps, {metadata.dose_h:.2f} h of training"
        f"{_began(metadata)}",
        *(f"  {name}: {value:.3g}" for name, value in metadata.scores.items()),
        *_exercise_lines(metadata),
        f"(means of {TESTS} episodes on unseen seeds, with as little support as there can be)",
        f"policy: {bundle}",
    ]
    return CommandResult("\n".join(lines), {"bundle": bundle, **metadata.model_dump(mode="json")})


def _exercise_lines(metadata: "PolicyMetadata") -> Iterator[str]:
    """A row for each exercise of a curriculum, with the practice that it had."""
    for name, scores in metadata.exercise_scores.items():
        yield (
            f"  {name}: success {scores['success']:.0%}, completed share "
            f"{scores['completion']:.0%}, after {metadata.exercise_dose_h[name]:.2g} h"
        )


def _began(metadata: "PolicyMetadata") -> str:
    """What the policy had been trained before, if it did not begin untrained."""
    if metadata.began_with is None:
        return ""
    return f", after {metadata.began_with.dose_h:.2f} h of the policy that it began with"
