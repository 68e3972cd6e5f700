"""The command ``dmi-sim train``."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import LARGEST_SEED, env_arguments, exercise_of
from dmi_sim.cli.progress import ProgressUpdate, progress

if TYPE_CHECKING:
    from dmi_sim.spec.training import TrainingSpec
    from dmi_sim.training.checkpoints import TrainingRow
    from dmi_sim.training.policy import NumpyPolicy
    from dmi_sim.training.train import TrainingPlan

TESTS = 20
"""Episodes on unseen seeds after training, whose means the bundle carries."""

Id = Annotated[str, typer.Argument(help="A Gymnasium id, such as DMI/Sitting-v0.")]
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
        help="An argument of the environment (age_months=5) or of learning (training.gamma=0.98).",
    ),
]


def train(
    environment: Id,
    seed: Seed = 0,
    steps: Steps = None,
    out: Out = None,
    resume: Resume = False,
    settings: Set = None,
) -> CommandResult:
    """Train a policy, and test it on unseen seeds.

    Ctrl-C stops it; --resume goes on exactly as if it had never stopped.
    """
    from dmi_sim.training.train import train as run

    plan = _plan(environment, seed, settings or ())
    folder = out or Path("runs/policies") / f"{environment.replace('/', '-')}-seed{seed}"
    target = steps or plan.training.total_steps
    with progress("training") as update:
        bundle = run(
            plan,
            folder,
            until_steps=target,
            resume=resume,
            on_progress=chunk_progress(update, target, plan.training.chunk_steps),
            validate=lambda policy: _scores(policy, plan),
        )
    return _trained(bundle)


def _plan(environment: str, seed: int, settings: Sequence[str]) -> "TrainingPlan":
    from dmi_sim.catalog import override
    from dmi_sim.training.train import TrainingPlan

    exercise, prefix = exercise_of(environment), "training."
    training = [one.removeprefix(prefix) for one in settings if one.startswith(prefix)]
    arguments = [one for one in settings if not one.startswith(prefix)]
    return TrainingPlan(
        environment_id=environment,
        environment_kwargs=env_arguments(exercise, arguments),
        training=override(_learning(exercise), training),
        seed=seed,
    )


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
        f"{metadata.training_steps} control steps, {metadata.dose_h:.2f} h of training",
        *(f"  {name}: {value:.3g}" for name, value in metadata.scores.items()),
        f"(means of {TESTS} episodes on unseen seeds, with as little support as there can be)",
        f"policy: {bundle}",
    ]
    return CommandResult("\n".join(lines), {"bundle": bundle, **metadata.model_dump(mode="json")})
