"""CAP messages for the tests, written with lxml's builder from plain values."""

from lxml import etree
from lxml.builder import ElementMaker

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SENT = "2026-11-22T08:00:00+08:00"
RING = "22.9,113.7 23.1,113.7 23.1,113.9 22.9,113.7"


def written(told: dict, name: str = "alert", namespace: str = NAMESPACE) -> bytes:
    """The document: a value is a text, an object, or a list of either."""
    return etree.tostring(_element(name, told, namespace), xml_declaration=True, encoding="UTF-8")


def _element(name, value, namespace):
    make = ElementMaker(namespace=namespace, nsmap={"cap": namespace})
    if isinstance(value, str):
        return make(name, value)
    parts = [(key, one) for key, told in value.items() for one in (told if isinstance(told, list) else [told])]
    return make(name, *(_element(key, one, namespace) for key, one in parts))


def info(**more) -> dict:
    """A rainstorm in Chinese."""
    told = {
        "language": "zh-CN",
        "category": "Met",
        "event": "暴雨",
        "urgency": "Expected",
        "severity": "Severe",
        "certainty": "Likely",
        "expires": "2026-11-22T14:00:00+08:00",
        "senderName": "市气象台",
        "headline": "暴雨橙色预警信号",
        "area": {"areaDesc": "南城街道", "polygon": RING, "geocode": {"valueName": "GB/T 2260", "value": "441900"}},
    }
    return {key: value for key, value in {**told, **more}.items() if value is not None}


def alert(infos=None, **more) -> dict:
    """A message that is meant, to all."""
    told = {"identifier": "W1", "sender": "met@city.local", "sent": SENT, "status": "Actual", "msgType": "Alert", "scope": "Public"}
    return {key: value for key, value in {**told, **more, "info": [info()] if infos is None else infos}.items() if value is not None}
