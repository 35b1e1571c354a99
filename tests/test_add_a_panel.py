"""docs/add-a-panel.md, word for word: its file, its line, its words and its scene; the wall shows the panel, and no callback is touched."""

import re
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from callbacks import wall
from callbacks.views import view_of
from config.displays import FILE
from config.walls import load_walls
from domain.access import Actor
from layouts.panels import PANELS, Panel
from layouts.wall import asked
from tests.fake_server import make_faces
from tests.fakes import make_city
from tests.layouts.test_panels import classed, texts

ROOT = Path(__file__).resolve().parents[1]
DOC = (ROOT / "docs" / "add-a-panel.md").read_text(encoding="utf-8")
READ = {"signs": r"\bview\.(signs|sign_towns)\b", "appeals": r"\bview\.(appeals|theme_name)\b"}
"""What a panel may ask for -> how it is read."""
OFFICER = Actor("officer", frozenset({"duty_officer"}))


def blocks(kind):
    """The page's blocks of a language, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)


def module(path):
    """The page's file as a module."""
    path.write_text(blocks("python")[0], encoding="utf-8")
    spec = spec_from_file_location("layouts.panels.vehicles", path)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def with_the_scene(path):
    """The shipped displays.yaml with the page's grid of `traffic` in the place of its own."""
    areas = blocks("yaml")[0].partition("    areas:\n")[2]
    before, _, traffic = FILE.read_text("utf-8").partition("\n  traffic:\n")
    own = re.search(r"    areas:\n((?:      .*\n)+)", traffic)[1]
    path.write_text(f"{before}\n  traffic:\n{traffic.replace(own, areas, 1)}", encoding="utf-8")
    return path


@pytest.fixture
def faces(tmp_path, monkeypatch):
    """The faces of a city whose wall has the page's panel."""
    line = blocks("python")[1]
    added = eval(f"{{{line}}}", {"Panel": Panel, "vehicles": module(tmp_path / "vehicles.py")})
    monkeypatch.setitem(PANELS, "vehicles", added["vehicles"])
    made = replace(make_faces(make_city()), walls=load_walls(with_the_scene(tmp_path / "displays.yaml"), PANELS))
    for lang, text in zip(("zh", "en"), blocks("po"), strict=True):
        (tmp_path / lang).write_text(text, encoding="utf-8")
        with (tmp_path / lang).open("rb") as file:
            made.catalogues[lang].update({str(one.id): str(one.string) for one in read_po(file) if one.id})
    return made


@pytest.mark.parametrize(
    ("search", "said"),
    [("?wall=hall&scene=traffic", ("车辆", "30 辆中")), ("?wall=hall&scene=traffic&lang=en", ("Vehicles", "of 30 moving"))],
)
def test_the_wall_shows_the_pages_panel_in_its_scene(faces, search, said):
    made = wall.scene(faces, OFFICER, faces.words(search), asked(faces.walls, search), None)
    (panel,) = classed(made, "panel-vehicles")
    assert all(one in texts(panel) for one in said) and panel.style == {"gridArea": "vehicles"}
    assert classed(panel, "feed")


def test_on_a_wall_of_cells_it_has_a_cell_and_an_empty_city_is_told_what_that_means(faces):
    faces.city.picture.vehicles.clear()
    made = wall.scene(faces, OFFICER, faces.words(None), asked(faces.walls, "?wall=cells&scene=traffic"), None)
    assert "暂无车辆位置" in texts(classed(made, "panel-vehicles"))


@pytest.mark.parametrize(("asks", "held"), [("signs", "signs"), ("signs", "sign_towns"), ("appeals", "classes")])
def test_what_a_panel_says_that_it_asks_for_it_gets_and_a_scene_that_asks_for_nothing_pays_nothing(faces, monkeypatch, asks, held):
    page = asked(faces.walls, "?wall=hall&scene=duty").page
    snapshot = faces.city.picture.snapshot(OFFICER)

    def view():
        return view_of(faces, OFFICER, faces.words(None), snapshot, page)

    for name in faces.display(page).panels:
        monkeypatch.setitem(PANELS, name, PANELS[name]._replace(asks=frozenset()))
    assert not getattr(view(), held)
    monkeypatch.setitem(PANELS, "on_duty", PANELS["on_duty"]._replace(asks=frozenset({asks})))
    assert getattr(view(), held)


def test_every_panel_that_reads_signs_or_appeals_says_so():
    for name, panel in PANELS.items():
        source = Path(sys.modules[panel.render.__module__].__file__).read_text("utf-8")
        read = {what for what, pattern in READ.items() if re.search(pattern, source)}
        assert read == panel.asks, name
