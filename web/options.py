"""
Streamlit's settings from ``STREAMLIT_*`` variables, in every way of starting.

``streamlit run`` reads them itself; the other two ways read the settings file alone.
"""

import os
import sys
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.config_option import ConfigOption

from web.origin import listening_on

_WILDCARDS = {None, "", "0.0.0.0", "::"}  # noqa: S104 - named to print a name instead


def environment_options() -> dict[str, Any]:
    """
    Return the settings that the environment gives, by dotted name.

    Secrets are left out: Streamlit takes those from the environment itself, and refuses
    them from anywhere else.
    """
    return {
        name: _typed(os.environ[option.env_var], option)
        for name, option in config.get_config_options().items()
        if option.env_var in os.environ and not option.sensitive
    }


def settle(app_file: Path) -> None:
    """
    Read the settings beside *app_file*, with the environment's over them.

    Streamlit would look beside its script, one folder deeper, when another server than its
    own starts us from elsewhere; ``streamlit run`` has told it the right place before.
    """
    if config._main_script_path is None:  # noqa: SLF001 - there is no public way
        config._main_script_path = str(app_file)  # noqa: SLF001
        config.get_config_options(force_reparse=True)
    take_environment()


def take_environment() -> None:
    """Put the environment's settings over the file's, and under a command's own flags."""
    for name, value in environment_options().items():
        if config.get_where_defined(name).endswith((".toml", "<default>")):
            config.set_option(name, value, "environment variable")


def served_address() -> str | None:
    """Return the address to open in a browser; None when another server has its own flags."""
    port = config.get_option("server.port")
    if port not in {listening for _, listening in listening_on()}:
        return None
    host = config.get_option("server.address")
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    return f"{scheme}://{'localhost' if host in _WILDCARDS else host}:{port}"


def has_certificate() -> bool:
    """
    Tell whether the server was started with a certificate, by whichever server's setting.

    Only for what is said at the start: each request knows for itself whether it was encrypted.
    """
    has_flag = any(argument.startswith("--ssl-certfile") for argument in sys.argv[1:])
    has_setting = bool(config.get_option("server.sslCertFile"))
    return has_flag or has_setting or bool(os.environ.get("UVICORN_SSL_CERTFILE"))


def _typed(value: str, option: ConfigOption) -> Any:
    if option.multiple:
        return value.split()
    if option.type is bool:
        return value.strip().lower() in {"1", "true", "yes", "on"}
    try:
        return option.type(value) if option.type in {int, float} else value
    except ValueError:
        raise SystemExit(f"{option.env_var} must be a number.") from None
