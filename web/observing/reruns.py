"""How long a page takes to answer, measured where its messages pass."""

from time import perf_counter

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from web.observing.figures import RERUN_SECONDS
from web.observing.screens import screen_of

LONGEST_END = 256
"""Bytes; the message that ends a run is far shorter, so that longer ones are not looked into."""


class Stopwatch:
    """
    Measures one websocket's runs, from what a person did to the end of the run it led to.

    A run that is broken off for a newer one, as by a second press, goes on being measured from
    the first: the person waits from then.
    """

    def __init__(self) -> None:
        self._began: float | None = None
        self._page = ""

    def start(self, message: BackMsg) -> None:
        """Note that a person did something."""
        run = message.rerun_script
        if self._began is None:
            self._began = perf_counter()
        self._page = screen_of(run.page_script_hash, run.page_name)

    def see(self, payload: bytes | None) -> None:
        """Look whether *payload* ends the run, and note how long it took."""
        if self._began is None or payload is None or len(payload) > LONGEST_END:
            return
        if _ends_run(payload):
            RERUN_SECONDS.labels(self._page).observe(perf_counter() - self._began)
            self._began = None


def _ends_run(payload: bytes) -> bool:
    message = ForwardMsg()
    try:
        message.ParseFromString(payload)
    except DecodeError:
        return False
    is_end = message.WhichOneof("type") == "script_finished"
    return is_end and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
