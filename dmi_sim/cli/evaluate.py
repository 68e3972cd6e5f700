"""The command ``dmi-sim evaluate``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import env_arguments, exercise_of

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
Pushes = Annotated[
    bool | None, typer.Option("--pushes/--no-pushes", help="Default: as the exercise says.")
]


def evaluate(
    bundle: Bundle,
    episodes: Episodes = 20,
    support: Support = None,
    pushes: Pushes = None,
    settings: SetArgument = None,
) -> CommandResult:
    """Test a policy on fixed unseen seeds, with as little support as the exercise allows.

    Give the bundle, or the folder of training that holds it. Actions are deterministic; the same
    command gives the same table.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.rollout.evaluate import summarise
    from dmi_sim.rollout.seeds import evaluation_seeds
    from dmi_sim.spec.exercise import ExerciseSpec
    from dmi_sim.study.store import CONTEXT_OF_USE
    from dmi_sim.training.bundle import read_bundle_manifest
    from dmi_sim.training.library import bundle_in, evaluate_bundle

    bundle = bundle_in(bundle)  # of a folder of training, or of a cell of a study
    environment = read_bundle_manifest(bundle).metadata.environment_id
    exercise = exercise_of(environment)
    site = support or Catalog.shipped().load(ExerciseSpec, exercise).supports[-1]
    arguments = env_arguments(exercise, settings or ())
    options = {"support": site, **({} if pushes is None else {"pushes": pushes})}
    rows = evaluate_bundle(bundle, evaluation_seeds(episodes), arguments, options)
    summary = summarise(rows)
    last = f"Episodes: {episodes}, hands: {site}. {CONTEXT_OF_USE}"
    text = "\n".join([*_summary_lines(summary), last])
    data = {"bundle": bundle, "options": options, "episodes": rows, "summary": summary}
    return CommandResult(text, {**data, "context_of_use": CONTEXT_OF_USE})


def _summary_lines(summary: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Mean and spread over the episodes, a row per outcome."""
    from dmi_sim.tables import columns

    names = ("mean", "sd", "min", "max")
    rows = [
        (outcome, *(f"{spread[name]:.4g}" for name in names)) for outcome, spread in summary.items()
    ]
    yield from columns(f"<{max(map(len, summary))} >10 >10 >10 >10", [("", *names), *rows])
