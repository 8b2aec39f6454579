"""A websocket outlives its cookie, so its session is asked for again and again."""

import asyncio
from contextlib import suppress
from enum import StrEnum

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from db.auth_sessions import SessionInfo
from recovery.errors import DatabaseUnavailable
from web import visitors
from web.observing.reruns import Stopwatch
from web.paths import SIGN_IN
from web.refusals import STRANGE_FRAME, note_refused

CHECK_SECONDS = 20.0
"""How often an untouched page is checked, so idle sign-out comes within this time."""

SESSION_ENDED = 4401
# clear_cache empties everybody's cache; the others upload files, page through large tables
# that we do not draw, or are for developers' machines.
_PASSED = frozenset({"rerun_script", "stop_script", "app_heartbeat"})


class Kind(StrEnum):
    """What a client's message means for the session."""

    ACT = "act"
    MACHINE = "machine"
    DROPPED = "dropped"
    TEXT = "text"
    BROKEN = "broken"


_CLOSING_CODES = {Kind.TEXT: 1003, Kind.BROKEN: 1002}


def kind_of(payload: bytes | None) -> Kind:
    """Tell whether a person caused a message, and whether it may pass at all."""
    return _read(payload)[0]


def _read(payload: bytes | None) -> tuple[Kind, BackMsg]:
    message = BackMsg()
    if payload is None:
        return Kind.TEXT, message
    try:
        message.ParseFromString(payload)
    except DecodeError:
        return Kind.BROKEN, message
    kind = message.WhichOneof("type")
    if kind not in _PASSED:
        return Kind.DROPPED, message
    is_act = kind == "rerun_script" and not message.rerun_script.is_auto_rerun
    return (Kind.ACT if is_act else Kind.MACHINE), message


def redirect_to_sign_in() -> bytes:
    """Return the message that makes an open page go to sign-in, so nothing stays on screen."""
    message = ForwardMsg()
    message.auth_redirect.url = f"{SIGN_IN}?ended=1"
    return bytes(message.SerializeToString())


class SocketGuard:
    """The receiving and sending ends of one websocket, with its session checked."""

    def __init__(self, info: SessionInfo, receive: Receive, send: Send) -> None:
        self._info = info
        self._receive = receive
        self._send = send
        self._is_accepted = False
        self._is_closed = False
        # The page load was an act already; a reconnecting page sends its first by itself.
        self._is_first = True
        self._has_run = False
        self._stopwatch = Stopwatch()

    async def receive(self) -> Message:
        """Return the next message that may pass."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            kind, said = _read(message.get("bytes"))
            code = await self._refusal(kind)
            if self._is_closed or code is not None:
                await self._close(code or SESSION_ENDED)
                return {"type": "websocket.disconnect", "code": code or SESSION_ENDED}
            if kind is Kind.ACT:
                self._stopwatch.start(said)
            if kind is not Kind.DROPPED:
                return self._with_whole_page(message, said)

    async def send(self, message: Message) -> None:
        """Pass a message on, unless the socket was closed from here."""
        if self._is_closed:
            return
        self._is_accepted |= message["type"] == "websocket.accept"
        self._is_closed = message["type"] == "websocket.close"
        await self._send(message)
        self._stopwatch.see(message.get("bytes"))

    async def watch(self) -> None:
        """Look at the session on a timer, and close when it ended."""
        while not self._is_closed:
            await asyncio.sleep(CHECK_SECONDS)
            if self._is_accepted and not await self._is_open(is_act=False):
                await self._close(SESSION_ENDED)

    def _with_whole_page(self, message: Message, said: BackMsg) -> Message:
        """
        Have the first run of a line draw the whole page, whatever it asks for.

        A page that finds its line again at another process, or at one that was started anew,
        asks for nothing by itself. Its next press may be in a part that only the process
        before knew: that run would be left out, and Save would do nothing.
        """
        if said.WhichOneof("type") != "rerun_script" or self._has_run:
            return message
        self._has_run = True
        if not said.rerun_script.fragment_id:
            return message
        said.rerun_script.ClearField("fragment_id")
        return {**message, "bytes": said.SerializeToString()}

    async def _refusal(self, kind: Kind) -> int | None:
        if kind in _CLOSING_CODES or kind is Kind.DROPPED:
            note_refused(STRANGE_FRAME)
        if kind in _CLOSING_CODES:
            return _CLOSING_CODES[kind]
        is_act = kind is Kind.ACT and not self._is_first
        self._is_first &= kind is not Kind.ACT
        return None if await self._is_open(is_act=is_act) else SESSION_ENDED

    async def _is_open(self, *, is_act: bool) -> bool:
        # While the database is away nothing is refused here: pages ask it themselves
        # before they show anything, and what was typed is not lost.
        with suppress(DatabaseUnavailable):
            return await visitors.find_again(self._info, is_act=is_act) is not None
        return True

    async def _close(self, code: int) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        # The other end may be gone at any moment.
        with suppress(RuntimeError, OSError):
            if code == SESSION_ENDED:
                await self._send({"type": "websocket.send", "bytes": redirect_to_sign_in()})
            await self._send({"type": "websocket.close", "code": code})
