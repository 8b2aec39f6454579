"""
The application: Streamlit's screens behind our gate.

``uv run app.py``, ``streamlit run app.py`` and ``uvicorn app:app`` serve the same.
"""

import argparse
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import streamlit as st

from recovery.wording import tr
from ui.warming import warm_up
from web.apology import SORRY, apologize
from web.entrance import believe_no_header_before_us
from web.lifespan import lifespan
from web.observing.figures import ERRORS
from web.observing.logs import set_up_logs
from web.options import environment_options, settle
from web.routes import MIDDLEWARE, routes

_HERE = Path(__file__).parent


def show_apology(_error: Exception) -> bool:
    """
    Show one plain sentence in place of an error.

    Texts of errors stay out of the page, since they may hold what a person typed;
    ``web/observing/logs.py`` keeps them out of the log.
    """
    ERRORS.labels("page").inc()
    st.error(tr(SORRY))
    return True


settle(_HERE / "app.py")
set_up_logs(os.environ)
believe_no_header_before_us()
app = st.App(
    _HERE / "pages" / "navigation.py",
    routes=routes(),
    middleware=MIDDLEWARE,
    lifespan=partial(lifespan, warm_up=warm_up),
    on_script_error=show_apology,
    exception_handlers={Exception: apologize},
)


def main() -> None:
    """Serve on the address of ``.streamlit/config.toml``, or of ``STREAMLIT_SERVER_*``."""
    parser = argparse.ArgumentParser(description="Mendline, recovery follow-up after procedures.")
    parser.add_argument(
        "--demo", action="store_true", help="serve a throw-away demo clinic instead of the database"
    )
    parser.parse_args(sys.argv[1:])
    # Ended from the terminal once everything is closed, which is no fault to be traced.
    with suppress(KeyboardInterrupt):
        app.run(config=environment_options())


if __name__ == "__main__":
    main()
