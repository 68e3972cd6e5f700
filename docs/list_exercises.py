"""Write the table of exercises into the README: ``python docs/list_exercises.py``.

What success is in each of them stands on their pages in the site, see ``docs/exercise_pages.py``.
"""

from collections.abc import Iterator
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- exercises -->\n", "<!-- /exercises -->"


def table() -> Iterator[str]:
    """One row per exercise, by typical age, as Markdown."""
    loaded = ((name, Catalog.shipped().load(ExerciseSpec, name)) for name in exercises())
    yield "| File in `envs/` | Exercise | The therapist says | Months |"
    yield "|---|---|---|---|"
    for name, spec in sorted(loaded, key=lambda one: one[1].typical_age_months):
        yield f"| `{name}` | {spec.title} | {spec.instruction} | {spec.typical_age_months:g} |"


def main() -> None:
    """Replace what stands between the marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = "".join(f"{line}\n" for line in table())
    README.write_text(f"{before}{BEGIN}{lines}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
