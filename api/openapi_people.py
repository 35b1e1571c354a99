"""The part of the API's description that is about people: signing in, accounts, sessions, tokens, the audit log."""

from api.openapi_parts import DEED, LIMIT, READ, Operation
from api.openapi_schemas import MOMENT, MOMENT_OR_NULL, TEXT, TEXTS, Schema, items_of, shape
from domain.access import ROLES, TOKEN_SCOPES

BODY = (400, *DEED, 422)
SEARCH = (
    ("since", "From this moment on."),
    ("until", "Up to this moment."),
    ("actor", "Part of a username."),
    ("action", "An action."),
    ("object", "Part of what it was done to."),
    ("outcome", "ok, failed or refused."),
    ("address", "Part of a network address."),
    ("text", "Anywhere in an entry."),
)

PEOPLE = (
    Operation("post", "/api/v1/session", "Sign in.", {204: None}, body="Credentials", problems=(400, 413, 415, 422, 429), open=True),
    Operation("get", "/api/v1/session", "Who am I.", {200: "Me"}),
    Operation("delete", "/api/v1/session", "Sign out.", {204: None}, problems=(403,)),
    Operation(
        "put",
        "/api/v1/session/password",
        "Change the own password; all other sessions end.",
        {204: None},
        body="NewPassword",
        problems=(*BODY, 429),
    ),
    Operation("get", "/api/v1/sessions", "The own browsers that are signed in.", {200: "OwnSessions"}, problems=(403,)),
    Operation("delete", "/api/v1/sessions", "Sign out everywhere.", {204: None}, problems=(403,)),
    Operation("delete", "/api/v1/sessions/{session_id}", "Sign one own browser out.", {204: None}, problems=(403, 404)),
    Operation("get", "/api/v1/tokens", "The own API tokens, without their secrets.", {200: "Tokens"}, problems=(403,)),
    Operation("post", "/api/v1/tokens", "Make an API token.", {201: "NewToken"}, body="TokenRequest", problems=BODY),
    Operation("delete", "/api/v1/tokens/{token_id}", "Revoke one.", {204: None}, problems=(403, 404)),
    Operation("get", "/api/v1/users", "Accounts that an administrator looks after.", {200: "Users"}, problems=(403,)),
    Operation("post", "/api/v1/users", "Make an account without rights.", {201: "InitialPassword"}, body="NewUser", problems=BODY),
    Operation("get", "/api/v1/users/{username}", "One account.", {200: "User"}, problems=(403, 404)),
    Operation(
        "post",
        "/api/v1/users/{username}/password",
        "Set an initial password: sessions and tokens end, rights rest until they are given again.",
        {200: "InitialPassword"},
        body="Reset",
        problems=(*BODY, 404),
    ),
    Operation(
        "put",
        "/api/v1/users/{username}/scope",
        "Give roles and scope, in place of those held.",
        {204: None},
        body="UserScope",
        problems=(*BODY, 404),
    ),
    Operation("put", "/api/v1/users/{username}/active", "Lock or let in.", {204: None}, body="Active", problems=(*BODY, 404)),
    Operation("post", "/api/v1/users/{username}/unlock", "Lift the wait after failures.", {204: None}, problems=(403, 404)),
    Operation("get", "/api/v1/users/{username}/sessions", "Somebody's sessions and tokens.", {200: "Sessions"}, problems=(403, 404)),
    Operation("delete", "/api/v1/users/{username}/sessions", "End them all.", {204: None}, problems=(403, 404)),
    Operation("delete", "/api/v1/users/{username}/sessions/{session_id}", "End one.", {204: None}, problems=(403, 404)),
    Operation(
        "get",
        "/api/v1/audit",
        "Search the audit log; the search itself is written down.",
        {200: "AuditLog"},
        (*SEARCH, ("offset", "Leave out so many."), LIMIT),
        problems=READ,
    ),
    Operation("get", "/api/v1/audit.csv", "The same as CSV, at most 50,000 entries.", {200: None}, SEARCH, problems=READ),
)

ROLE_LIST: Schema = {"type": "array", "items": {"enum": list(ROLES)}}
SECRET: Schema = {"type": "string", "format": "password"}
RIGHTS: dict[str, Schema] = {"roles": ROLE_LIST, "regions": TEXTS, "departments": TEXTS}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer"}
TIMES: dict[str, Schema] = {"created_at": MOMENT, "last_seen_at": MOMENT, "expires_at": MOMENT_OR_NULL}
TOKEN: dict[str, Schema] = {"token_id": TEXT, "label": TEXT, "scope": {"enum": list(TOKEN_SCOPES)}, **TIMES}
SESSION: dict[str, Schema] = {**TOKEN, "kind": {"enum": ["web", "token"]}, "address": TEXT, "agent": TEXT}
USER: dict[str, Schema] = {
    "username": TEXT,
    "name": TEXT,
    "active": FLAG,
    "initial_password": FLAG,
    "password_set_at": MOMENT,
    **RIGHTS,
    "suspended": {**FLAG, "description": "The password was reset: these rights rest until they are given again."},
    "created_at": MOMENT,
    "last_seen_at": MOMENT_OR_NULL,
    "waits_until": {**MOMENT_OR_NULL, "description": "While sign-ins are slowed down after failures."},
    "sessions": COUNT,
    "tokens": COUNT,
}
ENTRY: dict[str, Schema] = {
    "at": MOMENT,
    **{name: TEXT for name in ("actor", "action", "object", "outcome", "address")},
    "detail": {"type": "object"},
}

PEOPLE_SCHEMAS: dict[str, Schema] = {
    "Credentials": shape({"username": TEXT, "password": SECRET}),
    "NewPassword": shape({"old": TEXT, "new": {"type": "string", "minLength": 8, "maxLength": 256}}),
    "Me": shape({"username": TEXT, "name": TEXT, **RIGHTS, "must_change_password": FLAG}),
    "TokenRequest": shape(
        {"label": {"type": "string", "minLength": 1, "maxLength": 64}},
        {"days": {"type": "integer", "minimum": 1, "default": 90}, "scope": {"enum": list(TOKEN_SCOPES), "default": "all"}},
    ),
    "Token": shape(TOKEN),
    "NewToken": shape({**TOKEN, "token": {"type": "string", "description": "Shown this once."}}),
    "Tokens": items_of("Token"),
    "Session": shape(SESSION),
    "Sessions": items_of("Session"),
    "OwnSession": shape({**SESSION, "current": {**FLAG, "description": "The session that asks."}}),
    "OwnSessions": items_of("OwnSession"),
    "User": shape(USER),
    "Users": items_of("User"),
    "NewUser": shape({"username": TEXT, "name": TEXT}, {"password": {"description": "Left out: one is made up.", **SECRET}}),
    "Reset": shape({}, {"password": {"description": "Left out: one is made up.", **SECRET}}),
    "InitialPassword": shape({"username": TEXT, "password": {**SECRET, "description": "Shown this once."}}),
    "UserScope": shape(RIGHTS),
    "Active": shape({"active": FLAG}),
    "AuditEntry": shape(ENTRY),
    "AuditLog": items_of("AuditEntry", total=COUNT),
}
