"""The part of the API's description that is about vital signs and indicators."""

from api.openapi_parts import AT, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, NUMBER, TEXT, Schema, items_of, ref, shape
from domain.indicators import QUALITIES
from domain.metrics import DOMAINS
from domain.vital_signs import WHY_NOT

REGION = ("region", "Region code; the whole of what one sees when left out.")
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
WHY: Schema = {"type": "string", "enum": ["", *WHY_NOT]}
ONE = "/api/v1/indicators/{indicator}"
INDICATORS = (
    Operation(
        "get",
        "/api/v1/vital-signs",
        "Scores of a region: as a whole, by domain; what is anomalous.",
        {200: "VitalSigns"},
        (REGION, AT),
        problems=READ,
    ),
    Operation(
        "get", "/api/v1/vital-signs/towns", "Scores of the places in scope, the worst first.", {200: "TownSigns"}, (AT,), problems=READ
    ),
    Operation(
        "get",
        "/api/v1/indicators",
        "Indicators with their newest value and score.",
        {200: "Signs"},
        (REGION, ("domain", f"One of {', '.join(DOMAINS)}."), AT),
        problems=READ,
    ),
    Operation(
        "get",
        ONE,
        "One figure explained: formula, inputs, library, owner, age, versions, 同比 and 环比.",
        {200: "Explained"},
        (REGION, AT),
        problems=(*READ, 404),
    ),
    Operation(
        "get",
        f"{ONE}/values",
        "Its values, oldest first; periods without one are not in it. And what is expected next.",
        {200: "IndicatorValues"},
        (REGION, ("since", "From; as far as its cycle shows when left out."), AT),
        problems=(*READ, 404),
    ),
    Operation(
        "get", f"{ONE}/places", "The same indicator in every place in scope, the worst first.", {200: "Signs"}, (AT,), problems=(*READ, 404)
    ),
    Operation(
        "get",
        f"{ONE}/rows",
        "The rows behind the figure, as its library has them now; `away` says why there are none.",
        {200: "FigureRows"},
        (REGION, AT),
        problems=(*READ, 404),
    ),
)
PART = shape({"name": TEXT, "weight": NUMBER, "why": WHY})
ROLLED: dict[str, Schema] = {
    "score": {**NUMBER, "description": "0 to 100; null where too little of the weight could be scored."},
    "coverage": {"type": "number", "description": "The share of the weight that was scored."},
    "missing": {"type": "array", "items": PART},
}
DOMAIN_SCORES: Schema = {"type": "object", "additionalProperties": ref("Rolled")}
NORMAL: Schema = {"type": ["object", "null"], "properties": {"low": NUMBER, "high": NUMBER, "days": NUMBER, "basis": TEXT}}
SIGN: dict[str, Schema] = {
    **dict.fromkeys(("indicator", "region", "zh", "en", "unit", "domain", "cycle", "level", "direction"), TEXT),
    "target": NUMBER,
    "weight": NUMBER,
    "owner": TEXT,
    "source": {**TEXT, "description": "library.query; `live.` is the city itself."},
    "state": {"type": "string", "enum": ["ok", "late", "missing"]},
    "score": NUMBER,
    "why_not": WHY,
    "normal": NORMAL,
    "value": {"oneOf": [ref("IndicatorValue"), {"type": "null"}]},
}
CHANGE = shape(
    {
        "kind": {"type": "string", "enum": ["last_year", "before"]},
        "base_at": MOMENT_OR_NULL,
        "base_value": NUMBER,
        "change": {**NUMBER, "description": "Percent, or percentage points (`in_points`); null: `why_not`."},
        "in_points": FLAG,
        "why_not": TEXT,
        "days": {**WHOLE, "description": "How many more days than the base."},
        "working": {"type": ["integer", "null"], "description": "How many more working days."},
    }
)
INDICATOR_SCHEMAS: dict[str, Schema] = {
    "Rolled": shape(ROLLED),
    "IndicatorValue": shape(
        {
            "at": {**MOMENT, "description": "Begin of the period, epoch milliseconds."},
            "ends_at": MOMENT,
            "computed_at": MOMENT,
            "value": NUMBER,
            "quality": {"type": "string", "enum": [*QUALITIES, "none"]},
            "late": FLAG,
            "anomaly_since": MOMENT_OR_NULL,
        }
    ),
    "Sign": shape(SIGN),
    "Signs": items_of("Sign"),
    "VitalSigns": shape(
        {"region": TEXT, "at": MOMENT, **ROLLED, "domains": DOMAIN_SCORES, "anomalies": {"type": "array", "items": ref("Sign")}}
    ),
    "TownSign": shape({"region": TEXT, **ROLLED, "domains": DOMAIN_SCORES}),
    "TownSigns": items_of("TownSign"),
    "IndicatorValues": items_of(
        "IndicatorValue", indicator=TEXT, region=TEXT, unit=TEXT, forecast={"type": "array", "items": ref("Ahead")}
    ),
    "Ahead": shape({"at": MOMENT, "made_at": MOMENT, "value": NUMBER, "low": NUMBER, "high": NUMBER}),
    "Explained": shape(
        {
            **SIGN,
            **dict.fromkeys(("formula", "library", "query", "rule"), TEXT),
            "parameters": ANYTHING,
            "inputs": ANYTHING,
            "age_ms": {"type": ["integer", "null"]},
            "changes": {"type": "object", "additionalProperties": CHANGE},
            "versions": {"type": "array", "items": ref("IndicatorValue")},
        }
    ),
    "FigureRows": shape({"items": {"type": "array", "items": ANYTHING}, "total": WHOLE, "away": TEXT}),
}
