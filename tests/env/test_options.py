"""Options of a reset: they win over what the environment was made with, for one episode."""

from dataclasses import fields

import pytest

from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.env.options import EpisodeOptions, episode_options
from dmi_sim.errors import InputError

BUILD = build_env(EnvConfig("sitting", support="waist", support_strength=0.4))


def test_without_options_an_episode_is_as_the_environment_was_made() -> None:
    assert episode_options(BUILD, {}) == EpisodeOptions("waist", 0.4, pushes=False)


@pytest.mark.parametrize("name", [field.name for field in fields(EpisodeOptions)])
def test_every_option_wins(name: str) -> None:
    chosen = object() if name == "voluntary" else "pelvis" if name == "support" else 1
    assert getattr(episode_options(BUILD, {name: chosen}), name) is chosen


def test_an_unknown_option_names_the_nearest() -> None:
    with pytest.raises(InputError, match="options: no 'pushs'; did you mean 'pushes'"):
        episode_options(BUILD, {"pushs": True})


def test_pushes_that_an_exercise_does_not_have_are_refused() -> None:
    rolling = build_env(EnvConfig("rolling"))
    with pytest.raises(InputError, match=r"pushes: envs/rolling\.yaml has none"):
        episode_options(rolling, {"pushes": True})
    assert not episode_options(rolling, {"pushes": False}).pushes
