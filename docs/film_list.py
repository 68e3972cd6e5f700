"""The films of ``docs/films``: what each shows, in one sentence, and which episode is typical.

``docs/record_films.py`` records them and keeps the list; the pages of the exercises read it.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any

from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.rollout.evaluate import EpisodeRow
from dmi_sim.tables import percent, plain_words

FILMS = Path(__file__).parent / "films"
"""Folder of the films, each called by its exercise."""
LIST = Path(__file__).parent / "tables/films.csv"
"""The list of them: a row for each film."""
LARGEST_BYTES = 1_000_000
"""Size that no film reaches; whoever clones the project gets them all."""
FAR_M = 0.25
"""Distance from which an infant is said to go anywhere [m]; to topple takes less."""


@dataclass(frozen=True)
class Film:
    """What a film shows.

    Attributes:
        exercise: Name of a file in ``envs/``, of the present version.
        policy: Name of the shipped policy that acts.
        policy_sha256: Hash of its weights: with other weights the film is out of date.
        environment: Gymnasium id of the environment.
        support: Site of the hands.
        age_months: Age of the infant [months].
        seed: Seed of the episode.
        episodes: Number of unseen episodes from which this one was taken.
        successes: Number of them with success.
        success: Whether this one succeeds.
        completion: Share of the exercise that it completes, 0 to 1.
        fell: Whether it ends in a fall.
        travel_m: Distance along the floor from where it starts to where it ends [m].
    """

    exercise: str
    policy: str
    policy_sha256: str
    environment: str
    support: str
    age_months: float
    seed: int
    episodes: int
    successes: int
    success: bool
    completion: float
    fell: bool
    travel_m: float


def typical(rows: Sequence[EpisodeRow]) -> EpisodeRow:
    """The episode that stands for all: of the successes the one with the median reward.

    Without a success it is the one with the median of what was completed. Of an even number the
    lower of the two in the middle is taken, so that no film is better than most.

    Args:
        rows: Rows of :func:`dmi_sim.rollout.evaluate.evaluate`, at least one.
    """
    succeeded = [row for row in rows if row["success"]]
    measure = "total_reward" if succeeded else "completion"
    ranked = sorted(succeeded or rows, key=lambda row: (row[measure], row["total_reward"]))
    return ranked[(len(ranked) - 1) // 2]


def caption(film: Film) -> str:
    """One sentence that says who acts, in which hands, how far it goes, and whether it succeeds.

    The floor looks the same everywhere and the camera goes along: hence the distance.
    """
    hands = "no hands" if film.support == "none" else f"hands: {plain_words(film.support)}"
    who = f"{film.age_months:g} months, {hands}: `{film.policy}` in `{film.environment}`, "
    way = f"goes {film.travel_m:.1f} m" if film.travel_m >= FAR_M else "stays in place"
    end = f"{way} and falls" if film.fell else way
    if film.success:
        return (
            f"{who}typical of its successes in {film.successes} of {film.episodes} unseen tests; "
            f"it {end}."
        )
    return (
        f"{who}which succeeds in none of {film.episodes} unseen tests; typical of them, this one "
        f"completes {percent(film.completion)}; it {end}."
    )


def read_films(path: Path = LIST) -> dict[str, Film]:
    """The films by exercise; none if there is no list.

    Raises:
        InputError: If the file is no list of films.
    """
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["exercise"]: _film(row) for row in csv.DictReader(file)}
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"{path}: no list of films ({error!r}); delete it") from error


def keep_film(film: Film, path: Path = LIST) -> None:
    """Write a film into the list, in place of the one of the same exercise."""
    films = {**read_films(path), film.exercise: film}
    write_text(path, _text(films[name] for name in sorted(films)))


def problems(folder: Path, films: Mapping[str, Film], exercises: Iterable[str]) -> Iterator[str]:
    """What is wrong with the films in a folder, one line each.

    Args:
        folder: Holds the films.
        films: The list of them.
        exercises: Exercises that are registered.
    """
    sizes = {path.stem: path.stat().st_size for path in sorted(folder.glob("*"))}
    for name, size in sizes.items():
        if name not in films:
            yield f"{name}: not in the list of films"
        if size >= LARGEST_BYTES:
            yield f"{name}: {size / 1e6:.1f} MB; a film is below {LARGEST_BYTES / 1e6:g} MB"
    known = set(exercises)
    yield from (f"{name}: no such exercise" for name in films if name not in known)
    yield from (f"{name}: in the list without a film" for name in films if name not in sizes)
    if films:
        yield from (f"{name}: has no film, others have" for name in known if name not in films)


def _text(films: Iterable[Film]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, [one.name for one in fields(Film)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(film) for film in films)
    return text.getvalue()


def _film(row: Mapping[str, str]) -> Film:
    told: dict[str, Any] = {one.name: _READERS[one.type](row[one.name]) for one in fields(Film)}
    return Film(**told)


_READERS: Mapping[Any, Any] = {str: str, int: int, float: float, bool: "True".__eq__}
