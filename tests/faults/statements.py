"""
A server that asks before each statement of a write whether to go on, and a test that answers.

In the server, ``ask_before_each`` listens to SQLAlchemy: in the thread of a page's script it asks
before every statement of a writing transaction, before its commit and after it. The test's
``Gate`` counts, and at the one that it waits for it does something to the page, such as sending
another message or cutting the line, and lets the server go on once Streamlit has heard of it.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

HOOK = "MENDLINE_TEST_HOOK"
"""Names the socket at which a server asks."""

GO_ON, WAIT_FOR_IT = b"g", b"w"
_HEARD_SECONDS = 20.0

Interruption = Callable[[], Coroutine[Any, Any, None]]


def ask_before_each(address: str) -> None:
    """Ask at the socket *address* before each statement of each write of a page, from now on."""
    asking = _Asking(address)
    sa.event.listen(sa.Engine, "before_cursor_execute", asking.statement)
    sa.event.listen(sa.Engine, "commit", asking.commit)
    sa.event.listen(Session, "after_commit", asking.after_commit)


class _Asking:
    """The server's end of the socket."""

    def __init__(self, address: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(address)
        self._one_at_a_time = threading.Lock()

    def statement(self, connection: sa.Connection, _cursor: Any, sql: str, *_rest: Any) -> None:
        """Ask before a statement of a writing transaction."""
        self._ask_of(connection, sql)

    def commit(self, connection: sa.Connection) -> None:
        """Ask before a writing transaction is committed."""
        self._ask_of(connection, "COMMIT")

    def after_commit(self, session: Session) -> None:
        """Ask once a writing transaction, or a savepoint of one, is committed."""
        if session.info.get("commits"):
            self._ask("COMMITTED")

    def _ask_of(self, connection: sa.Connection, what: str) -> None:
        if connection.get_execution_options().get("mendline_writes"):
            self._ask(what)

    def _ask(self, what: str) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        if context is None or context.script_requests is None:
            return
        with self._one_at_a_time:
            self._line.sendall(what.replace("\n", " ")[:200].encode() + b"\n")
            answer = self._line.recv(1)
        if answer == WAIT_FOR_IT:
            _wait_until_heard(context.script_requests)


def _wait_until_heard(requests: Any) -> None:
    """Wait until Streamlit knows that the script is to be stopped or run anew."""
    deadline, pause = monotonic() + _HEARD_SECONDS, threading.Event()
    while requests._state is ScriptRequestType.CONTINUE:  # noqa: SLF001 - nothing public tells
        assert monotonic() < deadline, "the server did not hear of the interruption"
        pause.wait(0.002)


class Gate:
    """
    Where a server asks, answered in a thread of its own.

    Attributes:
        address: Of the socket.
        asked: What it asked about since ``watch`` was called last.
    """

    def __init__(self, address: Path) -> None:
        self.address = address
        self.asked: list[str] = []
        self._at = 0
        self._interruption: Callable[[], None] = _nothing
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(address))
        self._listening.listen()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def watch(self, at: int = 0, interruption: Interruption | None = None) -> None:
        """
        Count from anew, and interrupt before what is asked about *at*-th.

        Args:
            at: From 1; 0 for never.
            interruption: What is done then, in the loop that runs now.
        """
        loop = asyncio.get_running_loop()

        def interrupt() -> None:
            if interruption is not None:
                asyncio.run_coroutine_threadsafe(interruption(), loop).result(_HEARD_SECONDS)

        self.asked, self._at, self._interruption = [], at, interrupt

    def close(self) -> None:
        """Stop, once the server that asks has ended."""
        self._thread.join(_HEARD_SECONDS)
        self._listening.close()

    def _answer(self) -> None:
        connection, _ = self._listening.accept()
        with connection, connection.makefile("rb") as questions:
            for question in questions:
                self.asked.append(question.decode().strip())
                is_it = len(self.asked) == self._at
                if is_it:
                    self._interruption()
                connection.sendall(WAIT_FOR_IT if is_it else GO_ON)


def _nothing() -> None:
    """Interrupt nothing."""
