"""Suggestions learnt from closed appeals: what they say, how sure they are, and what no file may do to whoever reads it."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from data_adapters.appeals.features import Shape, features, whole
from data_adapters.appeals.model import BadModel, load
from data_adapters.appeals.training import Training, held_out, learn, train
from domain.suggesting import Intake, Learnt

DAY = 86_400_000
START = 1_700_000_000_000
SHAPE = Shape(("class",), pairs=(("class", "town"),), drifting=("class",))
TEXTS = {
    "water": ("小区停水三天", "水管爆裂漏水", "自来水发黄有异味", "水压太低洗不了澡"),
    "transport": ("路面坑洼难走", "公交站牌损坏", "红绿灯不亮很危险", "货车占道停放"),
    "ecology": ("工厂夜间排放废气", "河涌水发臭", "工地噪声扰民", "焚烧垃圾浓烟"),
}


def history(repeats: int = 12) -> list[Learnt]:
    said = [(text, label) for label, texts in TEXTS.items() for text in texts]
    return [
        Learnt(Intake(f"{text}，请处理", {"class": "complaint", "town": f"t{turn % 3}"}, START + (turn * len(said) + at) * DAY // 4), label)
        for turn in range(repeats)
        for at, (text, label) in enumerate(said)
    ]


def about(text: str) -> Intake:
    return Intake(text, {"class": "complaint", "town": "t9"}, START + 400 * DAY)


def test_a_new_appeal_gets_the_unit_that_had_its_like_with_the_words_that_say_so() -> None:
    model = train("v1", "department", SHAPE, history(), Training())
    first = model.likely(about("我家停水了，水管漏水"))[0]
    assert first.label == "water" and first.confidence > 0.5
    assert {"停水", "漏水", "水管"} & set(first.words)
    assert sum(one.confidence for one in model.likely(about("停水"), 9)) == pytest.approx(1, abs=0.01)


def test_what_it_never_heard_of_it_is_not_sure_about() -> None:
    model = train("v1", "department", SHAPE, history(), Training())
    assert model.likely(about("想咨询结婚登记要带什么材料"))[0].confidence < 0.7


def test_it_is_judged_on_the_newest_cases_which_it_has_not_seen() -> None:
    cases = history()
    older, newest = held_out(cases, 0.25)
    assert max(one.intake.at for one in older) < min(one.intake.at for one in newest)
    model, judged = learn("v1", "department", SHAPE, cases, Training(), "class", 0.25)
    assert judged.of == len(newest) and judged.top1 == 1 and judged.plain1 < 0.5 <= judged.plain3
    assert model.until == max(one.intake.at for one in cases)


def test_two_answers_are_enough_and_one_is_not() -> None:
    two = [one for one in history() if one.label != "ecology"]
    assert train("v1", "theme", SHAPE, two, Training()).likely(about("停水"))[0].label == "water"
    with pytest.raises(ValueError, match="two different answers"):
        train("v1", "theme", SHAPE, [one for one in two if one.label == "water"], Training())


def test_a_saved_model_says_the_same_again(tmp_path: Path) -> None:
    model = train("v1", "department", SHAPE, history(), Training())
    model.save(tmp_path / "models" / "department.npz")
    again = load(tmp_path / "models" / "department.npz")
    assert (again.version, again.target, again.shape, again.labels) == ("v1", "department", SHAPE, model.labels)
    assert again.likely(about("河涌发臭")) == model.likely(about("河涌发臭"))


def test_a_model_carries_the_words_that_it_can_weigh_and_no_whole_dictionary() -> None:
    model = train("v1", "department", SHAPE, history(), Training())
    assert "停水" in model.cutter.frequencies and len(model.cutter.frequencies) < 100
    assert model.cutter.words("小区停水三天") == whole().words("小区停水三天")


class Harm:
    def __reduce__(self):
        return (exec, ("raise SystemExit('executed')",))


@pytest.mark.parametrize("kind", ["pickle", "object array", "cut short", "text"])
def test_no_file_from_elsewhere_is_ever_executed(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "model.npz"
    if kind == "pickle":
        file.write_bytes(pickle.dumps(Harm()))
    elif kind == "object array":
        np.savez(file, told=np.array([Harm()], dtype=object), features=np.array([Harm()], dtype=object))
    elif kind == "cut short":
        train("v1", "department", SHAPE, history(), Training()).save(file)
        file.write_bytes(file.read_bytes()[:-200])
    else:
        file.write_text("no model")
    with pytest.raises(BadModel):
        load(file)


def test_personal_data_is_no_feature() -> None:
    told = features(SHAPE, about("张伟先生13812345678说停水"), whole())
    assert not any("13812345678" in name or "张伟" in name for name in told)
    assert "停水" in whole().words("停水")
