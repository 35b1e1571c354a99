"""A folder of configuration that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from config.strict import FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real files."""
    for path in FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path
