"""Whose a citizen's request is: the product's model (data_adapters/appeals) learns from --train and is asked about --test.

    python bench/appeals_sf.py --train FILE --test FILE
    python bench/appeals_sf.py --train FILE --folds 5

Both files have the columns of San Francisco's 311 cases. Asked is `Responsible Agency`, from what is known when the request comes in:
category, request type, details, how it came, where and when; never from what came later (Closed, Updated, Status, Status Notes, Resolve
Time). Prints one JSON line: `top1`, `top3` the share of requests whose agency is the model's first answer, or among its first three;
`category_*` the same of the rule "the agency most frequent for the category" (the three most frequent), counted on the train file.
`sure` is the share of requests whose first answer reaches the confidence of config/appeals.yaml, `sure_top1` how many of those are right.

--folds, for developing without a test file: the last part of the train file is cut into that many spans, each asked of a model that
learnt only from what came before it; one JSON line a span and one of all.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from data_adapters.appeals.features import Shape
from data_adapters.appeals.model import Model
from data_adapters.appeals.training import Training, judge, learn
from domain.suggesting import Intake, Learnt

FIELDS = {
    "category": "category",
    "type": "requesttype",
    "source": "source",
    "neighbourhood": "neighborhood",
    "district": "supervisordistrict",
    "place": "address",
    "details": "requestdetails",
}
"""Our names of what is known at intake, and the columns without dots, blanks and capitals."""
SHAPE = Shape(
    fields=tuple(FIELDS),
    pairs=(
        ("category", "type"),
        ("type", "details"),
        ("type", "source"),
        ("type", "neighbourhood"),
        ("category", "neighbourhood"),
        ("type", "district"),
        ("category", "source"),
    ),
    drifting=("category", "type"),
    letters=(2, 4),
)
HOW = Training()
HELD_OUT = 0.15
FIRST_FOLD = 0.5
DETAILS = 60


def plain(name: str) -> str:
    """A column's name as its spellings have it in common."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def read(file: Path) -> list[Learnt]:
    """The requests of a file in the order in which they came."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [{plain(name or ""): value or "" for name, value in row.items()} for row in csv.DictReader(lines)]
    return sorted((learnt(row) for row in rows if row["responsibleagency"]), key=lambda one: one.intake.at)


def learnt(row: dict[str, str]) -> Learnt:
    """One request. A street corner and a house are told apart; a house's number says nothing."""
    fields = {name: row.get(column, "").strip() for name, column in FIELDS.items()}
    fields |= {"place": "corner" if fields["place"].startswith("Intersection") else "house", "details": fields["details"][:DETAILS]}
    opened = row["opened"].strip()
    at = datetime.strptime(opened, "%m/%d/%Y %I:%M:%S %p") if "/" in opened else datetime.fromisoformat(opened)
    text = f"{row.get('requesttype', '')} {row.get('requestdetails', '')}"
    return Learnt(Intake(text, fields, round(at.replace(tzinfo=UTC).timestamp() * 1000)), row["responsibleagency"].strip())


def told(history: Sequence[Learnt], asked: Sequence[Learnt], threshold: float) -> dict[str, float | int]:
    """The figures of one model."""
    model, _ = learn("bench", "department", SHAPE, history, HOW, "category", HELD_OUT)
    found = judge(model, asked, history, "category")
    sure, right = surely(model, asked, threshold)
    return {
        "train": len(history), "n": found.of, "top1": round(found.top1, 4), "top3": round(found.top3, 4),
        "category_top1": round(found.plain1, 4), "category_top3": round(found.plain3, 4), "agencies": len(model.labels),
        "sure": round(sure / max(len(asked), 1), 4), "sure_top1": round(right / max(sure, 1), 4),
    }  # fmt: skip


def surely(model: Model, asked: Sequence[Learnt], threshold: float) -> tuple[int, int]:
    """How many answers reach the threshold, and how many of those are right."""
    firsts = [(model.likely(one.intake, 1)[0], one.label) for one in asked]
    sure = [likely.label == label for likely, label in firsts if likely.confidence >= threshold]
    return len(sure), sum(sure)


def folds(cases: Sequence[Learnt], n: int) -> Iterator[tuple[Sequence[Learnt], Sequence[Learnt]]]:
    """What came before each span, and the span; the spans cut the second half evenly."""
    edges = [round(len(cases) * (FIRST_FOLD + (1 - FIRST_FOLD) * at / n)) for at in range(n + 1)]
    for start, end in pairwise(edges):
        yield cases[:start], cases[start:end]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True, metavar="FILE")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--test", type=Path, metavar="FILE")
    asked.add_argument("--folds", type=int, metavar="N")
    parser.add_argument("--threshold", type=float, default=0.6, help="confidence from which an answer counts as sure")
    given = parser.parse_args()
    history = read(given.train)
    if given.test:
        print(json.dumps(told(history, read(given.test), given.threshold)))
        return 0
    found = [told(before, span, given.threshold) for before, span in folds(history, given.folds)]
    for one in found:
        print(json.dumps(one))
    total = sum(one["n"] for one in found)
    mean = {key: round(sum(one[key] * one["n"] for one in found) / total, 4) for key in found[0] if key not in ("n", "train", "agencies")}
    print(json.dumps({"folds": len(found), "n": total, **mean}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
