"""The page that Streamlit's screens are drawn in, as its own browser code can use it at once."""

import importlib.util
import re
from functools import cache
from pathlib import Path

from starlette.responses import HTMLResponse

import content.catalogues  # noqa: F401 - learns the languages
from recovery.wording import Language, marked, speaking, tr

_TITLE = "Mendline"
_STOCK_TITLE = "<title>Streamlit</title>"
_AGENT_LINK = re.compile(
    r"<!--(?:(?!-->).)*?agent API.*?-->\s*<link rel=\"service-desc\"[^>]*>", re.DOTALL
)
# Streamlit would ask below the page's own path for its server first, wait, and ask at the root.
# It is told where the server is, and what the server would answer, so that it connects at once.
_SETTINGS = """<script>
      window.__streamlit = {
        BACKEND_BASE_URL: `${location.origin}/`,
        HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
      }
    </script>
    """
_FIRST_SCRIPT = "<script>"
_NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_NO_SCRIPT_WORDS = marked(
    "Mendline needs JavaScript. Turn it on in your browser, or call your clinic."
)
_STOCK_LANGUAGE = '<html lang="en">'


class ShellResponse(HTMLResponse):
    """The page for a signed-in person's request of any screen."""

    def __init__(self, spoken: Language) -> None:
        super().__init__(shell_page(spoken))


@cache
def shell_page(spoken: Language = Language.ENGLISH) -> str:
    """
    Return Streamlit's installed page with our title, and the settings that save it a search.

    What differs with the language is no script, so one content policy holds for all.

    Raises:
        ValueError: If the installed page is not of the form that this version knows.
    """
    page = _installed_page()
    if any(part not in page for part in (_STOCK_TITLE, _FIRST_SCRIPT, _STOCK_LANGUAGE)):
        raise ValueError("the installed page of Streamlit has another form")
    page = page.replace(_STOCK_TITLE, f"<title>{_TITLE}</title>")
    page = page.replace(_STOCK_LANGUAGE, f'<html lang="{spoken}">')
    with speaking(spoken):
        no_script = f"<noscript><p>{tr(_NO_SCRIPT_WORDS)}</p></noscript>"
    page = _NO_SCRIPT.sub(no_script, _AGENT_LINK.sub("", page))
    return page.replace(_FIRST_SCRIPT, _SETTINGS + _FIRST_SCRIPT, 1)


def _installed_page() -> str:
    spec = importlib.util.find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise ValueError("streamlit is not installed")
    return (Path(spec.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
