"""The page around the screens: ours in title and settings, and nothing else runs in it."""

import pytest

from db.engine import Database
from tests.small_clinic import SmallClinic
from tests.web_client import PAGE, signed_in
from web import shell
from web.headers import app_policy
from web.shell import shell_page


def test_the_browser_is_told_where_its_server_is() -> None:
    """So it need not look below the page's own path first, and wait before it asks again."""
    page = shell_page()

    assert page.index("BACKEND_BASE_URL") < page.index('type="module"')
    assert "<title>Mendline</title>" in page


def test_the_agent_interface_is_not_pointed_to() -> None:
    """It is off, and answered to nobody."""
    assert "agent" not in shell_page()


def test_the_policy_names_the_two_inline_scripts() -> None:
    """Nothing else inline runs, nothing is evaluated, nothing comes from elsewhere."""
    policy = app_policy()

    assert policy.count("'sha256-") == shell_page().count("<script>") == 2
    assert "unsafe-eval" not in policy
    assert "http" not in policy


def test_another_form_of_the_installed_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer Streamlit with another page stops here, not in front of a person."""
    monkeypatch.setattr(shell, "_installed_page", lambda: "<title>Other</title>")

    with pytest.raises(ValueError, match="another form"):
        shell_page.__wrapped__()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_screen_is_drawn_in_it(database: Database, clinic: SmallClinic) -> None:
    """A signed-in person's page request is answered with it, under the screens' policy."""
    answer = signed_in(database, clinic.patient).get("/progress", headers=PAGE)

    assert answer.text == shell_page()
    assert answer.headers["Content-Security-Policy"] == app_policy()
    assert answer.headers["Cache-Control"] == "no-store"
