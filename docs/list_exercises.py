"""Write the table of exercises into the README: ``python docs/list_exercises.py``."""

from collections.abc import Iterator
from math import cos, degrees
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec, SuccessSpec
from dmi_sim.tables import markdown

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- exercises -->\n", "<!-- /exercises -->"
CRITERIA = {
    "stays_up": "no fall",
    "head_up": "head at {lifted:g} of body length",
    "chest_raised": "chest raised by {rise:g} of body length",
    "pelvis_raised": "pelvis raised by {rise:g} of body length",
    "turned_over": "chest faces the floor within {within_deg:.0f}°",
    "head_in_line": "head within {within_deg:.0f}° of the line of the trunk",
    "risen_in_line": "trunk within {upright_deg:.0f}° of the vertical, head in line with it,",
    "moved_on": "{way} by {distance:g} of body length",
    "stepped_on": "both feet {way} by {distance:g} of body length",
    "crept_on": "elbows and knees {way} by {distance:g} of body length",
}
"""What is aimed at, in words, by function in ``dmi_sim/env/criteria.py``; others by their names."""


def success(spec: SuccessSpec) -> str:
    """What success is, in words."""
    params = spec.params
    plain = spec.criterion.replace("_", " ")
    words = CRITERIA.get(spec.criterion, plain).format(
        **params,
        upright_deg=degrees(params.get("upright_rad", 0.0)),
        within_deg=degrees(params.get("within_rad", 0.0)),
        way="forward" if cos(params.get("heading_rad", 0.0)) > 0.5 else "to the left",
    )
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
