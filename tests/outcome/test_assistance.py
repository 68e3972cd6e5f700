"""The assistance of hands is the height that they keep."""

import pytest

from dmi_sim.errors import InputError
from dmi_sim.outcome.assistance import assistance_share


@pytest.mark.parametrize(("held_m", "share"), [(0.2, 0.0), (0.4, 1.0), (0.25, 0.25)])
def test_the_share_is_what_is_kept_of_what_would_be_lost(held_m: float, share: float) -> None:
    assert assistance_share(held_m, free_m=0.2, start_m=0.4) == pytest.approx(share)


def test_hands_that_pull_down_or_lift_are_not_hidden() -> None:
    assert assistance_share(0.1, free_m=0.2, start_m=0.4) == pytest.approx(-0.5)
    assert assistance_share(0.5, free_m=0.2, start_m=0.4) == pytest.approx(1.5)


def test_the_size_of_the_infant_does_not_matter() -> None:
    small, large = (assistance_share(0.3 * k, 0.2 * k, 0.5 * k) for k in (1.0, 1.7))
    assert small == pytest.approx(large)


@pytest.mark.parametrize("free_m", [0.4, 0.41])
def test_where_nothing_is_lost_there_is_nothing_to_assist(free_m: float) -> None:
    with pytest.raises(InputError, match=r"start_m = 0\.4 must be above free_m"):
        assistance_share(0.4, free_m, start_m=0.4)
