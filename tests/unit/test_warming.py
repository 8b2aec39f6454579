"""What the server loads before its first visitor comes."""

import subprocess
import sys

from tests.sources import ROOT

_LOADED = """
import sys
from ui.warming import warm_up
assert "altair" not in sys.modules, "a start that is refused would wait for it"
warm_up()
print("\\n".join(sys.modules))
"""


def test_no_page_makes_its_first_visitor_wait_for_imports() -> None:
    """All of ``ui`` is there after the start, and the large libraries behind it."""
    command = [sys.executable, "-W", "ignore", "-c", _LOADED]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    loaded = set(ended.stdout.split())
    slow = {"pandas", "altair", "pyarrow", "scipy.stats", "PIL.Image", "jsonschema"}
    modules = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (ROOT / "ui").rglob("*.py")
        if file.name != "__init__.py"
    }
    assert not (modules | slow) - loaded
