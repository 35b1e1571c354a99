"""Reads the gettext catalogues of the interface: config/locale/<lang>/LC_MESSAGES/, all files of it."""

from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).with_name("locale")


def load_catalogues(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Language -> message id -> text."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        found.setdefault(path.parents[1].name, {}).update(_read(path))
    return found


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
