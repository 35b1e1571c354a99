from typing import Any

POLL_FIELDS: dict[str, Any] = {}
