"""Geometry of walls: type by the distance it is read from, lists as long as there is room, no panel over a seam."""

import pytest

from domain.walls import SUB_ROWS, TYPE_U, Areas, Cells, Geometry, cell_layout, fitting, heights, shape_of, type_u

CELLS = Geometry((7680, 2160), Cells(4, 2, 8), 1.37, 3.6)
PANELS = ("figures", "map", "alarms", "trends", "towns")


@pytest.mark.parametrize(
    ("pixels", "shape"),
    [((3840, 2160), "normal"), ((3840, 1080), "wide"), ((7680, 2160), "wide"), ((2688, 960), "wide"), ((2400, 960), "wide")],
)
def test_the_shape_follows_the_pixels(pixels, shape):
    assert shape_of(Geometry(pixels)) == shape


def test_a_browser_of_no_known_size_has_no_shape_and_the_usual_type():
    assert shape_of(Geometry()) is None
    assert type_u(Geometry()) == TYPE_U


def test_an_em_is_22_minutes_of_arc_from_where_the_wall_is_read():
    assert type_u(Geometry(height_m=1.0, distance_m=5.0)) == pytest.approx(3.2, abs=0.01)
    assert type_u(Geometry(height_m=2.0, distance_m=5.0)) == pytest.approx(1.6, abs=0.01)


def test_heights_add_up_to_the_wall():
    areas = Areas((1, 2), (50, "10u", 30), (("a", "b"), ("a", "c"), ("d", "d")))
    found = heights(areas)
    assert found["b"] + 0.8 + found["c"] == pytest.approx(found["a"])
    assert found["c"] == 10
    assert found["a"] + found["d"] + 0.8 * 4 + 5.6 == pytest.approx(100)


@pytest.mark.parametrize(("height", "lines"), [(2.0, 1), (22.0, 6), (44.0, 14)])
def test_a_list_has_as_many_lines_as_fit_and_never_none(height, lines):
    assert fitting(height, 1.6, 2.9, 1.72) == lines


@pytest.mark.parametrize(
    "panels", [PANELS, PANELS[:2], ("map",), tuple(f"p{n}" for n in range(23)), (*PANELS, "crew", "video", "units", "feeds", "duty")]
)
@pytest.mark.parametrize("cells", [Cells(4, 2, 8), Cells(3, 3, 0), Cells(2, 1, 20), Cells(1, 1, 0)])
def test_every_panel_lies_in_one_cell_and_none_upon_another(panels, cells):
    placed = cell_layout(panels, Geometry((7680, 2160), cells), ("feeds", "units", "towns"))
    assert set(panels) <= set(placed)
    taken = set()
    for one in placed.values():
        assert one.column % 2 == 1 and one.column_end == one.column + 1
        assert (one.row - 1) // (SUB_ROWS + 1) == (one.row_end - 2) // (SUB_ROWS + 1)
        area = {(row, one.column) for row in range(one.row, one.row_end)}
        assert area and not area & taken
        taken |= area


def test_cells_that_a_scene_leaves_free_are_filled():
    placed = cell_layout(("map", "alarms"), CELLS, ("towns", "feeds", "alarms", "video", "units", "vitals", "incidents"))
    assert {(one.row > SUB_ROWS, one.column) for name, one in placed.items() if name != "header"} == {
        (low, 2 * n + 1) for low in (False, True) for n in range(4)
    }
