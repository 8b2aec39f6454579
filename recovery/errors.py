"""What a person may be told when something cannot be done."""

from recovery.wording import tr


class RecoveryError(Exception):
    """
    Base of every refusal that is shown to a person.

    The text is one plain sentence that says what to do next, in the language spoken when it is
    raised. It never holds patient data, because exception texts reach logs.
    """


class AccessDenied(RecoveryError):
    """The record is not this person's to see; also raised when it does not exist."""

    def __init__(self) -> None:
        super().__init__(tr("This record is not available to you. Go back to your start page."))


class InvalidEntry(RecoveryError):
    """An answer is missing, out of range or on a day that cannot be entered."""


class StaleEntry(RecoveryError):
    """Somebody saved a newer version of the same entry in between."""


class SignInRefused(RecoveryError):
    """The name and password do not open an account now."""


class DatabaseUnavailable(RecoveryError):
    """The database is missing, locked, read-only or of another schema version."""


class Interrupted(DatabaseUnavailable):
    """What was under way broke off before any of it was stored; the same may be done again."""


class OutcomeUnknown(DatabaseUnavailable):
    """The connection broke while an act was being stored: it may be there, or not."""


class ConsentMissing(RecoveryError):
    """The patient did not agree to the log, or does not any more."""

    def __init__(self) -> None:
        super().__init__(
            tr("Nothing can be logged until the patient agrees. Open Home to read why.")
        )
