"""What a browser complains about while a page is open."""

from urllib.parse import urlsplit

import httpx
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

from tests.browser import WAIT_MS

NO_SUCH_PAGE = "The page that you have requested does not seem to exist"
"""What Streamlit writes to the console about a page that this person does not have."""

_LOCAL = {"127.0.0.1", "localhost", ""}


class Watch:
    """Collects errors in the console, uncaught errors, and requests that leave the machine."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Listen to every page of *context*, present and future, and return it."""
        context.set_default_timeout(WAIT_MS)
        context.on("page", self._listen)
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        return context

    def hand_to(self, other: "Watch") -> None:
        """From now on let *other* have what the pages complain about that are listened to."""
        self.complaints = other.complaints

    def expect(self, part: str) -> None:
        """Let complaints pass that hold *part*: the test is about them."""
        self.expected.append(part)

    def check(self) -> None:
        """Fail if there was a complaint that no test expected."""
        left = [
            complaint
            for complaint in self.complaints
            if not any(part in complaint for part in self.expected)
        ]
        assert left == [], "\n".join(left)

    def _listen(self, page: Page) -> None:
        page.on("console", self._note_console)
        page.on("pageerror", self._note_error)

    def _note_error(self, error: Error) -> None:
        self.complaints.append(f"uncaught: {error}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # A refused request is noted with its address below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if host not in _LOCAL:
            self.complaints.append(f"left the machine: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= httpx.codes.BAD_REQUEST:
            self.complaints.append(f"answered {response.status}: {response.url}")
