"""The catalogues hold every word in both languages, and no panel writes its own."""

import ast
import json
import re
import string
from pathlib import Path

import pytest

from config.displays import load_displays
from config.indicators import load_indicators
from config.languages import load_catalogues
from data_adapters.topics.registry import KINDS
from domain.access import Actor
from layouts import remote
from layouts.words import Words, language_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = load_catalogues()
SOURCES = sorted([*(ROOT / "layouts").rglob("*.py"), *(ROOT / "callbacks").rglob("*.py")])
CHINESE = re.compile(r"[\u3400-\u9fff]")


def literals(file):
    """String constants of a module that aren't docstrings."""
    tree = ast.parse(file.read_text())
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    documented = {id(s.value) for body in bodies for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)}
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in documented]


def test_whoever_did_something_is_told_by_name_and_a_machine_by_what_it_is() -> None:
    words = Words("zh", CATALOGUES["zh"], called={"zhang3": "值班员甲"}.__getitem__)
    told = [words.person(actor) for actor in ("zhang3", "rule:alarm", "order:hotline", None, "")]

    assert told == ["值班员甲", words("timeline.system"), words("feed.hotline"), "", ""]


def test_both_languages_have_the_same_messages_and_none_is_empty():
    assert set(CATALOGUES) == {"zh", "en"}
    assert set(CATALOGUES["zh"]) == set(CATALOGUES["en"])
    assert not [(lang, message) for lang, texts in CATALOGUES.items() for message, text in texts.items() if not text.strip()]


def test_both_languages_ask_for_the_same_values():
    def asked(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert not [m for m in CATALOGUES["zh"] if asked(CATALOGUES["zh"][m]) != asked(CATALOGUES["en"][m])]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.name)
def test_no_module_writes_chinese_itself(file):
    assert not [text for text in literals(file) if CHINESE.search(text)]


def test_every_message_named_in_the_code_is_in_the_catalogue():
    named = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            called = isinstance(node, ast.Call) and (getattr(node.func, "id", None) or getattr(node.func, "attr", None))
            if called in ("words", "Words") and node.args and isinstance(node.args[0], ast.Constant):
                named.add(node.args[0].value)
    assert len(named) > 40
    assert named <= set(CATALOGUES["zh"])


def test_the_address_chooses_the_language_and_chinese_is_the_default():
    assert [language_of(search) for search in (None, "", "?lang=en", "?lang=fr", "?a=1&lang=zh")] == ["zh", "zh", "en", "zh", "zh"]


def test_a_span_is_written_in_its_largest_units():
    words = Words("zh", CATALOGUES["zh"])
    assert [words.age(ms) for ms in (0, 999, 59_999, 60_000, 3_599_000, 3_600_000, 3_601_000, 3_660_000, 90_000_000)] == [
        "0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "1 h", "1 h 1 min", "1 d",
    ]  # fmt: skip


def test_a_number_below_nought_has_a_true_minus():
    assert [Words("zh", CATALOGUES["zh"]).number(value, 1) for value in (-109.0, 0.0, 1_234.5, None)] == ["−109.0", "0.0", "1,234.5", "–"]


def test_where_a_limit_comes_from_is_told_in_the_readers_language():
    known = [one.source for one in load_indicators(KINDS)] + [one.source for face in load_displays().values() for one in face.figures]
    assert len(set(known)) > 20 and [one for one in known if f"basis.{one}" not in CATALOGUES["zh"]] == []
    words = Words("zh", CATALOGUES["zh"])
    assert [words.basis(one) for one in ("(local)", "a city's own")] == ["本地设定", "a city's own"]


def test_times_are_in_the_zone_of_the_city():
    assert Words("zh", CATALOGUES["zh"], "Asia/Shanghai").clock(0, seconds=True) == "08:00:00"


def test_every_word_that_the_remotes_scripts_ask_for_comes_with_its_page():
    scripts = "".join(one.read_text("utf-8") for one in sorted((ROOT / "assets").glob("remote*.js")))
    asked = set(re.findall(r'\bword\("(\w+)"', scripts))
    page = remote.build(Words("zh", CATALOGUES["zh"]), {}, Actor("watch", frozenset({"duty_officer"})))
    assert len(asked) > 20 and asked <= set(json.loads(page.to_plotly_json()["props"]["data-words"]))


def test_a_report_s_approval_and_an_incidents_review_have_words_of_their_own():
    flow = ("report.state.drafted", "reports.do.review", "reports.waits.drafted", "reports.hand.reviewed")
    review, approval = ("incident.tab.review", "review.title", "deed.review"), ("review", "总结评估")
    for lang, word in zip(("en", "zh"), approval, strict=True):
        assert all(word in CATALOGUES[lang][name].lower() for name in review)
        assert not [name for name in flow if word in CATALOGUES[lang][name].lower()]
