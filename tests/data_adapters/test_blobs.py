"""Bytes on disk: what no row names goes after its day of grace, what somebody names or is about to name stays."""

import os
from pathlib import Path

import pytest

from data_adapters.blobs import GRACE_S, DiskBlobs

NOW = 1_795_000_000.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def put(blobs: DiskBlobs, folder: Path, content: bytes, age_s: float) -> str:
    name = blobs.put(content)
    os.utime(folder / name[:2] / name, (NOW - age_s, NOW - age_s))
    return name


def test_what_no_row_names_goes_after_its_grace_and_what_one_names_stays(folder: Path) -> None:
    blobs = DiskBlobs(folder)
    named, nobodys = put(blobs, folder, b"named", 2 * GRACE_S), put(blobs, folder, b"nobody's", GRACE_S + 1)
    young = put(blobs, folder, b"young", GRACE_S)
    asked: list[str] = []

    def needed(names):
        asked.extend(names)
        return {named}

    assert blobs.forget(needed, NOW) == 1
    assert (blobs.get(named), blobs.get(nobodys), blobs.get(young)) == (b"named", None, b"young")
    assert young not in asked


def test_half_written_bytes_of_a_killed_process_go_too(folder: Path) -> None:
    blobs = DiskBlobs(folder)
    draft = folder / put(blobs, folder, b"x", 0)[:2] / "tmpabc"
    draft.write_bytes(b"half")
    os.utime(draft, (NOW - 2 * GRACE_S,) * 2)
    assert blobs.forget(lambda names: set(), NOW) == 1 and not draft.exists()


def test_who_puts_the_same_bytes_while_they_are_being_removed_keeps_them(folder: Path) -> None:
    blobs = DiskBlobs(folder)
    name = put(blobs, folder, b"again", 2 * GRACE_S)

    def needed(names):
        blobs.put(b"again")
        return set()

    assert blobs.forget(needed, NOW) == 0 and blobs.get(name) == b"again", "its row comes after this"


def test_a_store_in_which_nothing_was_put_yet_has_nothing_to_forget(folder: Path) -> None:
    assert DiskBlobs(folder).forget(lambda names: set(), NOW) == 0
