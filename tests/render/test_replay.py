"""The replay page: made without output, self-contained, with every infant, no server left open."""

import base64
import re
import socket
import threading
from dataclasses import replace

import msgspec
import numpy as np
import pytest
import zstandard

from dmi_sim.errors import InputError
from dmi_sim.physics.scene import PLATFORM_HALF_EXTENTS_M, Scene, Solid
from dmi_sim.recording import Recording
from dmi_sim.render.clip import Clip
from dmi_sim.render.replay import Infants, in_short_lines, replay_html
from tests.render.bodies import shapes, toppling

Message = dict[str, object]


def messages(page: str) -> list[tuple[float, Message]]:
    """Messages to the player in the page, with the time of each [s]."""
    data = re.search(r'__VISER_EMBED_DATA__="([^"]+)"', page)
    assert data is not None
    packed = zstandard.ZstdDecompressor().decompress(base64.b64decode(data[1])[8:])
    length = int.from_bytes(packed[:8], "little")
    return msgspec.msgpack.decode(packed[8 : 8 + length])["messages"]


@pytest.fixture(scope="module")
def pair() -> Infants:
    long, short = toppling(1.0, supported=True, fell=False), toppling(0.5)
    return {"First <arm>": Clip(long, shapes()), "Second": Clip(short, shapes())}


@pytest.fixture(scope="module")
def page(pair: Infants) -> str:
    return replay_html(pair, {"Second": "#d55e00"})


def test_the_page_is_html_with_a_player_and_a_clip(page: str) -> None:
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert len(messages(page)) > 100


def test_the_replay_lasts_as_long_as_the_longest_recording(page: str) -> None:
    assert max(time for time, _ in messages(page)) == pytest.approx(1.0, abs=0.1)


def test_every_infant_has_its_title_and_says_how_it_ended(page: str) -> None:
    text = str(messages(page))
    assert "First <arm>" in text
    assert "Second" in text
    assert "0.5 s: fell" in text
    assert "1.0 s: succeeded" in text


def test_infants_stand_side_by_side(page: str) -> None:
    first, second = (positions(page, f"/infant_{i}/pelvis") for i in (0, 1))
    assert np.unique(second[:, 1] - first[: len(second), 1]).tolist() == pytest.approx([0.62])


def test_infants_on_platforms_stand_farther_apart_so_that_platforms_do_not_meet() -> None:
    platform = Clip(on_moving_platform(), shapes(), Scene(has_platform=True))
    page = replay_html({"a": platform, "b": platform})
    first, second = (positions(page, f"/infant_{i}/platform")[0] for i in (0, 1))
    assert second[1] - first[1] > 2 * PLATFORM_HALF_EXTENTS_M[1]


def on_moving_platform() -> Recording:
    """The body on a platform that slides forward and tilts its front down."""
    recording = toppling(1.0)
    platform = np.linspace(0, 1, len(recording.time_s))[:, None] * np.array((0.1, 0.0, 0.0, 0.2))
    return replace(recording, platform=platform)


def test_a_platform_slides_and_tilts_as_it_was_recorded() -> None:
    page = replay_html({"x": Clip(on_moving_platform(), shapes(), Scene(has_platform=True))})
    assert positions(page, "/infant_0/platform")[-1] == pytest.approx([0.1, 0.0, 0.0], abs=5e-4)
    turns = [m["wxyz"] for m in messages_to(page, "SetOrientationMessage", "/infant_0/platform")]
    assert turns[-1] == pytest.approx([np.cos(0.1), 0.0, np.sin(0.1), 0.0], abs=2e-3)


def test_furniture_is_in_the_scene_and_never_moves() -> None:
    bench = Scene((Solid(("box", (0.1, 0.2, 0.1)), (0.0, 0.0, 0.1)),))
    page = replay_html({"x": Clip(toppling(), shapes(), bench)})
    assert "/infant_0/world" in {m.get("name") for _, m in messages(page)}
    moves = messages_to(page, "SetPositionMessage", "/infant_0/world")
    assert all(np.all(np.array(m["position"]) == 0.0) for m in moves)
    assert "/infant_0/platform" not in {m.get("name") for _, m in messages(page)}


def test_a_platform_makes_the_replay_hardly_larger() -> None:
    plain, on_platform = (
        len(replay_html({"x": Clip(on_moving_platform(), shapes(), Scene(has_platform=has))}))
        for has in (False, True)
    )
    assert on_platform - plain < 30_000


def test_an_infant_does_not_move_after_its_end(page: str) -> None:
    late = [m for time, m in messages(page) if time > 0.6]
    assert not any(str(m.get("name", "")).startswith("/infant_1/") for m in late)


def positions(page: str, name: str) -> np.ndarray:
    found = [m["position"] for m in messages_to(page, "SetPositionMessage", name)]
    assert found
    return np.array(found)


def messages_to(page: str, kind: str, name: str) -> list[Message]:
    """All messages of a kind to one node of the scene."""
    return [m for _, m in messages(page) if m.get("type") == kind and m["name"] == name]


def test_a_push_appears_and_goes(page: str) -> None:
    seen = [
        m["visible"]
        for _, m in messages(page)
        if m.get("type") == "SetSceneNodeVisibilityMessage" and m["name"] == "/infant_0/push"
    ]
    assert True in seen
    assert seen[-1] is False


def test_only_a_supported_infant_has_hands(page: str) -> None:
    names = {str(m.get("name", "")) for _, m in messages(page)}
    assert {"/infant_0/left_hand", "/infant_0/right_hand"} <= names
    assert not any(name.startswith("/infant_1") and "hand" in name for name in names)


def test_a_calm_infant_makes_a_small_replay() -> None:
    calm = toppling(2.0, fell=False)
    moving = toppling(2.0)
    sizes = [len(messages(replay_html({"x": Clip(one, shapes())}))) for one in (calm, moving)]
    assert sizes[0] < sizes[1] / 3


def test_nothing_is_printed_and_no_server_is_left(
    pair: Infants, capfd: pytest.CaptureFixture[str]
) -> None:
    before = threading.active_count()
    replay_html(pair)
    assert capfd.readouterr() == ("", "")
    assert threading.active_count() <= before + 1


def test_the_server_listens_to_this_machine_only(
    pair: Infants, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound: list[str] = []
    bind = socket.socket.bind

    def listen(self: socket.socket, address: tuple[str, int]) -> None:
        bound.append(address[0])
        bind(self, address)

    monkeypatch.setattr(socket.socket, "bind", listen)
    replay_html(pair)
    assert len(bound) >= 2  # a probe for a free port, then the server
    assert set(bound) == {"127.0.0.1"}


def test_the_caption_names_a_fault(pair: Infants) -> None:
    recording = replace(pair["Second"].recording, physics_fault=True)
    assert "0.5 s: stopped by a physics fault" in str(
        messages(replay_html({"x": Clip(recording, shapes())}))
    )


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(InputError, match="no recording to show"):
        replay_html({})


def test_a_long_title_stands_in_short_lines_above_its_infant() -> None:
    hands = "hands at the armpits then at the waist, firmness fading from 50 % to 10 %;"
    text = in_short_lines(f"Practised with\n{hands}\ntested alone")
    assert max(map(len, text.splitlines())) <= 21
    assert " ".join(text.split()) == f"Practised with {hands} tested alone"
    assert in_short_lines("Practised with\nno hands;") == "Practised with\nno hands;"
