"""Personal data in texts, made unreadable: what walls, shared screens and exports show of what citizens wrote or said.

Masked are mobile and landline numbers (工信部 numbering: 11 digits from 13 to 19, area code and 7 or 8 digits), identity numbers
(GB 11643, 18 characters, and the old 15), bank cards (13 to 19 digits), number plates (GA 36), e-mail addresses, names before 先生 女士
and the like or after 姓名 联系人, and house numbers in addresses. What is left of each tells its kind and helps nobody to find a person.
Too much is masked rather than too little: a text may lose a number that was none of these.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

SURNAMES = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|"
    "[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜"
    "阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇"
    "邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司"
    "韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿"
    "阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰"
    "巢关蒯相查后荆红游竺权逯盖益桓公肖涂覃仝邸]"
)
"""The surnames of 百家姓, as far as common, and those of today that it lacks."""
TITLES = "先生|女士|小姐|太太|老师|医生|大爷|大妈|阿姨|叔叔|同志|师傅|老板|经理"
NUMBER_SIGN = "０１２３４５６７８９"
FULL = str.maketrans(NUMBER_SIGN, "0123456789")
PLATE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"

STREET = "(?:ST|AVE|RD|BLVD|DR|LN|WAY|CT|PL|TER|STREET|ROAD|AVENUE)"


def _name(found: re.Match[str]) -> str:
    return f"{found['before'] or ''}{found['surname'][0]}**{found['after'] or ''}"


RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<![0-9A-Za-z*])[0-9]{6}[\s-]?[0-9]{8}[\s-]?[0-9]{3}[0-9Xx](?![0-9A-Za-z])"), lambda found: "*" * 18),
    (re.compile(r"(?<![0-9*])(?:[0-9][ -]?){12,18}[0-9](?![0-9])"), lambda found: "*" * 12),
    (re.compile(r"(?<![0-9*])(?:\+?86[\s-]?)?1[3-9][0-9](?:[\s\-－—]?[0-9]){8}(?![0-9])"), lambda found: "1**********"),
    (re.compile(r"(?<![0-9*])[(（]?0[0-9]{2,3}[)）]?[\s\-－—]?[0-9]{3,4}[\s\-－—]?[0-9]{4}(?![0-9])"), lambda found: "0***-********"),
    (re.compile(r"(?<![0-9*.])[2-8][0-9]{6,7}(?![0-9.])"), lambda found: "*" * 8),
    (re.compile(r"[0-9A-Za-z._%+-]+@[0-9A-Za-z.-]+"), lambda found: "***@***"),
    (re.compile(PLATE + r"\s?[A-HJ-NP-Z]\s?[·•.]?\s?[0-9A-HJ-NP-Z]{4,6}[挂学警港澳]?", re.IGNORECASE), lambda found: found[0][0] + "*" * 6),
    (re.compile(r"(?P<before>)(?P<surname>" + SURNAMES + r")(?:[一-龥]{0,2}?)(?P<after>" + TITLES + ")"), _name),
    (
        re.compile(
            r"(?P<before>(?:姓名|名叫|联系人|投诉人|举报人|来电人|反映人|诉求人|当事人|我叫)[是为:：\s]*)(?P<surname>[一-龥])[一-龥·]{1,3}(?P<after>)"
        ),
        _name,
    ),
    (re.compile(r"(?P<before>我姓|免贵姓|姓)(?P<surname>" + SURNAMES + r")(?P<after>)"), lambda found: f"{found['before']}*"),
    (
        re.compile(r"[0-9A-Za-z一二三四五六七八九十百零〇]+(?:-[0-9]+)*\s?(?:号楼|栋|幢|座|单元|室|号房|号铺|房)"),
        lambda found: "**" + found[0][-1],
    ),
    (re.compile(r"(?<=[路街巷道里弄村组队园区镇大道])\s?[0-9一二三四五六七八九十百]+(?:-[0-9]+)*\s?号"), lambda found: "**号"),
    (re.compile(r"\b[0-9]+\s(?=(?:[A-Z0-9]+\s){1,4}" + STREET + r"\b)", re.IGNORECASE), lambda found: "** "),
)  # fmt: skip
"""What is looked for, in this order, and what stands in its place."""


def masked(text: str) -> str:
    """The text without personal data. Masking what is masked changes nothing."""
    found = text.translate(FULL)
    for pattern, instead in RULES:
        found = pattern.sub(instead, found)
    return found


def masked_person(person: Mapping[str, Any]) -> dict[str, str]:
    """Who somebody is, field by field, as shared screens show it: the surname, the last four digits of a telephone, nothing of a card."""
    return {name: FIELDS.get(name, _hidden)(str(value)) for name, value in person.items() if value not in (None, "")}


def _hidden(_: str) -> str:
    return "***"


def _surname(name: str) -> str:
    return name[:1] + "**"


def _telephone(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return "***" if len(digits) < 7 else f"***{digits[-4:]}"


FIELDS: Mapping[str, Callable[[str], str]] = {"name": _surname, "phone": _telephone, "address": masked}
