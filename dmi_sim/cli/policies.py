"""The command ``dmi-sim policies``, which trains the shipped policies."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.progress import progress

Exercises = Annotated[
    list[str] | None, typer.Argument(help="Files in envs/, such as sitting; default: all.")
]
Seeds = Annotated[int, typer.Option(min=1, max=100, help="Policies of each exercise.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="Trainings at the same time.")]
Out = Annotated[Path, typer.Option(help="Folder for the bundles.")]


def policies(
    exercises: Exercises = None,
    seeds: Seeds = 3,
    workers: Workers = 2,
    out: Out = Path("models/policies"),
) -> CommandResult:
    """Train policies in exercises from nothing, and write them with their learning curves.

    Policies that are there already are kept; delete the folder of one to have it trained anew. Of
    those that do not yet tell how calmly they move, this is measured.
    """
    from dmi_sim.training.library import policy_name
    from dmi_sim.training.pretrained import is_complete

    wanted = [(name, seed) for seed in range(seeds) for name in _known(exercises)]
    missing = [one for one in wanted if not is_complete(*one, out)]
    rows: dict[str, dict[str, float]] = {}
    with progress("pretraining") as update:
        for (name, seed), scores in _completed(missing, out, workers):
            rows[policy_name(name, seed)] = scores
            update(len(rows) / len(missing), f"{name} {seed}: {scores['success']:.0%}", None)
    lines = (f"{row}: {_line(scores)}" for row, scores in rows.items())
    return CommandResult("\n".join(lines), {"folder": str(out), "policies": rows})


def _line(scores: Mapping[str, float]) -> str:
    """Success, then how calmly a policy moves."""
    from dmi_sim.outcome.calm import CALM

    told = (f"{name} {scores[name]:.3g}" for name in CALM if name in scores)
    return ", ".join((f"success {scores['success']:.0%}", *told))


def _known(exercises: Sequence[str] | None) -> Sequence[str]:
    from dmi_sim.errors import InputError, did_you_mean
    from dmi_sim.names import exercises as shipped

    for name in exercises or ():
        if name not in shipped():
            raise InputError(f"{name}: no such exercise; {did_you_mean(name, shipped())}")
    return exercises or shipped()


def _completed(
    missing: Sequence[tuple[str, int]], out: Path, workers: int
) -> Iterator[tuple[tuple[str, int], dict[str, float]]]:
    """Each exercise and seed with the scores of its policy, as trainings and measurements end."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    from dmi_sim.rollout.compilation import compile_before_workers
    from dmi_sim.training.pretrained import complete

    compile_before_workers()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(complete, *one, out): one for one in missing}
        for future in as_completed(running):
            yield running[future], future.result()
