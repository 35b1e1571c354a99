"""The table of how towns did: per head where their people are counted, and said where they are not."""

from config.languages import load_catalogues
from domain.performance import Performance
from layouts import briefs
from layouts.words import Words
from tests.layouts.test_panels import texts

ZH = Words("zh", load_catalogues()["zh"])
ROW = Performance("441900003", 12, 10, 0.9, 0.8, 0.0, 0.0, 1.0, None, None, 0.2)


def test_a_town_whose_people_nobody_has_counted_says_so_beside_those_that_are() -> None:
    names = {"441900003": "东城街道", "x": "园区"}
    shown = texts(briefs.performance(ZH, [ROW, ROW._replace(key="x", per_10k=None)], [["441900003"]], names))
    assert "每万人" in shown and "0.20" in shown and "人口未知" in shown
    none = texts(briefs.performance(ZH, [ROW._replace(per_10k=None)], [], names))
    assert "没有常住人口数据" in none and "人口未知" not in none
