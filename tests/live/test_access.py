"""Who may drive: on this machine whoever sits at it, elsewhere whoever has the token."""

import pytest

from dmi_sim.errors import InputError
from dmi_sim.live.access import Access, access_for, role_of

HERE = {"Host": "127.0.0.1:8090"}
ABROAD = {"Host": "192.168.1.4:8090"}


def test_who_sits_at_the_machine_drives_and_may_ask_to_follow() -> None:
    assert role_of(Access(), "/live", HERE) == "teacher"
    assert role_of(Access(), "/live?follow=1", HERE) == "follower"


@pytest.mark.parametrize("host", ["localhost:8090", "[::1]:8090", "127.0.0.1:8090"])
def test_the_page_itself_may_use_its_server(host: str) -> None:
    assert role_of(Access(), "/live", {"Host": host, "Origin": f"http://{host}"}) == "teacher"


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9999", "null"])
def test_pages_of_other_sites_may_not(origin: str) -> None:
    with pytest.raises(InputError, match="may not use this server"):
        role_of(Access(), "/live", {**HERE, "Origin": origin})


def test_a_foreign_name_that_points_here_is_refused() -> None:
    named = {"Host": "evil.example:8090", "Origin": "http://evil.example:8090"}
    with pytest.raises(InputError, match=r"this server is not evil\.example"):
        role_of(Access(), "/", named)


def test_on_another_address_only_a_token_opens_and_says_who_comes() -> None:
    access = access_for("0.0.0.0")
    assert role_of(access, f"/live?token={access.teacher_token}", ABROAD) == "teacher"
    assert role_of(access, f"/live?token={access.follower_token}", ABROAD) == "follower"
    for path in ("/live", "/live?token=", "/live?token=guess", "/live?follow=1"):
        with pytest.raises(InputError, match="lacks its token"):
            role_of(access, path, ABROAD)


def test_tokens_are_new_each_time_and_differ() -> None:
    one, other = access_for("0.0.0.0"), access_for("0.0.0.0")
    tokens = {one.teacher_token, one.follower_token, other.teacher_token, other.follower_token}
    assert len(tokens) == 4
    assert min(map(len, tokens)) >= 16
