"""The command ``dmi-sim policies``, which trains the shipped policies."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.progress import progress

Names = Annotated[
    list[str] | None,
    typer.Argument(
        help="Files in models/curricula, such as infant, or in envs/, such as sitting. "
        "Default: as models/pretraining/shipped.yaml says."
    ),
]
Seeds = Annotated[
    int | None, typer.Option(min=1, max=100, help="Policies of each. Default: as that file says.")
]
Workers = Annotated[int, typer.Option(min=1, max=256, help="Trainings at the same time.")]
Out = Annotated[Path, typer.Option(help="Folder for the bundles.")]


Work = Annotated[Path, typer.Option(help="Folder for the trainings of curricula, to go on with.")]


def policies(
    names: Names = None,
    seeds: Seeds = None,
    workers: Workers = 2,
    out: Out = Path("models/policies"),
    work: Work = Path("runs/policies"),
) -> CommandResult:
    """Train the shipped policies from nothing, and write them with their learning curves.

    Policies that are there already are kept; delete the folder of one to have it trained anew. Of
    those that do not yet tell how calmly they move, this is measured. A curriculum takes hours; its
    training goes on where it stopped, in the folder of trainings.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.pretraining import PretrainingSpec
    from dmi_sim.training.library import policy_name
    from dmi_sim.training.pretrained import is_complete

    shipped = Catalog.shipped().load(PretrainingSpec, "shipped")
    chosen = _known(names) if names else (*shipped.curricula, *shipped.exercises)
    wanted = [(name, seed) for seed in range(seeds or shipped.seeds) for name in chosen]
    missing = [one for one in wanted if not is_complete(*one, out)]
    rows: dict[str, dict[str, float]] = {}
    with progress("pretraining") as update:
        for (name, seed), scores in _completed(missing, out, work, workers):
            rows[policy_name(name, seed)] = scores
            update(len(rows) / len(missing), f"{name} {seed}: {scores['success']:.0%}", None)
    lines = (f"{row}: {_line(scores)}" for row, scores in rows.items())
    return CommandResult("\n".join(lines), {"folder": str(out), "policies": rows})


def _line(scores: Mapping[str, float]) -> str:
    """Success, then how calmly a policy moves."""
    from dmi_sim.outcome.calm import CALM

    told = (f"{name} {scores[name]:.3g}" for name in CALM if name in scores)
    return ", ".join((f"success {scores['success']:.0%}", *told))


def _known(names: Sequence[str]) -> Sequence[str]:
    from dmi_sim.catalog import Catalog
    from dmi_sim.errors import InputError, did_you_mean
    from dmi_sim.names import exercises
    from dmi_sim.spec.curriculum import CurriculumSpec

    known = (*Catalog.shipped().names(CurriculumSpec), *exercises())
    for name in names:
        if name not in known:
            raise InputError(f"{name}: no such exercise or curriculum; {did_you_mean(name, known)}")
    return names


def _completed(
    missing: Sequence[tuple[str, int]], out: Path, work: Path, workers: int
) -> Iterator[tuple[tuple[str, int], dict[str, float]]]:
    """Each name and seed with the scores of its policy, as trainings and measurements end."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    from dmi_sim.rollout.compilation import compile_before_workers
    from dmi_sim.training.pretrained import complete

    compile_before_workers()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(complete, *one, out, work): one for one in missing}
        for future in as_completed(running):
            yield running[future], future.result()
