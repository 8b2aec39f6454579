"""The websocket of one page, opened as a browser opens it."""

import ssl
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

COOKIE = "mendline_session"

_NO_TOKEN = "PLACEHOLDER_AUTH_TOKEN"
"""What a browser sends in the place of a token that it has none of."""


class LineBroke(Exception):
    """The websocket ended; ``code`` is what the server closed it with, None without a word."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the line broke ({code})")
        self.code = code


class SignedOut(LineBroke):
    """The server led the page away before it ended the websocket; ``url`` says where to."""

    def __init__(self, url: str) -> None:
        super().__init__(None)
        self.url = url


class Line:
    """
    What is sent and received.

    Attributes:
        url: The server, without a slash at the end.
        cookies: Those that the browser holds.
        received: Bytes that came in.
    """

    def __init__(self, url: str, token: str | None, trusted: ssl.SSLContext | None = None) -> None:
        self.url = url
        # As the server names it, which over TLS lets no page of another name set it.
        name = f"__Host-{COOKIE}" if url.startswith("https:") else COOKIE
        self.cookies = {name: token} if token else {}
        self.received = 0
        self._trusted = trusted
        self._connection: ClientConnection | None = None

    async def connect(self, session_id: str) -> None:
        """
        Open the websocket, and ask for a session that was had before.

        Args:
            session_id: Streamlit's name of that session; empty for a new one.

        Raises:
            websockets.exceptions.InvalidStatus: If the server does not let it in.
            OSError: If nobody answers.
        """
        parts = urlsplit(self.url)
        is_safe = parts.scheme == "https"
        asked = ["streamlit", _NO_TOKEN, *([session_id] if session_id else [])]
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection = await connect(
            f"{'wss' if is_safe else 'ws'}://{parts.netloc}/_stcore/stream",
            origin=Origin(self.url),
            subprotocols=[Subprotocol(each) for each in asked],
            additional_headers={"Cookie": cookies} if cookies else {},
            max_size=None,
            proxy=None,
            ssl=self._trusted if is_safe else None,
        )
        self._keep_cookies(self._connection)

    async def send(self, message: BackMsg) -> None:
        """
        Send a message.

        Raises:
            LineBroke: If the line broke.
        """
        try:
            await self._open().send(message.SerializeToString())
        except ConnectionClosed as closed:
            raise LineBroke(_code_of(closed)) from closed

    async def receive(self) -> ForwardMsg:
        """
        Wait for one message.

        Raises:
            LineBroke: If the line broke.
        """
        try:
            payload = await self._open().recv(decode=False)
        except ConnectionClosed as closed:
            raise LineBroke(_code_of(closed)) from closed
        self.received += len(payload)
        message: ForwardMsg = ForwardMsg.FromString(payload)
        return message

    async def close(self) -> None:
        """Close the line, if there is one, as a tab that is closed does."""
        if self._connection is not None:
            await self._connection.close()

    def cut(self) -> None:
        """Break the line at once and without a word, as a network that went away does."""
        self._open().transport.abort()

    def _open(self) -> ClientConnection:
        assert self._connection is not None, "connect first"
        return self._connection

    def _keep_cookies(self, connection: ClientConnection) -> None:
        """Keep what the handshake set, as the cookie by which nginx finds the process again."""
        if connection.response is None:
            return
        for header in connection.response.headers.get_all("Set-Cookie"):
            self.cookies |= {name: each.value for name, each in SimpleCookie(header).items()}


def _code_of(closed: ConnectionClosed) -> int | None:
    return closed.rcvd.code if closed.rcvd else None
