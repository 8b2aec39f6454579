"""Briefs on paper: a page each, with the words as they were typed and nothing fetched or kept."""

import io
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import altair as alt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from exchange.brief_pdf import FONT, Line, Quote, Sheet, briefs_pdf
from exchange.pictures import chart_svg
from recovery.brief import brief_of
from tests import briefs
from ui.brief_words import brief_text

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400"><path d="M0 0h640"/></svg>'


def _sheet(*quotes: str, title: str = "Rowan Elm, 78", svg: str = SVG) -> Sheet:
    return Sheet(
        title=title,
        about="Kyphoplasty L1, day 10",
        lines=[Line("Now", "3.4 of 10"), Line("Worst", "9 on 14 Nov")],
        quotes=[Quote(each, is_own=True) for each in quotes],
        more="",
        chart_svg=svg,
        chart_words="Pain by day.",
    )


def _pages(sheets: Sequence[Sheet]) -> list[str]:
    reader = PdfReader(io.BytesIO(briefs_pdf(sheets)))
    return [page.extract_text().replace("\u200b", "") for page in reader.pages]


def _flat(text: str) -> str:
    """Return text without any space, since a PDF keeps none at the end of a line."""
    return "".join(text.split())


def test_without_a_sheet_there_is_no_file() -> None:
    """A PDF of no page would look like a day without patients."""
    with pytest.raises(ValueError, match="at least one"):
        briefs_pdf([])


def test_each_sheet_has_a_page_that_fits_both_papers() -> None:
    """As wide as A4, as high as Letter: neither printer has to make it smaller."""
    reader = PdfReader(io.BytesIO(briefs_pdf([_sheet(title=name) for name in "ABC"])))

    assert [page.extract_text().split()[0] for page in reader.pages] == ["A", "B", "C"]
    box = reader.pages[0].mediabox
    assert float(box.width) == pytest.approx(210 / 25.4 * 72, abs=0.1)
    assert float(box.height) == pytest.approx(11 * 72, abs=0.1)


def test_the_numbers_stand_on_the_page() -> None:
    """As text that can be searched and read aloud, with a sentence for the chart."""
    content = briefs_pdf([_sheet("May I drive?")])
    [page] = PdfReader(io.BytesIO(content)).pages

    text = page.extract_text()
    for words in (
        "Rowan Elm, 78",
        "day 10",
        "3.4 of 10",
        "9 on 14 Nov",
        "\u201cMay I drive?\u201d",
    ):
        assert words in text


def test_the_file_tells_nothing_about_the_patient_beside_its_page() -> None:
    """Whoever lists files sees no name."""
    reader = PdfReader(io.BytesIO(briefs_pdf([_sheet("canary")])))

    assert reader.metadata is not None
    assert "Elm" not in str(reader.metadata)
    assert "canary" not in str(reader.metadata)


INJECTIONS = [
    '#panic("x")',
    '#read("/etc/passwd")',
    "$x$ \\ \\u{41} \\#",
    "= Heading",
    "- list *bold* _it_ `code` ```raw```",
    "<label> @reference [content] {code}",
    '"]) #eval("1+1")',
    "// comment /* and */ more",
    "https://example.org ~ -- --- ...",
    "#let x = sys.inputs",
    "${sheets} %s {0}",
]


@pytest.mark.parametrize("words", INJECTIONS)
def test_markup_comes_out_as_it_was_typed(words: str) -> None:
    """In a question, and in a name."""
    [page] = _pages([_sheet(words, title=f"Elm {words}")])

    assert _flat(f"\u201c{words}\u201d") in _flat(page)
    assert _flat(f"Elm {words}") in _flat(page)


@settings(deadline=None, max_examples=60)
@given(words=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=200))
def test_whatever_is_typed_comes_out(words: str) -> None:
    """Every sign of a plain keyboard, in any order."""
    [page] = _pages([_sheet(words)])

    assert _flat(f"\u201c{words}\u201d") in _flat(page)


def test_other_scripts_and_pictures_come_out() -> None:
    """Arabic letters are there, and a picture that no letter stands for has its name."""
    [page] = _pages([_sheet("Dolor añejo, Schmerz übel, боль, مرحبا, \U0001f9b4\ufe0f")])

    assert "añejo, Schmerz übel, боль" in page
    assert set("مرحبا") <= set(page)
    assert "[bone]" in page
    assert "\x00" not in page


