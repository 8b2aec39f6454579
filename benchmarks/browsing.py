"""Times taken inside the browser, on its own clock."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from benchmarks.serving import COOKIE, Running
from tests import browser as browsers

WINDOW: ViewportSize = {"width": 1400, "height": 900}
WAIT_MS = 60_000

# Looks at each frame how often a selector matches, also inside components' shadow roots, and
# notes when it was as often as each count; a page's clock starts with its navigation.
_NOTE_ARRIVALS = """([selector, counts]) => {
    const matches = root => root.querySelectorAll(selector).length
        + [...root.querySelectorAll('*')]
            .reduce((sum, each) => sum + (each.shadowRoot ? matches(each.shadowRoot) : 0), 0);
    window.arrivals = new Promise((resolve, reject) => {
        const times = [];
        const look = () => {
            const there = matches(document);
            while (times.length < counts.length && there >= counts[times.length])
                times.push(performance.now());
            if (times.length === counts.length) resolve(times);
            else if (performance.now() > 60000) reject(new Error(`${selector} did not come`));
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
}"""

# Presses a button and resolves with the milliseconds until *echo* holds a new text.
_PRESS = """([name, echo]) => new Promise((resolve, reject) => {
    const words = () => [...document.querySelectorAll(echo)].map(each => each.innerText).join();
    const button = [...document.querySelectorAll('button')].find(each => each.innerText === name);
    const before = words();
    const began = performance.now();
    const look = () => {
        if (words() === before || !words().includes('Saved')) return;
        watcher.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - began));
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
    setTimeout(() => reject(new Error('nothing was saved')), 60000);
    button.click();
})"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Run the browser of the tests."""
    with browsers.running() as launched:
        if launched is None:
            raise SystemExit("A browser is missing. Install the system package chromium.")
        yield launched


def window(launched: Browser, server: Running, token: str | None) -> BrowserContext:
    """Open a window with an empty cache, signed in when there is a token."""
    context = launched.new_context(viewport=WINDOW)
    if token is not None:
        host = urlsplit(server.url).hostname or ""
        context.add_cookies([{"name": COOKIE, "value": token, "domain": host, "path": "/"}])
    return context


def times_to(
    context: BrowserContext, address: str, selector: str, counts: Sequence[int]
) -> list[float]:
    """
    Open *address* in a new tab and watch it come.

    Args:
        context: The window; its cache decides whether the load is cold or warm.
        address: What to open.
        selector: What to wait for.
        counts: How many of these to wait for, ascending.

    Returns:
        For each count, the milliseconds from navigation until so many were drawn.
    """
    page = context.new_page()
    page.add_init_script(f"({_NOTE_ARRIVALS})({json.dumps([selector, list(counts)])})")
    page.goto(address, timeout=WAIT_MS)
    times: list[float] = page.evaluate("() => window.arrivals")
    page.close()
    return times


def time_press(page: Page, button: str, echo: str) -> float:
    """Return the milliseconds from a click until the page's thanks changed and were drawn."""
    return float(page.evaluate(_PRESS, [button, echo]))
