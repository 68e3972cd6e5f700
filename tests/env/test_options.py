"""Options of a reset: they win over what the environment was made with, for one episode."""

from dataclasses import fields

import pytest

from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.env.infant_setup import INFANT_OPTIONS
from dmi_sim.env.options import EpisodeOptions, episode_options, split_options, with_defaults
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.physics.platform import PlatformMotion
from dmi_sim.physics.push import horizontal_push
from tests.env.test_config import STRANGE, refusal

BUILD = build_env(EnvConfig("sitting", support="waist", support_strength=0.4))


def test_without_options_an_episode_is_as_the_environment_was_made() -> None:
    assert episode_options(BUILD, {}) == EpisodeOptions("waist", 0.4, pushes=False)


EXAMPLES: dict[str, object] = {
    "support": "pelvis",
    "support_strength": 0.1,
    "pushes": True,
    "silent_muscles": True,
    "steps_after_end": True,
    "push_schedule": (horizontal_push(3, 0.0, 0.2, 1.0, 0.0),),
    "platform_motion": PlatformMotion(),
    "voluntary": lambda state, command: command,  # pyright: ignore[reportUnknownVariableType]
}


@pytest.mark.parametrize("name", [field.name for field in fields(EpisodeOptions)])
def test_every_option_wins(name: str) -> None:
    on_platform = build_env(EnvConfig("sitting", on_platform=True))
    chosen = EXAMPLES[name]
    assert getattr(episode_options(on_platform, {name: chosen}), name) is chosen


@pytest.mark.parametrize("name", ["pushes", "silent_muscles", "push_schedule", "voluntary"])
def test_a_value_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"{name}: "):
        episode_options(BUILD, {name: ("yes",)})


def test_a_motion_needs_a_platform_and_has_to_be_one() -> None:
    with pytest.raises(InputError, match="sitting has no platform; make it with on_platform"):
        episode_options(BUILD, {"platform_motion": PlatformMotion()})
    with pytest.raises(InputError, match="'left' is no dmi_sim"):
        episode_options(BUILD, {"platform_motion": "left"})


@pytest.mark.parametrize("name", INFANT_OPTIONS)
def test_who_the_infant_is_may_be_said_at_a_reset_too(name: str) -> None:
    assert split_options({name: 1, "support": "pelvis"}) == ({name: 1}, {"support": "pelvis"})


def test_an_unknown_option_names_the_nearest() -> None:
    for wrong, right in (
        ("pushs", "pushes"),
        ("age_month", "age_months"),
        ("condtion", "condition"),
    ):
        with pytest.raises(InputError, match=f"options: no '{wrong}'; did you mean '{right}'"):
            split_options({wrong: 1})


def test_pushes_that_an_exercise_does_not_have_are_refused() -> None:
    rolling = build_env(EnvConfig("rolling"))
    with pytest.raises(InputError, match=r"pushes: envs/rolling\.yaml has none"):
        episode_options(rolling, {"pushes": True})
    assert not episode_options(rolling, {"pushes": False}).pushes


@pytest.mark.parametrize("name", EXAMPLES)
def test_whatever_is_given_is_taken_or_refused_by_name(name: str) -> None:
    def choose(value: object) -> None:
        chosen = episode_options(BUILD, {name: value})
        BUILD.support(chosen.support, chosen.support_strength)

    for value in STRANGE:
        problem = refusal(lambda value=value: choose(value))
        assert not problem or name in problem


@pytest.mark.parametrize("options", [["support"], 3, "pelvis"])
def test_options_are_a_mapping(options: object) -> None:
    with pytest.raises(InputError, match=r"options: .* is not a mapping"):
        with_defaults({}, options)


def test_a_reset_that_names_no_infant_looks_into_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    env = PostureEnv(EnvConfig("sitting"))
    env.reset(seed=1)
    monkeypatch.setattr("dmi_sim.env.infant_setup.plain_config", None)
    env.reset(seed=1, options={"support": "pelvis"})
    with pytest.raises(TypeError):
        env.reset(seed=1, options={"age_months": 8})
    env.close()


def test_silent_muscles_and_a_movement_of_ones_own_exclude_each_other() -> None:
    with pytest.raises(InputError, match="voluntary: silent muscles do nothing"):
        episode_options(BUILD, {"silent_muscles": True, "voluntary": EXAMPLES["voluntary"]})
