"""The script of dispatch has every word that it writes, and only who may send is offered to."""

import json
import re
from pathlib import Path

import pytest

from config.languages import load_catalogues
from domain.access import ROLES, Actor
from domain.units import STATES
from layouts.dispatch import board, vocabulary
from layouts.incidents.naming import Naming
from layouts.names import Names
from layouts.words import Words
from tests.layouts.test_panels import components

ASSETS = Path(__file__).resolve().parents[2] / "assets"
CATALOGUES = load_catalogues()
SAID = re.compile(r"""\bt\(\s*"(\w+)"\s*[,)]""")
EITHER = re.compile(r"""\bt\([^()"]*\? "(\w+)" : "(\w+)"\s*[,)]""")


def written():
    """Every word that the scripts ask for by its whole name."""
    for file in ASSETS.glob("dispatch*.js"):
        text = file.read_text()
        yield from SAID.findall(text)
        for pair in EITHER.findall(text):
            yield from pair


@pytest.mark.parametrize("lang", CATALOGUES)
def test_every_word_that_the_script_writes_is_in_the_catalogue(lang):
    asked = set(written())
    assert len(asked) > 50
    assert not asked - set(vocabulary.build(Naming(Words(lang, CATALOGUES[lang])), Names({}, {}, {}))["words"])


def test_every_capability_that_a_need_may_ask_for_has_a_name():
    text = (Path(__file__).resolve().parents[2] / "config" / "needs.yaml").read_text()
    asked = set(re.findall(r"capability: (\w+)", text)) | set(re.findall(r"prefer: \[(\w+)", text))
    assert asked and not {f"dispatch.capability_{one}" for one in asked} - set(CATALOGUES["zh"])


def test_the_words_are_json_and_a_unit_is_never_reported_as_sent_anew():
    told = json.loads(json.dumps(vocabulary.build(Naming(Words("zh", CATALOGUES["zh"])), Names({}, {}, {}))))
    assert set(told["states"]) == set(STATES) and told["states"]["on_scene"] == "到场"
    assert not [state for state, after in told["next"].items() if "assigned" in after]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_dispatchers_and_shift_leaders_are_offered_to_send(role):
    parts = board.build(Words("zh", CATALOGUES["zh"]), Actor("one", frozenset({role})))
    words = next(one for part in parts for one in components(part) if getattr(one, "className", None) == "dispatch-names")
    assert (getattr(words, "data-may-send") == "yes") == (role in ("dispatcher", "duty_officer"))
