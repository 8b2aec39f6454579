"""Colours and sizes of the charts, for light and for dark pages."""

from dataclasses import dataclass

TEXT_PX = 14
TITLE_PX = 15
TITLE_LINE_PX = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """
    Colours of one theme; each mark reaches 3:1 against the page, and text 4.5:1.

    The two lines differ in lightness and width as well as in hue, and each has its name
    beside it, so they are told apart in grey and with a colour-vision deficiency.
    """

    page: str
    text: str
    strong: str
    second: str
    documented: str
    event: str


LIGHT = Palette(
    page="#ffffff",
    text="#1c2a2d",
    strong="#084c50",
    second="#b2560d",
    documented="#66777a",
    event="#7a1f6b",
)
DARK = Palette(
    page="#11191b",
    text="#e8efef",
    strong="#9af0e8",
    second="#e8924a",
    documented="#9db0b3",
    event="#efa3dd",
)


def palette(*, dark: bool) -> Palette:
    """Return the colours for a dark or a light page."""
    return DARK if dark else LIGHT
