"""The part of the API's description that is about appeals."""

from api.openapi_parts import AT, DEED, READ, Operation
from api.openapi_schemas import NUMBER, TEXT, Schema, items_of, ref, shape

ANYTHING: Schema = {"type": "object", "additionalProperties": True}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
ONE = "/api/v1/incidents/{incident_id}"
APPEALS = (
    Operation("get", "/api/v1/appeals/hot", "Hot themes and sudden rises by town; counts only.", {200: "HotThemes"}, (AT,), problems=READ),
    Operation(
        "post",
        "/api/v1/appeals/advice",
        "What is suggested for an appeal that is being taken down; nothing is done or kept.",
        {200: "Advice"},
        body="AdviceAsked",
        problems=(400, *DEED, 422),
    ),
    Operation(
        "get",
        f"{ONE}/appeal",
        "A hotline order at the other desk, what it was told, what is suggested.",
        {200: "Appeal"},
        problems=(*READ, 404),
    ),
    Operation(
        "post",
        f"{ONE}/appellant",
        "Who appeals, in clear, for whoever calls back; written into the audit log.",
        {200: "Appellant"},
        problems=(400, *DEED, 404),
    ),
)
APPEAL_SCHEMAS: dict[str, Schema] = {
    "HotTheme": shape({"region": TEXT, "theme": TEXT, "now": WHOLE, "usual": NUMBER, "chance": NUMBER, "rising": FLAG}),
    "HotThemes": items_of("HotTheme"),
    "AdviceAsked": shape({"text": TEXT}, dict.fromkeys(("class_code", "region", "source"), TEXT)),
    "Advice": ANYTHING,
    "Appeal": shape({**dict.fromkeys(("person", "made"), ANYTHING), "order": ANYTHING, "contradicts": TEXT, "advice": ref("Advice")}),
    "Appellant": shape({"person": ANYTHING}),
}
