"""Windows that are handed on from test to test, as empty as new ones."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.e2e.watching import Watch

_DESKTOP = {"width": 1280, "height": 720}
_FORGET = """() => { localStorage.clear(); sessionStorage.clear(); }"""


@dataclass(frozen=True, slots=True)
class _Window:
    """
    A window that lasts.

    Attributes:
        context: Whose cookies and files it has.
        page: Its one page.
        watch: What it complained about since it was handed out.
    """

    context: BrowserContext
    page: Page
    watch: Watch


class Windows:
    """
    The windows of a browser, by their settings.

    A new one has to load and compile all of Streamlit, which takes three times as long as to
    open a page. So a test's window goes to the next test that asks for the same settings: with
    those files, but signed out and with nothing else kept. Each has one user at a time. What a
    test does to a window for good, such as an init script or a device, asks for one of its own.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, _Window] = {}

    @contextmanager
    def open(self, watch: Watch, **settings: Any) -> Iterator[Page]:
        """
        Lend an empty page until the block ends; a block that fails ends the window too.

        Args:
            watch: Gets what the page complains about.
            **settings: Of the window, as ``Browser.new_context`` takes them.
        """
        settings = {"viewport": _DESKTOP} | settings
        name = repr(sorted(settings.items()))
        window = self._free.pop(name, None) or self._new(settings)
        window.watch.hand_to(watch)
        # Taken off only once the block came to its end, however it is left otherwise.
        with ExitStack() as failing:
            failing.callback(window.context.close)
            yield window.page
            failing.pop_all()
        _empty(window, settings["viewport"])
        self._free[name] = window

    def close(self) -> None:
        """Close them all."""
        while self._free:
            self._free.popitem()[1].context.close()

    def _new(self, settings: dict[str, Any]) -> _Window:
        watch = Watch()
        context = watch.over(self._browser.new_context(**settings))
        return _Window(context, context.new_page(), watch)


def _empty(window: _Window, viewport: dict[str, int]) -> None:
    """Close what a test opened, and forget what the browser was told to keep."""
    for page in window.context.pages:
        if page is not window.page:
            page.close()
    if window.page.url.startswith("http"):
        window.page.evaluate(_FORGET)
    window.context.clear_cookies()
    # What the page still complains about when it goes is the test's that opened it.
    window.page.goto("about:blank")
    window.page.set_viewport_size(cast(ViewportSize, viewport))
