"""Spoils copies of the real configuration files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.strict import FOLDER, ConfigError


def spoil(folder: Path, name: str, entry: str, **changes: object) -> None:
    """Other values for keys of an entry; `...` takes a key away."""
    content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    content.setdefault(entry, {}).update(changes)
    for key, value in changes.items():
        if value is ...:
            del content[entry][key]
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A folder in which one text of the real file is another; returns it."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def assert_refused(load: Callable[[Path], Any], folder: Path, spoilt: tuple[str, str, str], says: str) -> None:
    """Loading the real files with one text changed (file, old, new) is refused in one line that names the file and says this."""
    with pytest.raises(ConfigError, match=says) as error:
        load(changed(folder, *spoilt))
    assert "\n" not in str(error.value) and spoilt[0] in str(error.value)
