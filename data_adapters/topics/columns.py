"""What SQLAlchemy's inspector says of a table, in the catalogue's own words."""

from typing import Any

from sqlalchemy import Inspector, types
from sqlalchemy.dialects import mysql

from services.topic_ports import ColumnSeen, TableSeen

WORDS: tuple[tuple[type[types.TypeEngine[Any]], str], ...] = (
    (types.Boolean, "truth"),
    (types.Integer, "whole"),
    (types.Numeric, "number"),
    (types.DateTime, "moment"),
    (types.Date, "day"),
    (types.String, "text"),
    (types.Uuid, "text"),
)


def seen(looked: Inspector, name: str, schema: str | None) -> TableSeen:
    """One table with its columns, its comment and its primary key."""
    keys = set(looked.get_pk_constraint(name, schema).get("constrained_columns") or [])
    columns = [
        ColumnSeen(one["name"], word(one["type"]), one.get("comment") or "", one["name"] in keys)
        for one in looked.get_columns(name, schema)
    ]
    return TableSeen(name, columns, _comment(looked, name, schema))


def word(kind: types.TypeEngine[Any]) -> str:
    """The word for a column's type; MySQL writes yes-or-no as a number of one digit."""
    if isinstance(kind, mysql.TINYINT) and kind.display_width == 1:
        return "truth"
    return next((said for known, said in WORDS if isinstance(kind, known)), "other")


def _comment(looked: Inspector, name: str, schema: str | None) -> str:
    try:
        return looked.get_table_comment(name, schema).get("text") or ""
    except NotImplementedError:
        return ""
