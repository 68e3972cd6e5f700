"""The page of the infants who practised several exercises, made from their bundles."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from markdown_text import code, table, words

from dmi_sim.assessments.exercise_comparison.text import CALM_WORDS, SCORE_HEAD, score_cells
from dmi_sim.catalog import Catalog
from dmi_sim.names import environment_id
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.pretraining import PretrainingSpec
from dmi_sim.tables import UNKNOWN, percent
from dmi_sim.training.bundle import PolicyMetadata, ancestor, read_bundle_manifest
from dmi_sim.training.library import shipped_folder
from dmi_sim.training.pretrained import SUCCESS_THRESHOLD
from dmi_sim.training.validation import ValidationRow, read_validations

NOTHING = "None is shipped yet; `dmi-sim policies infant` trains them, which takes hours.\n"
"""What stands on the page before any is shipped."""


def infant_page() -> str:
    """The page, with a table for each shipped policy of a curriculum."""
    return "\n".join(_lines([folder for folder in _folders() if _metadata(folder).exercise_scores]))


def first_learnt(rows: Sequence[ValidationRow], exercise: str) -> int | None:
    """Steps before the first validation in which enough episodes succeeded; None if there is none.

    Args:
        rows: Validations, oldest first.
        exercise: The exercise.
    """
    of_it = [row for row in rows if row.exercise == exercise]
    return next((row.steps for row in of_it if row.success >= SUCCESS_THRESHOLD), None)


def _lines(folders: Sequence[Path]) -> Iterator[str]:
    yield "# One infant in every exercise\n"
    yield (
        "One network learns exercise beside exercise: a [curriculum](../how-to/curriculum.md) "
        "shares the time among them, and the policy that does best in validations is kept. The "
        "tests are on starts that neither saw, with as little support as an exercise allows. A "
        "name other than `infant` is an infant of fewer exercises, or `self_taught`.\n"
    )
    yield from (part for folder in folders for part in _infant(folder))
    if not folders:
        yield NOTHING
    yield "Simulation for education and hypothesis generation; not clinical evidence.\n{ .notice }"


def _infant(folder: Path) -> Iterator[str]:
    metadata, validations = _metadata(folder), read_validations(folder)
    tested = metadata.exercise_scores
    learnt = sum(scores["success"] > SUCCESS_THRESHOLD for scores in tested.values())
    in_all = ancestor(folder)
    yield f"## {code(folder.name)}\n"
    yield (
        f"{in_all.training_steps:,} control steps, {in_all.dose_h:.1f} simulated "
        f"hours in all; it succeeds in more than {percent(SUCCESS_THRESHOLD)} of the tests in "
        f"{learnt} of {len(tested)} exercises.\n"
    )
    if not _is_made_by_one_command(folder):
        yield (
            "It was trained in stages by hand, and `make policies` does not make it: how stands in "
            "`models/pretraining/shipped.yaml`. The settings in its bundle are those of the last "
            "stage.\n"
        )
    if metadata.taught_by:
        yield _teachers(metadata)
    yield table(
        ("Exercise", "Hours", "Steps to success", *SCORE_HEAD),
        [
            (
                f"[{words(name)}]({name}.md)",
                f"{metadata.exercise_dose_h.get(name, 0.0):.2f}",
                _steps(first_learnt(validations, name)),
                *score_cells(tested[name]),
            )
            for name in _by_age(tested)
        ],
    )
    yield (
        "Hours: practice in the exercise until the policy was kept. Steps to success: control "
        "steps of all exercises until a validation in which at least "
        f"{percent(SUCCESS_THRESHOLD)} of the episodes succeeded. {CALM_WORDS}\n"
    )
    lowest = environment_id(_by_age(tested)[0])
    yield f"```sh\ndmi-sim evaluate {folder.name} --env {lowest}\n```\n"


def _teachers(metadata: PolicyMetadata) -> str:
    """Who taught an infant, and what they had practised."""
    taught = metadata.taught_by
    different = {one.policy_sha256: one for one in taught.values()}
    steps = sum(one.training_steps for one in different.values())
    return (
        f"In {len(taught)} exercises it was drawn to what {len(different)} other policies would do "
        f"where it came, less and less ([teachers](../how-to/curriculum.md)). They had practised "
        f"{steps:,} steps together, which its own do not count.\n"
    )


def _is_made_by_one_command(folder: Path) -> bool:
    shipped = Catalog.shipped().load(PretrainingSpec, "shipped")
    return folder.name.rpartition("_")[0] in (*shipped.curricula, *shipped.exercises)


def _by_age(names: Iterable[str]) -> list[str]:
    catalog = Catalog.shipped()
    return sorted(names, key=lambda name: catalog.load(ExerciseSpec, name).typical_age_months)


def _steps(steps: int | None) -> str:
    return UNKNOWN if steps is None else f"{steps:,}"


def _folders() -> list[Path]:
    return sorted(path for path in shipped_folder().iterdir() if path.is_dir())


def _metadata(folder: Path) -> PolicyMetadata:
    return read_bundle_manifest(folder).metadata
