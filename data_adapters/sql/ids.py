"""Ids as people and programs hand them in: what is no UUID names nothing, and is no fault of the database."""

from uuid import UUID


def is_uuid(value: str) -> bool:
    """Whether PostgreSQL takes it for a UUID in its usual form."""
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False
