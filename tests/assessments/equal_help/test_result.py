"""Help in three senses, and how it is told."""

from math import inf

import pytest

from dmi_sim.assessments.equal_help.result import HELP, EqualHelp, HandsHelp, Match
from dmi_sim.assessments.equal_help.text import equal_help_data, equal_help_lines
from dmi_sim.spec.arm import HelpName

LITTLE = HandsHelp(time_s=60.0, impulse_n_s=60.0, load_s=6.0, falls=30)
MUCH = HandsHelp(time_s=60.0, impulse_n_s=120.0, load_s=30.0, falls=12)


def test_help_does_not_depend_on_how_long_it_was_watched() -> None:
    assert LITTLE.impulse_n_s_per_h == 3600.0
    assert LITTLE.load_share == pytest.approx(0.1)
    assert LITTLE.falls_per_min == 30.0


@pytest.mark.parametrize("name", HELP)
def test_more_force_more_load_and_fewer_falls_are_more_help(name: HelpName) -> None:
    assert HELP[name].amount(MUCH) > HELP[name].amount(LITTLE)


def test_a_site_that_cannot_help_so_much_is_told_with_what_it_gives() -> None:
    matches = (
        Match("axillae", "load", 0.25, LITTLE),
        Match("axillae", "impulse", inf, MUCH),
        Match("axillae", "falls", 0.5, MUCH),
    )
    found = EqualHelp("shanks", 0.2, 40, {"shanks": LITTLE}, matches)
    text = "\n".join(equal_help_lines(found))
    assert "| axillae | cannot: 7200 at 1" in " ".join(text.split())
    assert "0.250" in text
    assert "not clinical evidence" in text
    assert [one["firmness"] for one in equal_help_data(found)["matches"]] == [0.25, None, 0.5]
