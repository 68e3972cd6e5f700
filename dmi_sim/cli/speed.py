"""The command that measures speed."""

import os
from typing import Annotated

import typer

from dmi_sim.cli.console import Answer
from dmi_sim.cli.progress import progress

Learning = Annotated[
    bool, typer.Option("--learning", help="Also practise until a policy sits: some minutes.")
]
Rounds = Annotated[int, typer.Option(min=1, help="Blocks of each; more for a noisy machine.")]


def bench(learning: Learning = False, rounds: Rounds = 12) -> Answer:
    """Measure speed on one core, beside Gymnasium's HumanoidStandup.

    Give --learning to time also how long a policy practises until it sits.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below
    from dataclasses import asdict, replace

    from dmi_sim.bench.learning import learning_time, sitting_spec
    from dmi_sim.bench.speed import measure_speed
    from dmi_sim.bench.table import speed_table

    with progress("bench") as tell:
        report = measure_speed(rounds, on_progress=lambda share, what: tell(share, what, None))
    if learning:
        with progress("practice") as tell:
            spent = learning_time(
                sitting_spec().learning,
                lambda done, most: tell(done / most, f"{done} of at most {most} steps", None),
            )
        report = replace(report, learning=spent)
    return Answer(speed_table(report), asdict(report))
