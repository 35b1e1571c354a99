"""The visual language in numbers: what is read and what is marked stands out from its ground, severities differ for every eye and by shape,
and nothing has a colour of its own."""

import itertools
import re

import pytest

from layouts.charts import PALETTE
from layouts.view import SEVERITIES
from tests.colours import SEEN_BY, THEMES, TOKENS, contrast, difference, tokens

ROOT = TOKENS.parents[1]
ASSETS = ROOT / "assets"
LITERAL = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|\brgba?\(")
TEXT, MARK, APART, BESIDE = 4.5, 3.0, 12.0, 5.0
"""WCAG 2.2: 1.4.3 for text, 1.4.11 for what is not text; ΔE of severities, five times what can just be told apart, and of grounds beside
each other, twice that."""
GROUNDS = ("ground", "panel", "panel-raised", "selected")
READ = ("text", "text-2", "text-3", "critical", "major", "minor", "warning", "exercise", "blind")
ON = [
    *((words, ground) for ground in GROUNDS for words in READ),
    *((words, "critical-ground") for words in ("text", "text-2", "text-3", "critical")),
    *(("on-text", ground) for ground in ("text", "text-2")),
    ("on-major", "major"),
    ("on-critical", "critical"),
    *((f"on-level-{level}", f"level-{level}") for level in ("orange", "yellow", "blue", "none")),
    ("past-ink", "past-ground"),
    ("past-ink", "past-ground-2"),
    ("past-ink", "past-paper"),
    ("past-on-ink", "past-ink"),
    *((words, "video-ground") for words in ("video-text", "video-text-2", "video-tag")),
    ("chart-title", "panel"),
    ("chart-tick", "panel"),
    ("text-2", "map-ground"),
    *(("text-2", f"map-region{step}") for step in ("", "-1", "-2", "-3", "-4")),
    *(("text", f"map-shade-{step}") for step in range(5)),
]
"""What is read, and on what."""
MARKED = [
    *(("edge", ground) for ground in ("ground", "panel", "panel-raised")),
    *((severity, region) for severity in SEVERITIES for region in ("map-ground", "map-region")),
    *((severity, "panel") for severity in SEVERITIES),
    ("critical", "critical-ground"),
    *((mark, "panel") for mark in ("chart-line", "chart-quiet", "chart-mark")),
    *((mark, "map-region") for mark in ("map-mark", "map-device")),
    ("on-level-red", "level-red"),
    ("video-trouble", "video-ground"),
    ("past-edge", "past-ground"),
]
"""Marks, edges of what is operated, letters as large as a block."""


@pytest.mark.parametrize("theme", list(THEMES))
def test_what_is_read_stands_out_from_its_ground(theme):
    held = tokens(theme)
    assert not [(words, ground, found) for words, ground in ON if (found := round(contrast(held[words], held[ground]), 2)) < TEXT]


@pytest.mark.parametrize("theme", list(THEMES))
def test_marks_and_edges_stand_out_from_their_ground(theme):
    held = tokens(theme)
    assert not [(mark, ground, found) for mark, ground in MARKED if (found := round(contrast(held[mark], held[ground]), 2)) < MARK]


@pytest.mark.parametrize("eyes", list(SEEN_BY))
@pytest.mark.parametrize("theme", list(THEMES))
def test_severities_are_told_apart_by_every_eye(theme, eyes):
    held = tokens(theme)
    for one, other in itertools.combinations(SEVERITIES, 2):
        assert difference(held[one], held[other], eyes) >= APART, (one, other)


@pytest.mark.parametrize("eyes", list(SEEN_BY))
@pytest.mark.parametrize("theme", list(THEMES))
def test_levels_of_warnings_and_grounds_of_the_map_are_told_apart_by_every_eye(theme, eyes):
    held = tokens(theme)
    levels = [f"level-{level}" for level in ("red", "orange", "yellow", "blue")]
    tiers, tints = [f"map-shade-{step}" for step in range(5)], [f"map-region{step}" for step in ("", "-1", "-2", "-3", "-4")]
    for names, least in ((levels, APART), (tiers, BESIDE), (tints, BESIDE)):
        for one, other in itertools.combinations(names, 2):
            assert difference(held[one], held[other], eyes) >= least, (one, other)


def test_severities_differ_in_shape_as_well():
    text = TOKENS.read_text()
    shapes = {
        re.sub(r"(color|background): [^;]+;|var\(--\w+\)", "", re.search(rf"\.mark-{name} \{{([^}}]*)\}}", text)[1]) for name in SEVERITIES
    }
    assert len(shapes) == len(SEVERITIES)


@pytest.mark.parametrize("name", ["critical", "major", "minor", "exercise", "blind"])
def test_only_states_are_saturated(name):
    def chroma(colour):
        parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        return max(parts) - min(parts)

    for theme in THEMES:
        held = tokens(theme)
        greys = (
            "ground",
            "panel",
            "panel-raised",
            "selected",
            "line",
            "line-strong",
            "edge",
            "text",
            "text-2",
            "text-3",
            "chart-line",
            "chart-band",
        )
        assert max(chroma(held[grey]) for grey in greys) < 32 < chroma(held[name]), theme


def test_themes_name_the_same_colours_and_the_chart_palette_is_the_dark_one():
    dark, light = tokens("dark"), TOKENS.read_text().partition(THEMES["light"])[2].partition("\n}")[0]
    kept = {"font", "hatch", "ok"}
    same_everywhere = ("level", "on-level", "video", "type", "weight", "space", "radius", "touch", "motion", "ease", "focus")
    missing = {name for name in dark if not name.startswith(same_everywhere) and f"--{name}:" not in light}
    assert missing <= kept
    assert {name: dark[f"chart-{name}"] for name in PALETTE} == PALETTE


STYLES = sorted(ASSETS.glob("*.css"))
SCRIPTS = sorted([*ASSETS.glob("*.js"), *(ROOT / "layouts").rglob("*.py")])
SAID_TO_THE_SYSTEM = {"field.py", "field_app.js"}
"""They tell the phone's system bar the ground's colour, which no style sheet reaches."""


@pytest.mark.parametrize("file", [file for file in STYLES if file != TOKENS], ids=lambda file: file.name)
def test_no_style_sheet_has_a_colour_of_its_own(file):
    text = re.sub(r"url\(\"data:[^\"]*\"\)|/\*.*?\*/|\[style\*=[^\]]*\]", "", file.read_text(), flags=re.DOTALL)
    assert LITERAL.findall(text) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_and_no_page_has_a_colour_of_its_own(file):
    own = set(re.findall(r"[\"'](#[0-9a-fA-F]{6})[\"']", file.read_text()))
    allowed = (
        set(PALETTE.values()) if file.name == "charts.py" else {tokens("dark")["ground"]} if file.name in SAID_TO_THE_SYSTEM else set()
    )
    assert own <= allowed


GIVEN = ("ag-", "mantine", "areas-", "cols-", "rows-")
"""Names that a library or the wall's layout (layouts/wall.py) gives while the page runs."""


def test_every_token_that_is_used_is_there():
    named = set(re.findall(r"--([\w-]+)\s*:", "".join(file.read_text() for file in STYLES)))
    written = "".join(file.read_text() for file in [*SCRIPTS, *(ROOT / "assets").glob("*.js")])
    named |= set(re.findall(r"[\"'`]--([\w-]+)", written))
    for file in STYLES:
        used = {name for name in re.findall(r"var\(--([\w-]+)\)", file.read_text()) if not name.startswith(GIVEN)}
        assert used <= named, file.name


def test_scripts_ask_only_for_tokens_that_are_there():
    dark = tokens("dark")
    for file in ASSETS.glob("*.js"):
        assert set(re.findall(r"\bink\(\"([\w-]+)\"\)", file.read_text())) <= set(dark), file.name
