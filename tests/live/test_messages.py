"""What pages may say: every message is read as it was written, and all else is refused in words."""

import json
import random
from typing import get_args

import pytest

from dmi_sim.errors import InputError
from dmi_sim.live.messages import (
    LARGEST_PULL_N,
    LONGEST_MESSAGE,
    Choose,
    Hold,
    LetGo,
    Pause,
    Pull,
    PushNow,
    Reset,
    Speed,
    StepOnce,
    TeacherMessage,
    infants_of,
    read_message,
)

EXAMPLES: tuple[TeacherMessage, ...] = (
    Choose(infant="a", condition="hypotonia", severity=0.25),
    Hold(infant="b", site="pelvis", firmness=0.4),
    LetGo(),
    PushNow(direction="left", speed_m_s=0.2),
    Pull(infant="a", segment="head", force_n=(3.0, 0.0, 4.0)),
    Speed(speed=0.25),
    Pause(paused=True),
    StepOnce(),
    Reset(seed=3),
)


def test_there_is_an_example_of_each_message() -> None:
    assert {type(one) for one in EXAMPLES} == {*get_args(TeacherMessage)}


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda one: one.type)
def test_a_message_is_read_as_it_was_written(message: TeacherMessage) -> None:
    assert read_message(message.model_dump_json()) == message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "message: 'Invalid JSON"),
        ("[]", "message: 'Input should be"),
        ('{"type": "fly"}', "fly"),
        ('{"type": "hold"}', "hold.site: 'Field required'"),
        ('{"type": "hold", "site": "pelvis", "firmness": 2}', "hold.firmness"),
        ('{"type": "hold", "site": "pelvis", "firmness": NaN}', "hold.firmness"),
        ('{"type": "let_go", "infant": "c"}', "let_go.infant"),
        ('{"type": "pause", "paused": true, "also": 1}', "pause.also"),
        ('{"type": "push", "direction": "left", "speed_m_s": 1e9}', "push.speed_m_s"),
        ('{"type": "pull", "infant": "a", "segment": "tail"}', "pull.segment"),
    ],
)
def test_what_is_no_message_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        read_message(text)
    assert reason in str(refused.value)


def test_a_pull_is_gentle_in_every_direction() -> None:
    slant = [LARGEST_PULL_N * 0.8, LARGEST_PULL_N * 0.8, 0]
    text = json.dumps({"type": "pull", "infant": "a", "segment": "head", "force_n": slant})
    with pytest.raises(InputError, match="above 25 N"):
        read_message(text)


def test_a_long_message_is_not_even_parsed() -> None:
    with pytest.raises(InputError, match=f"more than {LONGEST_MESSAGE}"):
        read_message("[" * (LONGEST_MESSAGE + 1))


def test_no_damaged_message_does_anything_but_be_refused() -> None:
    random_bytes, refusals = random.Random(0), 0
    texts = [one.model_dump_json() for one in EXAMPLES]
    for _ in range(1000):
        text = bytearray(random_bytes.choice(texts), "utf-8")
        for _ in range(random_bytes.randint(1, 4)):
            text[random_bytes.randrange(len(text))] = random_bytes.randrange(256)
        try:
            read_message(bytes(text))
        except InputError:
            refusals += 1
    assert refusals > 900


def test_an_infant_is_meant_by_its_letter_or_both_are() -> None:
    assert infants_of("both") == ("a", "b")
    assert infants_of("b") == ("b",)
