"""Count how often each interval of a report holds the truth, by simulated studies.

Usage: python benchmarks/interval_coverage.py [--studies N]

The table of docs/concepts/studies.md is its answer for 4000 studies.
"""

from collections.abc import Callable, Iterator
from typing import Annotated

import numpy as np
import typer

from dmi_sim.arrays import Vector
from dmi_sim.cli.console import CommandResult, command
from dmi_sim.statistics.intervals import Estimate, bootstrap_interval, covering, t_interval
from dmi_sim.statistics.robust import hodges_lehmann
from dmi_sim.tables import UNKNOWN, markdown

FAR_SD, FAR_SHARE = 8.0, 0.15
INFANTS = (3, 6, 10)
Studies = Annotated[int, typer.Option(min=10, help="Simulated studies for each row.")]


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Vector:
    """Differences of which most infants have about the same."""
    return rng.normal(size=shape)


def skewed(rng: np.random.Generator, shape: tuple[int, ...]) -> Vector:
    """Differences that are small in most infants and large in a few (lognormal), mean 0."""
    return rng.lognormal(size=shape) - np.exp(0.5)


def failing(rng: np.random.Generator, shape: tuple[int, ...]) -> Vector:
    """Normal differences, but 15 % of the infants lie eight standard deviations lower, mean 0."""
    far = rng.random(shape) < FAR_SHARE
    return rng.normal(size=shape) - FAR_SD * (far - FAR_SHARE)


KINDS = {"bell-shaped": normal, "skewed": skewed, "15 % fail badly": failing}


def coverage(
    draw: Callable[[np.random.Generator, tuple[int, ...]], Vector], infants: int, studies: int
) -> dict[str, float]:
    """Share of studies whose interval holds the truth, by interval.

    The truth is the mean difference, 0, and for the robust interval the centre that it estimates.

    Args:
        draw: Draws differences, one per infant and study.
        infants: Infants of a study.
        studies: Number of studies.
    """
    rng = np.random.default_rng([infants, studies])
    centre = hodges_lehmann(draw(np.random.default_rng(0), (2_000,))).value
    held = [_held(one, centre, rng) for one in draw(rng, (studies, infants))]
    return {name: float(np.mean([one[name] for one in held])) for name in held[0]}


def _held(differences: Vector, centre: float, rng: np.random.Generator) -> dict[str, float]:
    student, bootstrap = t_interval(differences), bootstrap_interval(differences, rng)
    robust = hodges_lehmann(differences)
    return {
        "t interval": student.contains(0.0),
        "bootstrap interval": bootstrap.contains(0.0),
        "interval of the verdict": covering(student, bootstrap).contains(0.0),
        "robust, of its centre": _holds(robust, centre),
        "robust, of the mean": _holds(robust, 0.0),
    }


def _holds(estimate: Estimate, truth: float) -> float:
    return float(estimate.contains(truth)) if estimate.known else np.nan


def rows(studies: int) -> Iterator[list[str]]:
    """A row of the table for each kind of differences and number of infants."""
    for kind, draw in KINDS.items():
        for infants in INFANTS:
            shares = coverage(draw, infants, studies).values()
            cells = (f"{100 * one:.0f} %" if np.isfinite(one) else UNKNOWN for one in shares)
            yield [kind, str(infants), *cells]


def table(studies: Studies = 4_000) -> CommandResult:
    """How often 95 % intervals hold the truth."""
    found = list(rows(studies))
    names = coverage(normal, 2, 2)
    head = ("Differences", "Infants", *names)
    return CommandResult("\n".join(markdown(head, found)), {"head": head, "rows": found})


if __name__ == "__main__":
    typer.run(command(table))
