"""Who may see the page and who may drive it: addresses, origins and tokens; pure functions.

On this machine's own address everybody may drive who sits at it, and no page of another site may:
its Origin gives it away. On any other address a token in the URL says who teaches and who follows.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, urlsplit

from dmi_sim.errors import InputError

Role: TypeAlias = Literal["teacher", "follower"]

SOCKET = "/live"
"""Path of the WebSocket."""


@dataclass(frozen=True)
class Access:
    """What the server asks of whoever comes.

    Attributes:
        host: Address that it listens on.
        teacher_token: Token of who may drive; empty where none is needed.
        follower_token: Token of who may look.
    """

    host: str = "127.0.0.1"
    teacher_token: str = ""
    follower_token: str = ""

    @property
    def is_open(self) -> bool:
        """Whether no token is needed, as only this machine can come."""
        return not self.teacher_token


def access_for(host: str) -> Access:
    """What a server on an address asks for: tokens unless only this machine can come.

    >>> access_for("127.0.0.1").is_open, access_for("0.0.0.0").is_open
    (True, False)
    """
    if is_loopback(host):
        return Access(host)
    return Access(host, secrets.token_urlsafe(12), secrets.token_urlsafe(12))


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own.

    >>> is_loopback("localhost"), is_loopback("[::1]"), is_loopback("192.168.1.4")
    (True, True, False)
    """
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def role_of(access: Access, path: str, headers: Mapping[str, str]) -> Role:
    """The role of who asks for the page or its socket.

    Args:
        access: What the server asks for.
        path: Path with its query.
        headers: ``Host``, and ``Origin`` where a browser sends one.

    Raises:
        InputError: If it gets none, with the reason.

    >>> role_of(Access(), "/live?follow=1", {"Host": "127.0.0.1:8000"})
    'follower'
    """
    host = headers.get("Host", "")
    if not _is_our_host(access, host):
        raise InputError(f"this server is not {host or 'without a name'}")
    origin = headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != host:
        raise InputError(f"pages of {origin} may not use this server")
    query = parse_qs(urlsplit(path).query)
    if access.is_open:
        return "follower" if "follow" in query else "teacher"
    token = query.get("token", [""])[0].encode()
    if secrets.compare_digest(token, access.teacher_token.encode()):
        return "teacher"
    if secrets.compare_digest(token, access.follower_token.encode()):
        return "follower"
    raise InputError("the address lacks its token; ask the teacher for the whole address")


def _is_our_host(access: Access, host: str) -> bool:
    """Whether a Host header names us; a name that somebody else points at this machine does not."""
    return not access.is_open or is_loopback(urlsplit(f"//{host}").hostname or "")
