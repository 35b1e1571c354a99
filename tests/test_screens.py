"""The pictures of docs/screens: one of every face in every state, language and size, each shown in the gallery, none twice."""

import hashlib
import re
from pathlib import Path

import pytest

from bench.screen_states import LARGEST_BYTES, SIZES, VISITORS, looks
from config.walls import load_walls
from tests.fake_states import STATES

SCREENS = Path(__file__).resolve().parents[1] / "docs" / "screens"
KEPT = sorted((SCREENS / "states").glob("*.webp"))
FOLDER_BYTES = 12_000_000


def test_every_face_is_looked_at_in_every_state_and_size_and_in_both_languages():
    seen = {(one.face, one.state, one.lang, one.size) for one in looks()}
    assert set(SIZES) == {"big", "mid", "desk", "mobile"}
    for face, sizes in SIZES.items():
        for state in (*STATES, *VISITORS):
            assert {(face, state, "zh", size) for size in sizes} | {(face, state, "en", sizes[0])} <= seen
    assert len({one.name for one in looks()}) == len(looks())


def test_each_look_has_its_picture_and_there_is_no_other():
    assert {path.stem for path in KEPT} == {one.name for one in looks()}


@pytest.mark.parametrize("face", SIZES)
def test_no_two_pictures_of_a_face_are_the_same(face):
    pictures = [path for path in KEPT if path.name.startswith(f"{face}-")]
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in pictures}) == len(pictures)


def test_the_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in KEPT}
    assert sum(sizes.values()) < FOLDER_BYTES
    assert not [name for name, size in sizes.items() if size > 2 * LARGEST_BYTES]


def test_the_gallery_shows_every_state_of_every_face_and_every_scene():
    shown = set(re.findall(r"\]\(((?:states|scenes)/[\w-]+\.webp)\)", (SCREENS / "README.md").read_text()))
    states = {f"states/{face}-{state}.webp" for face in SIZES for state in (*STATES, *VISITORS)}
    scenes = {f"scenes/{scene}.webp" for scene in load_walls().scenes if (SCREENS / "scenes" / f"{scene}.webp").exists()}
    assert states | scenes <= shown
