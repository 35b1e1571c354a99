"""Entities and their attributes out of every form that NGSI knows: NGSI-LD normalized, concise and key-values, NGSI-v2 normalized and
key-values, lists of entities, notifications of both. Never raises.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.messages import Rejected

LD_TYPES = {
    "Property",
    "GeoProperty",
    "Relationship",
    "LanguageProperty",
    "JsonProperty",
    "VocabProperty",
    "ListProperty",
    "ListRelationship",
}
RELATIONS = {"Relationship", "ListRelationship"}
GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
HELD = ("value", "object", "languageMap", "json", "vocab", "valueList", "objectList")
"""Where an attribute holds its value, by its type (ETSI GS CIM 009 V1.8.1, 4.5)."""
SYSTEM = {"id", "type", "@id", "@type", "@context", "scope", "createdAt", "deletedAt", "expiresAt"}
TIMES = ("observedAt", "timestamp", "TimeInstant", "dateObserved")
"""Under what names an attribute's own time stands: NGSI-LD's; NGSI-v2's metadata, by the data models and by the IoT agents."""
ENVELOPES = ("subscriptionId", "notifiedAt")


class Attribute(NamedTuple):
    """One instance of an attribute. `unit` and `at` as the message tells them, None where it doesn't."""

    name: str
    value: Any
    unit: object = None
    at: object = None
    is_relation: bool = False
    is_geo: bool = False


def entities(document: Any) -> Iterator[dict[str, Any] | Rejected]:
    """The entities of a payload."""
    if isinstance(document, dict) and isinstance(document.get("body"), dict) and "metadata" in document:
        document = document["body"]  # a notification over MQTT (ETSI GS CIM 009, 5.8.6 with the MQTT binding)
    if isinstance(document, dict) and ("data" in document and (document.get("type") == "Notification" or set(ENVELOPES) & set(document))):
        document = document["data"]
    if isinstance(document, dict) and document.get("type") in ("Feature", "FeatureCollection"):
        yield Rejected("not_handled", "GeoJSON; ask the broker for JSON or JSON-LD")
        return
    for one in document if isinstance(document, list) else [document]:
        if isinstance(one, dict) and isinstance(entity_id(one), str) and entity_type(one):
            yield one
        else:
            yield Rejected("wrong_type", "an entity is an object with id and type")


def entity_id(entity: dict[str, Any]) -> Any:
    """Its id."""
    return entity.get("id", entity.get("@id"))


def entity_type(entity: dict[str, Any]) -> str:
    """Its type, without the namespace; of several the first. Empty when there is none."""
    told = entity.get("type", entity.get("@type"))
    first = told[0] if isinstance(told, list) and told else told
    return short(first) if isinstance(first, str) else ""


def short(name: str) -> str:
    """A name without its namespace: brokers tell whole IRIs where they are given no @context."""
    return name.rpartition("#")[2].rpartition("/")[2] if "://" in name else name


def attributes(entity: dict[str, Any]) -> Iterator[Attribute]:
    """Its attributes; one with several instances (datasets, or times) comes several times."""
    for name, told in entity.items():
        if name in SYSTEM:
            continue
        if isinstance(told, list) and told and all(isinstance(one, dict) and _is_instance(one) for one in told):
            for one in told:
                yield _attribute(short(name), one)
        else:
            yield _attribute(short(name), told)


def _is_instance(told: dict[str, Any]) -> bool:
    return _kind(told) in LD_TYPES or "value" in told or ("object" in told and len(told) <= 4)


def _attribute(name: str, told: Any) -> Attribute:
    if not isinstance(told, dict) or not _is_instance(told):
        return Attribute(name, _plain(told), is_geo=_is_geometry(told))
    kind = _kind(told)
    value = _plain(next((told[key] for key in HELD if key in told), None))
    more = told.get("metadata") if isinstance(told.get("metadata"), dict) else {}
    unit = told.get("unitCode", _metadata(more, "unitCode"))
    at = next((one for key in TIMES if (one := told.get(key, _metadata(more, key))) is not None), None)
    if "datasetId" in told:
        name = f"{name}@{told['datasetId']}"
    is_geo = kind in ("GeoProperty", "geo:json", "geo:point") or _is_geometry(value)
    return Attribute(name, value, unit, _plain(at), kind in RELATIONS or "object" in told, is_geo)


def _kind(told: dict[str, Any]) -> str:
    kind = told.get("type")
    return kind if isinstance(kind, str) else ""


def _metadata(metadata: Any, key: str) -> Any:
    one = metadata.get(key)
    return one.get("value") if isinstance(one, dict) else one


def _plain(value: Any) -> Any:
    """A typed value of JSON-LD (`{"@type": "DateTime", "@value": …}`) without its wrapping."""
    return value["@value"] if isinstance(value, dict) and "@value" in value else value


def _is_geometry(value: Any) -> bool:
    return isinstance(value, dict) and _kind(value) in GEOMETRIES and "coordinates" in value


def point(value: Any) -> tuple[Any, Any] | None:
    """Longitude and latitude of a GeoJSON point or of a `geo:point` ("latitude, longitude"); None for anything else."""
    if isinstance(value, dict) and value.get("type") == "Point":
        told = value.get("coordinates")
        return (told[0], told[1]) if isinstance(told, list) and len(told) in (2, 3) else None
    if isinstance(value, str) and value.count(",") == 1:
        try:
            lat, lon = (float(part) for part in value.split(","))
        except ValueError:
            return None
        return lon, lat
    return None
