"""The three pages that people wait for, each beside a bare page in the same browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks import serving
from benchmarks.browsing import browser, time_press, times_to, window
from benchmarks.clinic import fill
from benchmarks.results import Result
from benchmarks.serving import Running
from recovery.access import Role
from tests.browser import settle
from tests.e2e.steps import choose_pain

ROUNDS = 10
PRESSES = 40
HAND_MS = 400
AIM = "at most 1.3 times"
_ALERT = '[data-testid="stAlert"]'
_CHART = '[data-testid="stVegaLiteChart"] :is(svg, canvas).marks'
_ROW = "tbody tr"
_ROWS = 25
_YEAR = 365
_REVIEW_PATIENTS, _REVIEW_REPORTS = 10_000, 30


def save() -> list[Result]:
    """Time Save on Today against a bare form, click to thanks, turn by turn."""
    with (
        _clinic(patients=1, reports_each=30) as (server, token, _),
        serving.floor("form") as bare,
        browser() as launched,
    ):
        today = _open(launched, server, "/today", token)
        form = _open(launched, bare, "/", None)
        ours, floor = [], []
        choose_pain(today, "Your pain on average", 1)
        for turn in range(-2, PRESSES):
            # A changed answer, so that each press stores something.
            choose_pain(today, "Your worst pain", 5 + turn % 2)
            # As long as a hand needs to get to Save; the answer itself is dealt with by then.
            today.wait_for_timeout(HAND_MS)
            timed = time_press(today, "Save", _ALERT), time_press(form, "Save", _ALERT)
            settle(form)
            if turn >= 0:
                ours.append(timed[0])
                floor.append(timed[1])
    return [Result(what="Save on /today", values=ours, unit="ms", floor=floor, aim=AIM)]


def progress() -> list[Result]:
    """Time Progress with a year of days against a bare chart of as many points."""
    with (
        _clinic(patients=1, reports_each=_YEAR) as (server, token, _),
        serving.floor("chart") as bare,
        browser() as launched,
    ):
        ours = Loaded(lambda: window(launched, server, token), f"{server.url}/progress", _CHART)
        floor = Loaded(lambda: window(launched, bare, None), bare.url, _CHART)
        # Three charts stand on the page: pain is what people come for.
        return _cold_and_warm(
            ["/progress, pain drawn", "/progress, all drawn"], ours, floor, counts=(1, 3)
        )


def review() -> list[Result]:
    """Time Review with 10,000 patients against a bare table of as many rows."""
    with (
        _clinic(patients=_REVIEW_PATIENTS, reports_each=_REVIEW_REPORTS) as (server, _, token),
        serving.floor("table") as bare,
        browser() as launched,
    ):
        ours = Loaded(lambda: window(launched, server, token), f"{server.url}/review", _ROW)
        floor = Loaded(lambda: window(launched, bare, None), bare.url, _ROW)
        return _cold_and_warm(["/review, rows usable"], ours, floor, counts=(_ROWS,))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page to load: how to open a window, where it is, and what to wait for."""

    open_window: Callable[[], BrowserContext]
    address: str
    selector: str


def _cold_and_warm(
    names: list[str], ours: Loaded, floor: Loaded, counts: tuple[int, ...]
) -> list[Result]:
    # By side, then by cold and warm, then by turn: the times to each count.
    times: list[list[list[list[float]]]] = [[[], []], [[], []]]
    for turn in range(-1, ROUNDS):
        # Whoever goes first changes with each turn, so that neither always has the busier machine.
        for side in (0, 1) if turn % 2 else (1, 0):
            page, wanted = ((ours, counts), (floor, counts[:1]))[side]
            context = page.open_window()
            for state in (0, 1):
                taken = times_to(context, page.address, page.selector, wanted)
                if turn >= 0:
                    times[side][state].append(taken)
            context.close()
    return [
        Result(
            what=f"{name}, {words}",
            values=[taken[at] for taken in times[0][state]],
            floor=[taken[0] for taken in times[1][state]],
            unit="ms",
            aim=AIM if at == 0 else "",
        )
        for at, name in enumerate(names)
        for state, words in enumerate(("cold", "warm"))
    ]


@contextmanager
def _clinic(*, patients: int, reports_each: int) -> Iterator[tuple[Running, str, str]]:
    """Serve a filled clinic; yield the server, a patient's token and the clinician's."""
    with serving.empty_database() as (url, database):
        filled = fill(database, patients=patients, days=reports_each)
        with serving.app(url) as server:
            yield (
                server,
                serving.signed_in(database, filled.patient.account_id, Role.PATIENT),
                serving.signed_in(database, filled.clinician.account_id, Role.CLINICIAN),
            )


def _open(launched: Browser, server: Running, path: str, token: str | None) -> Page:
    page = window(launched, server, token).new_page()
    page.goto(f"{server.url}{path}")
    settle(page)
    return page
