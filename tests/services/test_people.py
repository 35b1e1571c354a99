"""What people are called where a deed of theirs is told."""

import pytest

from services.people import KEPT_MS, People, distinct


def test_a_person_is_called_by_name_and_a_stranger_by_the_username() -> None:
    people = People(lambda: {"zhang3": "值班员甲"}, lambda: 0)

    assert [people.called("zhang3"), people.called("gone")] == ["值班员甲", "gone"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"a": "值班员", "b": "值班员", "c": "处置员"}, {"a": "值班员 (a)", "b": "值班员 (b)", "c": "处置员"}),
        ({"a": "", "b": " "}, {}),
    ],
)
def test_two_of_one_name_are_told_apart(names: dict[str, str], told: dict[str, str]) -> None:
    assert distinct(names) == told


def test_a_new_name_is_seen_after_a_while_and_the_accounts_are_not_read_for_every_line() -> None:
    now, names, reads = [0], {"a": "甲岗"}, []
    people = People(lambda: reads.append(now[0]) or dict(names), lambda: now[0])

    first = people.called("a"), people.called("a")
    names["a"] = "乙岗"
    now[0] = KEPT_MS
    kept = people.called("a")
    now[0] = KEPT_MS + 1

    assert (first, kept, people.called("a"), reads) == (("甲岗", "甲岗"), "甲岗", "乙岗", [0, KEPT_MS + 1])
