"""Errors that help a user to repair what they wrote."""

import pickle

from dmi_sim.errors import InputError, did_you_mean


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("pelvs", ["axillae", "pelvis"]) == "did you mean 'pelvis'?"


def test_without_a_near_name_all_are_listed_in_order() -> None:
    assert did_you_mean("xyz", ["pelvis", "axillae"]) == "known: axillae, pelvis"
    assert did_you_mean("xyz", []) == "known: none"


def test_an_error_keeps_its_problems_when_it_is_pickled() -> None:
    error = pickle.loads(pickle.dumps(InputError("first", "second")))
    assert error.problems == ("first", "second")
    assert str(error) == "first\nsecond"
