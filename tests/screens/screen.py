"""
The app's websocket, held as the browser's own script holds it.

A ``Screen`` is one open page of one person. It keeps what the server draws, holds what was put
into widgets, and sends all of it with every run, so that a test or a load client does what a
person does without a browser, and can let the line break wherever it likes.

What it leaves out: the page's files, drawing, and the reruns that an open page asks for by the
clock (``Screen.clocks`` says how often it would).
"""

import asyncio
import ssl
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.screens.drawn import Drawn, Page
from tests.screens.line import Line, LineBroke, SignedOut
from tests.screens.widgets import (
    event_state_of,
    first_state_of,
    id_of,
    pressed_state_of,
    proto_of,
    state_of,
)

__all__ = ["LineBroke", "Screen", "SignedOut"]

WAIT_SECONDS = 60.0
"""Longest wait for a run to end, generous because two cores are shared."""


class Screen:
    """
    One open page.

    Attributes:
        page: What stands on it.
        session_id: Streamlit's name of the session; empty before the first run.
        query: The query string of its address.
        page_hash: Streamlit's name of the page; empty before the first run.
        pages: The other pages' addresses with their hashes.
        clocks: Seconds between the reruns that each fragment asks for.
        runs: How many runs have begun.
        line: Its websocket.
    """

    def __init__(self, url: str, token: str | None, trusted: ssl.SSLContext | None = None) -> None:
        self.page = Page()
        self.session_id = self.query = self.page_hash = ""
        self.pages: dict[str, str] = {}
        self.clocks: dict[str, float] = {}
        self.runs = 0
        self.line = Line(url, token, trusted)
        self._held: dict[str, WidgetState] = {}
        self._waiting_in_form: dict[str, dict[str, WidgetState]] = {}
        self._name = ""
        self._run: tuple[str, tuple[str, ...]] = ("", ())
        self._asks_whole = True

    @classmethod
    async def open(
        cls,
        url: str,
        token: str | None,
        page: str = "",
        *,
        query: str = "",
        trusted: ssl.SSLContext | None = None,
    ) -> Self:
        """
        Open a page and wait until it is drawn.

        Args:
            url: The server, without a slash at the end.
            token: The session's, as its cookie holds it; None for a page without sign-in.
            page: Its address, such as ``today``; empty for the home page.
            query: Its query string.
            trusted: Whom to trust behind ``https``; what the machine trusts unless given.

        Raises:
            LineBroke: If the server does not let it in, or ends it.
            TimeoutError: If it is not drawn in ``WAIT_SECONDS``.
        """
        screen = cls(url, token, trusted)
        screen._name, screen.query = page, query
        await screen.connect()
        await screen.rerun()
        return screen

    async def connect(self, url: str | None = None) -> None:
        """Open the line, to another server if told, and ask for the session that was had."""
        self.line.url = url or self.line.url
        await self.line.connect(self.session_id)

    async def set(self, name: str, value: object) -> None:
        """
        Put *value* into the widget *name*, and wait for the run that follows.

        In a form there is none: the value waits for the form's button.
        """
        await self.give(name, value)
        if not self._form_of(self.page.find(name)):
            await self.drawn()

    async def press(self, name: str) -> None:
        """Press the button *name*, and wait for the run that follows."""
        await self.send_press(name)
        await self.drawn()

    async def tell(self, name: str, event: str, value: object) -> None:
        """Let a component of ours tell of an *event*, as a row that was opened."""
        drawn = self.page.find(name)
        await self._send(drawn.fragment, event_state_of(drawn.element, event, value))
        await self.drawn()

    async def go(self, page: str) -> None:
        """Go to another page through the menu: its address, empty for the home page."""
        assert page in self.pages, f"{page!r} is none of {sorted(self.pages)}"
        self.page_hash, self.query = self.pages[page], ""
        await self.rerun()

    async def rerun(self) -> None:
        """Ask for the whole page anew, and wait until it is drawn."""
        await self.send_rerun()
        await self.drawn()

    async def reconnect(self, url: str | None = None) -> None:
        """Connect again, to another server if told, and draw the page as an open one does."""
        await self.connect(url)
        await self.rerun()

    async def give(self, name: str, value: object) -> None:
        """Put *value* into the widget *name* and send it, without waiting for what follows."""
        drawn = self.page.find(name)
        state = state_of(drawn.element, value)
        if form := self._form_of(drawn):
            self._waiting_in_form.setdefault(form, {})[state.id] = state
            return
        self._held[state.id] = state
        await self._send(drawn.fragment)

    async def send_press(self, name: str) -> None:
        """Send a press of the button *name*, without waiting for what follows."""
        drawn = self.page.find(name)
        pressed = pressed_state_of(drawn.element)
        assert not proto_of(drawn.element).disabled, f"{name!r} cannot be pressed"
        self._held.update(self._waiting_in_form.pop(self._form_of(drawn), {}))
        await self._send(drawn.fragment, pressed)

    async def send_rerun(self) -> None:
        """Ask for the whole page anew, without waiting for it."""
        await self._send("")

    async def drawn(self) -> None:
        """
        Wait until the run that was asked for last is over, with the runs that it led to.

        Raises:
            SignedOut: If the page was led to sign-in.
            LineBroke: If the line broke meanwhile.
            TimeoutError: If it takes longer than ``WAIT_SECONDS``.
        """
        # The messages of a run carry no mark of what asked for it. One asks when the run before
        # is over, so the next that begins is the one; a test that asks twice at once can only
        # wait for the first that ends. A line that was cut while a fragment ran first brings the
        # rest of that, which is not the whole page that is asked for after it.
        has_begun = False
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                message = await self.receive()
                kind = message.WhichOneof("type")
                is_part = bool(message.metadata.run.fragment_ids)
                has_begun |= kind == "new_session" and not (self._asks_whole and is_part)
                if kind != "script_finished" or not has_begun:
                    continue
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    has_begun = False
                elif message.metadata.run.script_run_id == self._run[0]:
                    return

    async def receive(self) -> ForwardMsg:
        """
        Wait for one message, do what a browser does with it, and return it.

        Raises:
            SignedOut: If it leads the page to sign-in.
            LineBroke: If the line broke.
        """
        message = await self.line.receive()
        self._take(message)
        return message

    def text(self) -> str:
        """Return all words on the page, from top to bottom."""
        return self.page.text()

    async def close(self) -> None:
        """Close the line as a tab that is closed does."""
        await self.line.close()

    def cut(self) -> None:
        """Break the line at once and without a word, as a network that went away does."""
        self.line.cut()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.line.close()

    def _form_of(self, drawn: Drawn) -> str:
        return str(getattr(proto_of(drawn.element), "form_id", ""))

    async def _send(self, fragment: str, *pressed: WidgetState) -> None:
        self._asks_whole = not fragment
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self.page_hash
        if not self.page_hash:
            state.page_name = self._name
        state.fragment_id = fragment
        state.widget_states.widgets.extend([*self._held.values(), *pressed])
        context = state.context_info
        context.timezone, context.locale, context.url = "UTC", "en-US", self.line.url
        context.is_embedded, context.color_scheme = False, "light"
        await self.line.send(message)

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._begin(message)
        elif kind == "delta":
            element = self.page.put(message.metadata.delta_path, message.delta)
            if element is not None:
                self._hold_first(element)
        elif kind == "script_finished":
            self._end(message)
        elif kind == "auth_redirect":
            raise SignedOut(message.auth_redirect.url)
        else:
            self._note(message)

    def _note(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
            self.pages = {
                "" if each.is_default else each.url_pathname: each.page_script_hash
                for each in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.clocks[message.auto_rerun.fragment_id] = message.auto_rerun.interval

    def _begin(self, message: ForwardMsg) -> None:
        self.runs += 1
        run = message.metadata.run
        self._run = (run.script_run_id, tuple(run.fragment_ids))
        self.session_id = message.new_session.initialize.session_id
        self.page_hash = message.new_session.page_script_hash
        self.page.begin(run.script_run_id)

    def _end(self, message: ForwardMsg) -> None:
        if message.metadata.run.script_run_id != self._run[0]:
            return
        self.page.end(message.script_finished, self._run[1])
        if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            there = self.page.widget_ids()
            self._held = {key: state for key, state in self._held.items() if key in there}

    def _hold_first(self, element: Element) -> None:
        widget_id = id_of(element)
        if not widget_id:
            return
        if widget_id in self._held and not getattr(proto_of(element), "set_value", False):
            return
        first = first_state_of(element)
        if first is not None:
            self._held[widget_id] = first
