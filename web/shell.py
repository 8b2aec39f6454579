"""The page that Streamlit's screens are drawn in, as its own browser code can use it at once."""

import importlib.util
import re
from functools import cache
from pathlib import Path

from starlette.responses import HTMLResponse

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
_NO_SCRIPT_WORDS = (
    "<noscript><p>Mendline needs JavaScript. Turn it on in your browser, or call your clinic."
    "</p></noscript>"
)


class ShellResponse(HTMLResponse):
    """The page for a signed-in person's request of any screen."""

    def __init__(self) -> None:
        super().__init__(shell_page())


@cache
def shell_page() -> str:
    """
    Return Streamlit's installed page with our title, and the settings that save it a search.

    Raises:
        ValueError: If the installed page is not of the form that this version knows.
    """
    page = _installed_page()
    if _STOCK_TITLE not in page or _FIRST_SCRIPT not in page:
        raise ValueError("the installed page of Streamlit has another form")
    page = page.replace(_STOCK_TITLE, f"<title>{_TITLE}</title>")
    page = _NO_SCRIPT.sub(_NO_SCRIPT_WORDS, _AGENT_LINK.sub("", page))
    return page.replace(_FIRST_SCRIPT, _SETTINGS + _FIRST_SCRIPT, 1)


def _installed_page() -> str:
    spec = importlib.util.find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise ValueError("streamlit is not installed")
    return (Path(spec.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
