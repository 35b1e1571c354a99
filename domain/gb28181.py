"""GB/T 28181 codes: twenty digits that name a device, a channel, a group or a user of a video network.

GB/T 28181-2022, annex E (E.1, code rule A): centre code (8 digits, a division of GB/T 2260 down to the town's or unit's two digits),
industry (2), type (3), network (1), serial number (6). Codes of rule B (18 digits) are not taken.
"""

from collections.abc import Mapping
from typing import NamedTuple

LENGTH = 20
CAMERA_TYPES = frozenset({"131", "132"})
"""Camera, and network camera (IPC): what can be played by itself."""
GROUP_TYPES = frozenset({"215", "216"})
"""Business group, virtual organisation: nodes of the catalogue tree."""

INDUSTRIES: Mapping[str, tuple[str, str]] = {
    "00": ("社会治安路面接入", "public security, roads"),
    "01": ("社会治安社区接入", "public security, communities"),
    "02": ("社会治安内部接入", "public security, inside"),
    "03": ("社会治安其他接入", "public security, other"),
    "04": ("交通路面接入", "traffic, roads"),
    "05": ("交通卡口接入", "traffic, checkpoints"),
    "06": ("交通内部接入", "traffic, inside"),
    "07": ("交通其他接入", "traffic, other"),
    "08": ("城市管理接入", "city management"),
    "09": ("卫生环保接入", "health and environment"),
    "10": ("商检海关接入", "inspection and customs"),
    "11": ("教育部门接入", "education"),
    "12": ("民航接入", "civil aviation"),
    "13": ("铁路接入", "railway"),
    "14": ("航运接入", "shipping"),
    "40": ("农、林、牧、渔业接入", "agriculture, forestry, husbandry, fishing"),
    "41": ("采矿业接入", "mining"),
    "42": ("制造业接入", "manufacturing"),
    "43": ("电力、热力、燃气及水生产和供应业接入", "electricity, heat, gas and water"),
    "44": ("建筑业接入", "construction"),
    "45": ("批发和零售业接入", "wholesale and retail"),
}
"""Table E.1, digits 9 and 10 -> name in Chinese and English; all others are reserved or a user's own."""

TYPES: Mapping[str, tuple[str, str]] = {
    "111": ("DVR", "DVR"),
    "112": ("视频服务器", "video server"),
    "113": ("编码器", "encoder"),
    "114": ("解码器", "decoder"),
    "115": ("视频切换矩阵", "video matrix"),
    "116": ("音频切换矩阵", "audio matrix"),
    "117": ("报警控制器", "alarm controller"),
    "118": ("网络视频录像机", "NVR"),
    "121": ("视频卡口", "video checkpoint"),
    "122": ("多目设备", "multi-lens device"),
    "130": ("混合硬盘录像机", "hybrid recorder"),
    "131": ("摄像机", "camera"),
    "132": ("网络摄像机", "network camera"),
    "133": ("显示器", "monitor"),
    "134": ("报警输入设备", "alarm input"),
    "135": ("报警输出设备", "alarm output"),
    "136": ("语音输入设备", "audio input"),
    "137": ("语音输出设备", "audio output"),
    "138": ("移动传输设备", "mobile transmitter"),
    "139": ("其他外围设备", "other peripheral"),
    "200": ("中心信令控制服务器", "signalling server"),
    "201": ("Web应用服务器", "web server"),
    "203": ("代理服务器", "proxy server"),
    "204": ("安全服务器", "security server"),
    "205": ("报警服务器", "alarm server"),
    "206": ("数据库服务器", "database server"),
    "207": ("GIS服务器", "GIS server"),
    "208": ("管理服务器", "management server"),
    "209": ("接入网关", "access gateway"),
    "210": ("媒体存储服务器", "media storage"),
    "211": ("信令安全路由网关", "signalling gateway"),
    "215": ("业务分组", "business group"),
    "216": ("虚拟组织", "virtual organisation"),
    "300": ("中心用户", "centre's user"),
    "400": ("终端用户", "terminal's user"),
}
"""Table E.1, digits 11 to 13 -> name in Chinese and English."""

NETWORKS: Mapping[str, tuple[str, str]] = {
    "0": ("公安视频传输网", "public security video network"),
    "1": ("公安视频传输网", "public security video network"),
    "2": ("行业专网", "industry's own network"),
    "3": ("政法信息网", "judicial information network"),
    "4": ("公安移动信息网", "public security mobile network"),
    "5": ("公安信息网", "public security information network"),
    "6": ("电子政务外网", "government extranet"),
    "7": ("互联网等公共网络", "internet"),
    "8": ("专线", "leased line"),
    "9": ("预留", "reserved"),
}
"""Table E.1, digit 14 -> name in Chinese and English."""


class BadCode(ValueError):
    """Not a code of twenty digits; the text says what is wrong."""


class Code(NamedTuple):
    """A code in its parts, each as text with its leading zeros."""

    centre: str
    industry: str
    kind: str
    network: str
    serial: str

    def __str__(self) -> str:
        return "".join(self)

    @property
    def division(self) -> str:
        """The GB/T 2260 division of the centre: its six digits to the county, less the pairs of zeros at their end (a city: four)."""
        return division_of(self.centre)

    @property
    def is_camera(self) -> bool:
        """Whether it names something that has a picture."""
        return self.kind in CAMERA_TYPES

    @property
    def is_group(self) -> bool:
        """Whether it names a node of the catalogue tree."""
        return self.kind in GROUP_TYPES

    def names(self, english: bool = False) -> tuple[str, str, str]:
        """Industry, type and network in words; the digits themselves where the standard reserves them."""
        tables = ((INDUSTRIES, self.industry), (TYPES, self.kind), (NETWORKS, self.network))
        industry, kind, network = (table[digits][english] if digits in table else digits for table, digits in tables)
        return industry, kind, network


def decode(text: str) -> Code:
    """The parts of a code. Raises BadCode."""
    if len(text) != LENGTH or not text.isascii() or not text.isdigit():
        raise BadCode(f"{text[:40]!r} is not {LENGTH} digits")
    if text[:2] == "00":
        raise BadCode(f"{text!r} begins with no province: 00")
    return Code(text[:8], text[8:10], text[10:13], text[13], text[14:])


def known(text: str) -> Code | None:
    """As decode; None for what is no code."""
    try:
        return decode(text)
    except BadCode:
        return None


def division_of(civil_code: str) -> str:
    """The GB/T 2260 code in a centre code or a CivilCode of two to eight digits, without pairs of zeros at its end; "" where there is none.

    Digits 7 and 8 are the unit's own number below the county, no division of GB/T 2260: they are left out.
    """
    if not civil_code.isascii() or not civil_code.isdigit() or not 2 <= len(civil_code) <= LENGTH:
        return ""
    pairs = [civil_code[at : at + 2] for at in range(0, min(len(civil_code), 6) - 1, 2)]
    while pairs and pairs[-1] == "00":
        pairs.pop()
    return "".join(pairs) if pairs and pairs[0] != "00" else ""
