"""Suggestions on recorded appeals: San Francisco's requests by agency, and Chinese messages by class."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.appeals_sf import HELD_OUT, HOW, SHAPE, learnt, plain, read
from data_adapters.appeals.features import Shape, features, whole
from data_adapters.appeals.training import Training, judge, learn, train
from domain.suggesting import Intake, Learnt

pytestmark = pytest.mark.real_data
LATER = ("Closed", "Updated", "Status", "Status.Notes", "Resolve.Time", "Responsible.Agency")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_agency_is_found_more_often_than_by_its_category_on_the_newest_tenth(recorded: Path) -> None:
    cases = read(recorded / "sf" / "sf311_cases_train.csv")
    before, after = cases[:-399], cases[-399:]
    model, _ = learn("t", "department", SHAPE, before, HOW, "category", HELD_OUT)
    judged = judge(model, after, before, "category")
    assert judged.top1 > judged.plain1 + 0.15 and judged.top3 > judged.plain3 + 0.05, judged


def test_nothing_that_is_known_only_later_changes_what_is_asked(recorded: Path) -> None:
    for row in rows(recorded / "sf" / "sf311_cases_train.csv")[::200]:
        emptied = {**row, **dict.fromkeys(LATER, "later")}
        asked, again = (learnt({plain(name): value for name, value in one.items()}) for one in (row, emptied))
        assert features(SHAPE, asked.intake, whole()) == features(SHAPE, again.intake, whole())


@dataclass
class Trial:
    right: int = 0
    threes: int = 0
    of: int = 0


def test_chinese_messages_find_their_class_though_there_are_only_a_few_hundred(recorded: Path) -> None:
    cases = [
        Learnt(Intake(f"{row['留言主题']} {row['留言详情']}", {}, at), row["一级分类"])
        for at, row in enumerate(rows(recorded / "hotline_zh" / "messages_7class.csv"))
    ]
    trial = Trial()
    for part in range(4):
        model = train("t", "theme", Shape(()), [one for at, one in enumerate(cases) if at % 4 != part], Training())
        for one in cases[part::4]:
            told = [likely.label for likely in model.likely(one.intake)]
            trial.right, trial.threes, trial.of = trial.right + (told[0] == one.label), trial.threes + (one.label in told), trial.of + 1
    assert trial.right / trial.of > 0.6 and trial.threes / trial.of > 0.85, trial
