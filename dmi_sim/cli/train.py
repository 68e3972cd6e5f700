"""Commands about single policies: train one, test one."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import Answer
from dmi_sim.cli.progress import Tell, progress

if TYPE_CHECKING:
    from dmi_sim.training.bundle import Setting
    from dmi_sim.training.checkpoints import TrainingRow
    from dmi_sim.training.policy import NumpyPolicy
    from dmi_sim.training.train import TrainingPlan
    from dmi_sim.spec.training import LearningSpec

TESTS = 20
"""Episodes on unseen seeds after practice, whose means the bundle carries."""

Id = Annotated[str, typer.Argument(help="A Gymnasium id, such as DMI/Sitting-v0.")]
Seed = Annotated[int, typer.Option(min=0, help="Decides everything random.")]
Steps = Annotated[
    int | None, typer.Option(min=1, help="Control steps; default: as the exercise says.")
]
Out = Annotated[Path | None, typer.Option(help="Folder for all that is written.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on in that folder.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="An argument of the environment (age_months=5) or of learning (learning.gamma=0.98).",
    ),
]
SetArgument = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="An argument of the environment."),
]
Bundle = Annotated[Path, typer.Argument(help="Folder of a policy.")]
Episodes = Annotated[int, typer.Option(min=1, max=10_000, help="Episodes, each on its own seed.")]
Support = Annotated[
    str | None,
    typer.Option(
        help="Where hands hold during the test. Default: the exercise's most distal site."
    ),
]
Nudges = Annotated[
    bool | None, typer.Option("--nudges/--no-nudges", help="Default: as the exercise says.")
]


def train(
    environment: Id,
    seed: Seed = 0,
    steps: Steps = None,
    out: Out = None,
    resume: Resume = False,
    settings: Set = None,
) -> Answer:
    """Train a policy, and test it on unseen seeds.

    Ctrl-C stops it; --resume goes on exactly as if it had never stopped.
    """
    from dmi_sim.training.train import train as run

    plan = _plan(environment, seed, settings or ())
    folder = out or Path("runs/policies") / f"{environment.replace('/', '-')}-seed{seed}"
    target = steps or plan.learning.total_steps
    with progress("practice") as tell:
        bundle = run(
            plan,
            folder,
            until_steps=target,
            resume=resume,
            on_progress=clocked(tell, target, plan.learning.chunk_steps),
            examine=lambda policy: _scores(policy, plan),
        )
    return _trained(bundle)


def _plan(environment: str, seed: int, settings: Sequence[str]) -> "TrainingPlan":
    from dmi_sim.catalog import override
    from dmi_sim.training.train import TrainingPlan

    exercise, prefix = _exercise(environment), "learning."
    learning = [one.removeprefix(prefix) for one in settings if one.startswith(prefix)]
    arguments = [one for one in settings if not one.startswith(prefix)]
    return TrainingPlan(
        environment_id=environment,
        environment_kwargs=_arguments(exercise, arguments),
        learning=override(_learning(exercise), learning),
        seed=seed,
    )


def _exercise(environment: str) -> str:
    """The file in ``envs/`` that a Gymnasium id stands for.

    Raises:
        InputError: If there is none.
    """
    from dmi_sim.env.registration import environment_id
    from dmi_sim.errors import InputError, did_you_mean
    from dmi_sim.catalog.names import exercises

    known = {environment_id(name): name for name in exercises()}
    if environment not in known:
        raise InputError(f"{environment}: no such environment; {did_you_mean(environment, known)}")
    return known[environment]


def _learning(exercise: str) -> "LearningSpec":
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.exercise import EnvironmentSpec

    return Catalog.shipped().load(EnvironmentSpec, exercise).learning


def _arguments(exercise: str, settings: Sequence[str]) -> "dict[str, Setting]":
    """Arguments of an environment from ``key=value`` settings.

    Raises:
        InputError: If it takes no such argument, or not such a value.
    """
    from pydantic import TypeAdapter, ValidationError

    from dmi_sim.catalog import parse_setting
    from dmi_sim.env.config import Choices, prepare
    from dmi_sim.errors import InputError, did_you_mean

    chosen = dict(parse_setting(setting) for setting in settings)
    known = TypeAdapter(Choices).json_schema()["properties"].keys() - {"exercise"}
    for name in chosen.keys() - known:
        raise InputError(f"--set {name}: no such argument; {did_you_mean(name, known)}")
    try:
        choices = TypeAdapter(Choices).validate_python({"exercise": exercise, **chosen})
    except ValidationError as error:
        lines = (f"--set {one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise InputError(*lines) from None
    prepare(choices)
    return {name: getattr(choices, name) for name in chosen}


def clocked(
    tell: Tell, target: int, chunk: int, clock: Callable[[], float] = time.monotonic
) -> "Callable[[TrainingRow], None]":
    """What tells of each chunk of practice, with the time that the rest will take.

    Args:
        tell: Where it is told.
        target: Control steps aimed at.
        chunk: Control steps of a chunk.
        clock: Seconds from any origin.
    """
    started_s = clock()
    before: list[int] = []

    def on_progress(row: "TrainingRow") -> None:
        before.append(row["steps"] - chunk)
        per_step_s = (clock() - started_s) / (row["steps"] - before[0])
        left = max(0, target - row["steps"])
        news = f"{row['dose_h']:.2f} h of practice, {row['mean_episode_s']:.1f} s an episode"
        tell(min(1.0, row["steps"] / target), news, left * per_step_s)

    return on_progress


def _scores(policy: "NumpyPolicy", plan: "TrainingPlan") -> dict[str, float]:
    """Mean of each outcome over test episodes with as little support as there can be.

    Outcomes that some episode was too short for are left out.
    """
    from math import isfinite

    from dmi_sim.rollout.evaluate import evaluate, evaluation_seeds, summarise
    from dmi_sim.training.interface import make_environment

    env = make_environment(plan.environment_id, plan.environment_kwargs)
    try:
        rows = evaluate(policy, env, evaluation_seeds(TESTS), {"support": None})
    finally:
        env.close()
    means = {name: spread["mean"] for name, spread in summarise(rows).items()}
    return {name: mean for name, mean in means.items() if isfinite(mean)}


def _trained(bundle: Path) -> Answer:
    from dmi_sim.training.bundle import read_card

    origin = read_card(bundle).origin
    lines = [
        f"{origin.training_steps} control steps, {origin.dose_h:.2f} h of practice",
        *(f"  {name}: {value:.3g}" for name, value in origin.scores.items()),
        f"(means of {TESTS} episodes on unseen seeds, with as little support as there can be)",
        f"policy: {bundle}",
    ]
    return Answer("\n".join(lines), {"bundle": bundle, **origin.model_dump(mode="json")})


def evaluate(
    bundle: Bundle,
    episodes: Episodes = 20,
    support: Support = None,
    nudges: Nudges = None,
    settings: SetArgument = None,
) -> Answer:
    """Test a policy on fixed unseen seeds, with as little support as the exercise allows.

    Give the bundle, or the folder of training that holds it. Actions are deterministic; the same
    command gives the same table.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.training.bundle import read_card
    from dmi_sim.rollout.evaluate import evaluate_bundle, evaluation_seeds, summarise
    from dmi_sim.spec.exercise import EnvironmentSpec
    from dmi_sim.study.store import CONTEXT_OF_USE

    inside = bundle / "policy"  # of a folder of training, or of a cell of a study
    bundle = inside if inside.is_dir() else bundle
    environment = read_card(bundle).origin.interface.environment_id
    exercise = _exercise(environment)
    site = support or Catalog.shipped().load(EnvironmentSpec, exercise).supports[-1]
    arguments = _arguments(exercise, settings or ())
    options = {"support": site, **({} if nudges is None else {"nudges": nudges})}
    rows = evaluate_bundle(bundle, evaluation_seeds(episodes), arguments, options)
    summary = summarise(rows)
    text = "\n".join([*_table(summary), f"Episodes: {episodes}, hands: {site}. {CONTEXT_OF_USE}"])
    data = {"bundle": bundle, "options": options, "episodes": rows, "summary": summary}
    return Answer(text, {**data, "context_of_use": CONTEXT_OF_USE})


def _table(summary: Mapping[str, Mapping[str, float]]) -> list[str]:
    columns = ("mean", "sd", "min", "max")
    width = max(map(len, summary))
    head = " ".join([" " * width, *(f"{name:>10}" for name in columns)])
    rows = [
        " ".join([f"{name:{width}}", *(f"{spread[column]:10.4g}" for column in columns)])
        for name, spread in summary.items()
    ]
    return [head, *rows]
