"""Write the table of exercises into the README: ``python docs/list_exercises.py``."""

from collections.abc import Iterator
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.env.criteria import CRITERIA
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec, SuccessSpec
from dmi_sim.tables import markdown

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- exercises -->\n", "<!-- /exercises -->"


def success(spec: SuccessSpec) -> str:
    """What success is, in words."""
    words = CRITERIA[spec.criterion].in_words(spec.params)
    return f"{words} for {spec.hold_s:g} s" if spec.hold_s else words


def table() -> Iterator[str]:
    """One row per exercise, by typical age, as Markdown."""
    loaded = ((name, Catalog.shipped().load(ExerciseSpec, name)) for name in exercises())
    by_age = sorted(loaded, key=lambda one: one[1].typical_age_months)
    head = ("File in `envs/`", "Exercise", "The therapist says", "Months", "Success")
    yield from markdown(
        head,
        [
            (f"`{n}`", s.title, s.instruction, f"{s.typical_age_months:g}", success(s.success))
            for n, s in by_age
        ],
    )


def main() -> None:
    """Replace what stands between the marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = "".join(f"{line}\n" for line in table())
    README.write_text(f"{before}{BEGIN}{lines}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