def test_a_very_long_word_stays_on_its_page() -> None:
    """It breaks where there is no place to break."""
    content = briefs_pdf([_sheet("x" * 300)])
    [page] = PdfReader(io.BytesIO(content)).pages
    rightmost: list[float] = []
    page.extract_text(
        visitor_text=lambda text, _cm, matrix, _font, size: rightmost.append(
            matrix[4] + len(text.strip()) * size * 0.3
        )
    )

    assert _flat(page.extract_text()).replace("\u200b", "").count("x") >= 300
    assert max(rightmost) < float(page.mediabox.width)


FACE, BONE, WIDE = "\U0001f600", "\U0001f9b4", "\ufdfa"
WIDEST = {
    "one picture": ([FACE * 300], "Elm, 78"),
    "pictures": ([(FACE + BONE) * 150] * 5, f"{(FACE + BONE) * 60}, 78"),
    "a name of pictures": (["May I drive?"], f"{FACE * 120}, 78"),
    "wide letters": (["W" * 300] * 5, f"{'W' * 120}, 78"),
    "wide words": (["W " * 150] * 5, f"{'W ' * 60}, 78"),
    "letters nobody has": ([WIDE * 300] * 5, "Elm, 78"),
    "accents": (["a" + "\u0301" * 299] * 5, "Elm, 78"),
}


@pytest.mark.parametrize("case", WIDEST)
def test_a_page_stays_one_whatever_is_typed(case: str) -> None:
    """All numbers and the count of what is hidden stay on it."""
    quotes, title = WIDEST[case]
    more = "3 more not shown"
    sheet = replace(_sheet(*quotes, title=title), lines=[Line("Now", "3.4 of 10")] * 10, more=more)

    [page] = _pages([sheet])

    assert page.count("3.4 of 10") == len(sheet.lines)
    assert more in page
    assert ", 78" in page


def test_one_picture_again_and_again_is_named_once() -> None:
    """With how often; between words each has its name."""
    [page] = _pages([_sheet(FACE * 300, f"{BONE} and {BONE}")])

    assert "\u201c[grinning face] x 300\u201d" in page
    assert "\u201c[bone] and [bone]\u201d" in page


@settings(deadline=None, max_examples=25)
@given(number=st.integers(0, 10**9))
def test_a_brief_is_one_page_whatever_happened(number: int) -> None:
    """With all its lines, and as much of the questions as the words allow."""
    record = briefs.drawn_record(number)
    text = brief_text(brief_of(record), briefs.patient(record.episode), "Kyphoplasty")
    sheet = Sheet(
        title=text.title,
        about=text.about,
        lines=text.lines,
        quotes=text.quotes,
        more=text.more,
        chart_svg=SVG,
        chart_words="Pain by day.",
    )

    [page] = _pages([sheet])

    for line in text.lines:
        assert _flat(line.text) in _flat(page)
    assert _flat(text.more) in _flat(page)


def test_nothing_is_written_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file with a patient's words is left, wherever temporary files go."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)

    briefs_pdf([_sheet("canary")])
    chart_svg(_chart(), width=300, font=FONT)

    assert list(tmp_path.rglob("*")) == []


def test_a_chart_is_drawn_in_the_letters_that_ship() -> None:
    """And its words are text on the page, not pictures of it."""
    svg = chart_svg(_chart(), width=300, font=FONT)
    [page] = _pages([_sheet(svg=svg)])

    assert f'font-family="{FONT}"' in svg
    assert "sans-serif" not in svg
    assert "Days after" in page


class _Noting(BaseHTTPRequestHandler):
    """Serves one point to whoever asks, and notes that somebody did."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer any path."""
        self.asked.append(self.path)
        content = b'[{"pod": 1, "pain": 3}]'
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def test_a_chart_fetches_nothing() -> None:
    """Data under an address are not asked for, whoever put it there."""
    with HTTPServer(("127.0.0.1", 0), _Noting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/data.json"
        with suppress(ValueError):
            chart_svg(_chart() | {"data": {"url": address}}, width=300, font=FONT)
        server.shutdown()

    assert _Noting.asked == []


def _chart() -> dict[str, object]:
    frame = pd.DataFrame({"pod": [1, 2], "pain": [3, 4]})
    chart = alt.Chart(frame).mark_circle().encode(alt.X("pod:Q", title="Days after"), y="pain:Q")
    spec: dict[str, object] = chart.to_dict()
    return spec
