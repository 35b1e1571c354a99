"""The glossary has every word that the screens say of an incident's states, its sources and its performance, and of units."""

from pathlib import Path

import pytest

from config.languages import load_catalogues
from domain.incident_states import STATE
from domain.units import STATES

GLOSSARY = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text()
RATES = ("on_time", "closing", "rework", "returned", "signed", "satisfied", "redone")
SOURCES = [name for name in load_catalogues()["zh"] if name.startswith("source.")]


@pytest.mark.parametrize("word", sorted({state.owed for state in STATE.values()} | {state.zh for state in STATES.values()}))
def test_a_state_is_in_the_glossary_as_the_screens_call_it(word: str) -> None:
    assert word in GLOSSARY


@pytest.mark.parametrize("name", [*SOURCES, *(f"performance.{rate}" for rate in RATES)])
def test_a_source_and_a_rate_are_in_the_glossary_as_the_screens_call_them(name: str) -> None:
    assert load_catalogues()["zh"][name] in GLOSSARY
