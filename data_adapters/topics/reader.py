"""The account that may only read: schemas of the city's own database that are libraries (`database: city`) are asked under it."""

import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

READER = "citydeck_reader"
MAKE = f"""DO $$ BEGIN
    CREATE ROLE {READER} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
GRANTS = (
    f"GRANT USAGE ON SCHEMA {{schema}} TO {READER}",
    f"GRANT SELECT ON ALL TABLES IN SCHEMA {{schema}} TO {READER}",
    f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT SELECT ON TABLES TO {READER}",
)


def reader_url(database_url: str) -> str:
    """The city's database as its reader: another name, and a password derived from the owner's."""
    url = make_url(database_url)
    return url.set(username=READER, password=_password(str(url.password or ""))).render_as_string(hide_password=False)


def make_reader(engine: Engine, database_url: str, schemas: Sequence[str]) -> None:
    """Make the account, if need be, and let it read these schemas; nothing else of the city. The database's owner must be allowed to.

    Raises DBAPIError.
    """
    password = _password(str(make_url(database_url).password or ""))
    with engine.begin() as tx:
        tx.execute(text(MAKE))
        tx.execute(text(f"ALTER ROLE {READER} PASSWORD '{password}'"))
        quote = engine.dialect.identifier_preparer.quote
        for schema in schemas:
            for grant in GRANTS:
                tx.execute(text(grant.format(schema=quote(schema))))


def _password(owner: str) -> str:
    return hmac.new(owner.encode(), READER.encode(), hashlib.sha256).hexdigest()
