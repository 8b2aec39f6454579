"""Whoever is told what the database does."""


class Heard:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.acts: list[str] = []
        self.why: list[str] = []
        self.waits: list[float] = []

    def committed(self, action: str) -> None:
        """Keep the name of an act."""
        self.acts.append(action)

    def refused(self, reason: str) -> None:
        """Keep a reason."""
        self.why.append(reason)

    def waited(self, seconds: float) -> None:
        """Keep a time."""
        self.waits.append(seconds)
