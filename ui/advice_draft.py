"""What somebody typed about a clinic's advice and did not save yet."""

from dataclasses import dataclass

from db.clinic_values import Decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceDraft:
    """
    A form about one procedure, between two presses of Save.

    Attributes:
        drawn_from: What was decided when the form was drawn.
        typed: What stands in the fields.
        meanwhile: Values that somebody else changed since something was typed.
    """

    drawn_from: Decisions
    typed: Decisions
    meanwhile: frozenset[str] = frozenset()

    @classmethod
    def fresh(cls, stored: Decisions) -> "AdviceDraft":
        """Return the form in which nothing is typed."""
        return cls(drawn_from=stored, typed=stored)

    @property
    def changes(self) -> dict[str, float | None]:
        """What Save would change."""
        return {name: value for name, value in self.typed.items() if value != self.drawn_from[name]}

    def over(self, stored: Decisions) -> "AdviceDraft":
        """
        Return the form drawn anew over what is *stored* now.

        What was typed stays; fields in which nothing was typed follow what is stored.
        """
        changes = self.changes
        typed = {name: changes.get(name, now) for name, now in stored.items()}
        moved = {name for name, now in stored.items() if now != self.drawn_from.get(name)}
        is_over = typed == dict(stored)
        return AdviceDraft(
            drawn_from=stored,
            typed=typed,
            meanwhile=frozenset() if is_over else self.meanwhile | moved,
        )
