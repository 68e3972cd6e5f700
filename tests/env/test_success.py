"""Success that asks for several things at once, in episodes of an exercise of one's own."""

from pathlib import Path

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from tests.env.episodes import last_step, play, zero_action

SEAT = "[pelvis, left_thigh, right_thigh, left_foot, right_foot]"
ON_SEAT = f"{{criterion: only_on, params: {{segments: {SEAT}}}}}"
HEAD_UP = "{criterion: head_upright_within, params: {within_rad: 0.35}}"


def with_success(folder: Path, success: str) -> Catalog:
    """The shipped files, but an exercise ``own`` that is sitting with another success."""
    shipped = Catalog.shipped().root
    text = (shipped / "envs/sitting_v0.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("success:")]
    (folder / "envs").mkdir()
    written = "\n".join([*lines, f"success: {success}"])
    (folder / "envs/own.yaml").write_text(written, encoding="utf-8")
    return Catalog(folder, shipped)


def sitting(folder: Path, success: str) -> PostureEnv:
    return PostureEnv(EnvConfig("own"), catalog=with_success(folder, success))


def test_what_success_asks_for_changes_no_movement(tmp_path: Path) -> None:
    asking = f"{{criterion: no_fall, hold_s: 10, also: [{HEAD_UP}, {ON_SEAT}]}}"
    with_more, as_shipped = sitting(tmp_path, asking), PostureEnv(EnvConfig("sitting_v0"))
    assert play(with_more, 40) == play(as_shipped, 40)
    assert with_more.context.contact_history.load.any()
    assert as_shipped.context.history is None


def test_the_load_is_that_of_the_steps_of_this_episode(tmp_path: Path) -> None:
    env = sitting(tmp_path, f"{{criterion: no_fall, hold_s: 1, also: [{ON_SEAT}]}}")
    for _ in range(2):
        env.reset(seed=0)
        assert not env.context.contact_history.load.any()
        seen = []
        for _ in range(5):
            env.step(zero_action(env))
            seen.append(env.context.contact_force)
        assert env.context.contact_history.load == pytest.approx(np.mean(seen, axis=0))


def test_a_state_that_is_returned_to_remembers_what_was_touched(tmp_path: Path) -> None:
    env = sitting(tmp_path, f"{{criterion: no_fall, hold_s: 1, also: [{ON_SEAT}]}}")
    env.reset(seed=0)
    for _ in range(5):
        env.step(zero_action(env))
    state, load = env.get_state(), env.context.contact_history.load
    env.step(zero_action(env))
    env.set_state(state)
    assert env.context.contact_history.load.tolist() == load.tolist()


@pytest.mark.parametrize("time_share", ["", ", time_share: 0.9"])
def test_who_sits_with_the_head_down_has_not_succeeded(tmp_path: Path, time_share: str) -> None:
    head = HEAD_UP.replace("0.35}", "0.001}" + time_share)
    env = sitting(tmp_path, f"{{criterion: no_fall, hold_s: 0.5, also: [{head}]}}")
    env.reset(seed=0)
    info = [env.step(zero_action(env))[4] for _ in range(20)][-1]
    assert not info["is_success"]
    assert info["completion"] < 0.2


def test_a_fall_is_no_success_where_several_things_are_asked(tmp_path: Path) -> None:
    raised = "criterion: segment_raised, params: {segment: head, rise: -0.3}"
    late = "{criterion: head_upright_within, params: {within_rad: 3.0}}"
    env = sitting(tmp_path, f"{{{raised}, hold_s: 0, also: [{late}]}}")
    env.reset(seed=0)
    assert env.step(zero_action(env))[4]["is_success"]
    _, _, terminated, _, info = last_step(env, zero_action(env))
    assert terminated, "reflexes alone do not sit"
    assert info["is_success"], "what was reached before a fall stays"


def test_who_gets_there_and_falls_has_not_succeeded_where_no_fall_is_asked_for(
    tmp_path: Path,
) -> None:
    raised = "criterion: segment_raised, params: {segment: head, rise: -0.3}"
    env = sitting(tmp_path, f"{{{raised}, hold_s: 0, no_fall_s: 10}}")
    env.reset(seed=0)
    assert not env.step(zero_action(env))[4]["is_success"], "there, and the time is not over"
    _, _, terminated, _, info = last_step(env, zero_action(env))
    assert terminated, "reflexes alone do not sit"
    assert not info["is_success"]
    assert 0 < info["completion"] < 0.9, "the share of the time before the fall"


@pytest.mark.parametrize(
    ("also", "problem"),
    [
        ("{criterion: head_up}", r"success.also\[0\]: no criterion 'head_up'; did you mean"),
        ("{criterion: only_on, params: {segments: [left_shank]}}",
         r"success.also\[0\]: parameter 'segments': no 'left_shank'; did you mean"),
        ("{criterion: weight_borne, params: {segments: [pelvis], share: 0}}",
         r"success.also\[0\]: parameter 'share': .*greater than 0"),
        ("{criterion: steps_taken, params: {limbs: foot, count: 2}}",
         r"success.also\[0\]: parameter 'limbs': no 'foot'; did you mean"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_refused_by_name(
    tmp_path: Path, also: str, problem: str
) -> None:
    catalog = with_success(tmp_path, f"{{criterion: no_fall, hold_s: 1, also: [{also}]}}")
    with pytest.raises(InputError, match=problem):
        build_env(EnvConfig("own"), catalog)
