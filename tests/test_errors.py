"""Errors that help a user to repair what they wrote."""

import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

from dmi_sim.errors import InputError, did_you_mean, machine_problem


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("pelvs", ["axillae", "pelvis"]) == "did you mean 'pelvis'?"


def test_without_a_near_name_all_are_listed_in_order() -> None:
    assert did_you_mean("xyz", ["pelvis", "axillae"]) == "known: axillae, pelvis"
    assert did_you_mean("xyz", []) == "known: none"


def test_an_error_keeps_its_problems_when_it_is_pickled() -> None:
    error = pickle.loads(pickle.dumps(InputError("first", "second")))
    assert error.problems == ("first", "second")
    assert str(error) == "first\nsecond"


def test_a_pool_whose_worker_was_killed_points_to_memory() -> None:
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(BrokenProcessPool) as broken,
    ):
        pool.submit(os._exit, 137).result()
    told = machine_problem(broken.value)
    assert told is not None
    assert "memory is used up; use fewer workers" in told
