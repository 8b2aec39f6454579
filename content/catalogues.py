"""
The words of pages and refusals in other languages: gettext catalogues, one for each.

A translator edits ``locale/<language>/LC_MESSAGES/mendline.po``; nothing compiled is kept.
"""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from recovery.wording import Language, learn

LOCALE_FOLDER = Path(__file__).parent / "locale"
DOMAIN = "mendline"
TRANSLATED = tuple(each for each in Language if each is not Language.ENGLISH)


def catalogue_path(language: Language) -> Path:
    """Return the file that holds the words of *language*."""
    return LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load_catalogues() -> None:
    """Learn every language; called once, before anything is said."""
    for language in TRANSLATED:
        compiled = BytesIO()
        with catalogue_path(language).open("rb") as file:
            write_mo(compiled, read_po(file, locale=language.value))
        compiled.seek(0)
        learn(language, GNUTranslations(compiled))


load_catalogues()
