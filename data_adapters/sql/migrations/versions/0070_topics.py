"""Topic libraries: what they have (the resource catalogue), what was fetched of them, and how that compares with the source."""

from alembic import op

revision = "0070"
down_revision = "0069"

CATALOGUE = """
CREATE TABLE topic_libraries (
    code text PRIMARY KEY, name text NOT NULL, name_en text NOT NULL, kind text NOT NULL, layer text NOT NULL,
    provider text NOT NULL, provider_code text NOT NULL, every_s double precision NOT NULL, present boolean NOT NULL DEFAULT true,
    last_ok_at timestamptz, failing_since timestamptz, error text NOT NULL DEFAULT '');
CREATE TABLE data_resources (
    code text PRIMARY KEY, library text NOT NULL REFERENCES topic_libraries, source_table text NOT NULL, title text NOT NULL,
    summary text NOT NULL, provider text NOT NULL, provider_code text NOT NULL, category text NOT NULL, carrier text NOT NULL,
    record_form text NOT NULL, storage text NOT NULL, format text NOT NULL, share text NOT NULL, share_condition text NOT NULL,
    share_way text NOT NULL, open boolean NOT NULL, cycle text NOT NULL, version text NOT NULL, published_on text NOT NULL,
    related text[] NOT NULL, landed boolean NOT NULL, pinyin text NOT NULL, initials text NOT NULL,
    inspected_at timestamptz, newest_at timestamptz, landed_at timestamptz,
    landed_since timestamptz, landed_until timestamptz, landed_rows bigint, gone_at timestamptz);
CREATE TABLE resource_fields (
    resource text NOT NULL REFERENCES data_resources ON DELETE CASCADE, position integer NOT NULL, name text NOT NULL, title text NOT NULL,
    type text NOT NULL, is_key boolean NOT NULL, declared boolean NOT NULL, pinyin text NOT NULL, initials text NOT NULL,
    PRIMARY KEY (resource, name));
COMMENT ON TABLE data_resources IS 'the resource catalogue; the table resources has what is sent to incidents';
COMMENT ON COLUMN data_resources.newest_at IS 'the newest time that a row of it had, or else when it was fetched last';
"""
LAYERS = """
CREATE TABLE topic_runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, library text NOT NULL, what text NOT NULL, started_at timestamptz NOT NULL,
    took_ms integer NOT NULL, rows bigint NOT NULL, error text NOT NULL DEFAULT '');
CREATE INDEX topic_runs_library ON topic_runs (library, started_at DESC);
CREATE INDEX topic_runs_started ON topic_runs (started_at);
CREATE SCHEMA landing;
CREATE SCHEMA central;
CREATE SCHEMA topic;
CREATE TABLE landing.records (
    resource text NOT NULL, record_key text NOT NULL, at timestamptz, facts jsonb NOT NULL, run_id bigint NOT NULL,
    PRIMARY KEY (resource, record_key));
CREATE TABLE central.records (
    resource text NOT NULL, record_key text NOT NULL, at timestamptz, facts jsonb NOT NULL, first_run bigint NOT NULL,
    changed_run bigint NOT NULL, gone_run bigint, PRIMARY KEY (resource, record_key));
CREATE TABLE topic.figures (
    figure text NOT NULL, member text NOT NULL, at timestamptz NOT NULL, value double precision NOT NULL, library text NOT NULL,
    query text NOT NULL, run_id bigint NOT NULL, PRIMARY KEY (figure, member, at));
COMMENT ON TABLE landing.records IS 'as the source gave it in the last run, for the span that is fetched';
COMMENT ON TABLE central.records IS 'one record a key, as last landed; gone_run: the run in which its source had it no more';
COMMENT ON TABLE topic.figures IS 'what configured queries claim as figures, each from its one source';
CREATE FUNCTION only_jobs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('citydeck.layer_writer', true) IS DISTINCT FROM 'jobs' THEN
        RAISE EXCEPTION 'only jobs write into %.%', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER only_jobs BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON landing.records EXECUTE FUNCTION only_jobs();
CREATE TRIGGER only_jobs BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON central.records EXECUTE FUNCTION only_jobs();
CREATE TRIGGER only_jobs BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON topic.figures EXECUTE FUNCTION only_jobs();
CREATE TABLE reconciliations (
    reconciliation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, resource text NOT NULL, at timestamptz NOT NULL,
    source_rows bigint, landed_rows bigint, sums jsonb NOT NULL DEFAULT '{}', differences integer NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '');
CREATE INDEX reconciliations_resource ON reconciliations (resource, at DESC);
CREATE TABLE reconciliation_differences (
    reconciliation_id bigint NOT NULL REFERENCES reconciliations ON DELETE CASCADE, record_key text NOT NULL, kind text NOT NULL,
    source jsonb, landed jsonb, PRIMARY KEY (reconciliation_id, record_key));
"""
IMPORTS = """
CREATE TABLE topic_imports (
    import_id uuid PRIMARY KEY, library text NOT NULL, table_name text NOT NULL, file_name text NOT NULL, digest text NOT NULL,
    state text NOT NULL, imported_by text NOT NULL, at timestamptz NOT NULL, confirmed_at timestamptz, undone_at timestamptz,
    undone_by text, rows integer NOT NULL, errors jsonb NOT NULL, error_count integer NOT NULL, encoding text NOT NULL);
CREATE INDEX topic_imports_table ON topic_imports (library, table_name, at DESC);
CREATE TABLE topic_import_rows (
    import_id uuid NOT NULL REFERENCES topic_imports ON DELETE CASCADE, row_number integer NOT NULL, record_key text NOT NULL,
    facts jsonb NOT NULL, PRIMARY KEY (import_id, row_number));
"""


def upgrade() -> None:
    for part in (CATALOGUE, LAYERS, IMPORTS):
        op.execute(part)


def downgrade() -> None:
    op.execute("DROP TABLE topic_import_rows, topic_imports, reconciliation_differences, reconciliations, topic_runs")
    op.execute("DROP SCHEMA landing CASCADE; DROP SCHEMA central CASCADE; DROP SCHEMA topic CASCADE; DROP FUNCTION only_jobs()")
    op.execute("DROP TABLE resource_fields, data_resources, topic_libraries")
