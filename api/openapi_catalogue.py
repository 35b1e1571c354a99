"""The part of the API's description that is about the resource catalogue, topic libraries and manual import."""

from api.openapi_parts import AT, DEED, LIMIT, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, TEXT, TEXTS, Schema, items_of, ref, shape
from domain.catalogue import LAYERS, SHARES, TYPES

WHOLE: Schema = {"type": "integer"}
WHOLE_OR_NULL: Schema = {"type": ["integer", "null"]}
YES: Schema = {"type": "boolean"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
FACTS: Schema = {"type": ["object", "null"], "additionalProperties": True}
SEARCH = (
    ("q", "Words that must all be in the entry: Chinese, pinyin from a syllable on, or its initials."),
    ("library", "Of this library."),
    ("provider", "Of this department."),
    ("share", "Of this share type."),
    LIMIT,
    AT,
)
FILE = (("library", "The library's code."), ("table", "The table's name."), ("file_name", "What the file is called."))
CATALOGUE_OPERATIONS = (
    Operation("get", "/api/v1/catalogue", "The resource catalogue, the best first.", {200: "ResourceEntries"}, SEARCH, problems=READ),
    Operation("get", "/api/v1/catalogue/{code}", "One entry with its fields.", {200: "ResourceFull"}, (AT,), problems=(*READ, 404)),
    Operation("get", "/api/v1/libraries", "How the libraries stand.", {200: "TopicLibraries"}, problems=READ),
    Operation("get", "/api/v1/reconciliations", "The newest comparison of each resource.", {200: "Reconciliations"}, problems=READ),
    Operation(
        "get", "/api/v1/reconciliations/{resource}/differences", "Records that differ.", {200: "Differences"}, problems=(*READ, 404)
    ),
    Operation("get", "/api/v1/imports", "Files that were brought.", {200: "Imports"}, problems=READ),
    Operation("post", "/api/v1/imports", "Bring a file: its preview.", {201: "ImportFull"}, FILE, problems=(400, *DEED, 404, 422)),
    Operation("get", "/api/v1/imports/{import_id}", "An import with its first rows.", {200: "ImportFull"}, problems=(*READ, 404)),
    Operation(
        "post", "/api/v1/imports/{import_id}/{deed}", "confirm, drop, undo.", {200: "Import"}, body="ImportDeed",
        problems=(400, *DEED, 404, 409, 422),
    ),
)  # fmt: skip
ENTRY: dict[str, Schema] = {
    **dict.fromkeys(
        ("code", "library", "table", "title", "summary", "provider", "provider_code", "category", "carrier", "record_form", "storage",
         "format", "share_condition", "share_way", "cycle", "version", "published_on"), TEXT),
    "share": {"enum": list(SHARES)}, "open": YES, "related": TEXTS, "landed": YES,
    **dict.fromkeys(("inspected_at", "newest_at", "landed_at"), MOMENT_OR_NULL), "landed_rows": WHOLE_OR_NULL, "late_ms": WHOLE_OR_NULL,
}  # fmt: skip
IMPORT: dict[str, Schema] = {
    **dict.fromkeys(("import_id", "library", "table", "file_name", "digest", "imported_by", "encoding"), TEXT),
    "state": {"enum": ["preview", "kept", "undone", "dropped"]}, "at": MOMENT, "rows": WHOLE, "error_count": WHOLE,
    "errors": {"type": "array", "items": ref("ImportError")},
    "confirmed_at": MOMENT_OR_NULL, "undone_at": MOMENT_OR_NULL, "undone_by": {"type": ["string", "null"]},
}  # fmt: skip
LIBRARY: dict[str, Schema] = {
    **dict.fromkeys(("code", "name", "name_en", "kind", "provider", "provider_code", "error"), TEXT),
    "layer": {"enum": list(LAYERS)}, "every_s": {"type": "number"}, "last_ok_at": MOMENT_OR_NULL, "failing_since": MOMENT_OR_NULL,
    "resources": WHOLE, "fields": WHOLE, "late": TEXTS, "runs": {"type": "array", "items": ref("TopicRun")},
}  # fmt: skip
CATALOGUE_SCHEMAS: dict[str, Schema] = {
    "ResourceEntry": shape(ENTRY),
    "ResourceEntries": items_of("ResourceEntry", total=WHOLE),
    "ResourceField": shape({"name": TEXT, "title": TEXT, "type": {"enum": list(TYPES)}, "key": YES, "declared": YES}),
    "ResourceFull": shape({**ENTRY, "fields": {"type": "array", "items": ref("ResourceField")}}),
    "TopicRun": shape({"library": TEXT, "what": TEXT, "started_at": MOMENT, "took_ms": WHOLE, "rows": WHOLE, "error": TEXT}),
    "TopicLibrary": shape(LIBRARY),
    "TopicLibraries": items_of("TopicLibrary"),
    "Reconciliation": shape(
        {
            "resource": TEXT, "at": MOMENT, "source_rows": WHOLE_OR_NULL, "landed_rows": WHOLE_OR_NULL, "sums": ANYTHING,
            "differences": WHOLE, "error": TEXT, "agrees": YES,
        }
    ),
    "Reconciliations": items_of("Reconciliation"),
    "Difference": shape({"record_key": TEXT, "kind": {"enum": ["missing", "extra", "changed"]}, "source": FACTS, "landed": FACTS}),
    "Differences": items_of("Difference"),
    "ImportError": shape({"row": WHOLE, "column": TEXT, "value": TEXT, "reason": TEXT}),
    "Import": shape(IMPORT),
    "Imports": items_of("Import"),
    "ImportFull": shape({**IMPORT, "first": {"type": "array", "items": shape({"row": WHOLE, "values": ANYTHING})}}),
    "ImportDeed": shape({}, {"skip_errors": YES}),
}  # fmt: skip
