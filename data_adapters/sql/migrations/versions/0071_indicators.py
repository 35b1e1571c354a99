"""Indicators as they were defined, their values in every version, what they were expected to be, and hours made again late."""

from alembic import op

revision = "0071"
down_revision = "0070"

TABLES = """
CREATE TABLE indicators (
    code text NOT NULL, valid_from timestamptz NOT NULL, valid_to timestamptz, definition jsonb NOT NULL, PRIMARY KEY (code, valid_from)
);
COMMENT ON TABLE indicators IS 'config/indicators.yaml as it was from valid_from to valid_to: a past moment is scored by what held then';
CREATE UNIQUE INDEX indicators_now ON indicators (code) WHERE valid_to IS NULL;
CREATE TABLE indicator_values (
    indicator text NOT NULL, region text NOT NULL, at timestamptz NOT NULL, computed_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > at), value double precision, source text NOT NULL,
    quality text NOT NULL CHECK (quality IN ('good', 'partial', 'suspect', 'none')), late boolean NOT NULL,
    rows integer NOT NULL, numerator double precision NOT NULL, denominator double precision, usual integer NOT NULL,
    normal_middle double precision, normal_spread double precision, normal_days integer, normal_basis text NOT NULL DEFAULT '',
    anomaly_since timestamptz, PRIMARY KEY (indicator, region, at, computed_at)
);
COMMENT ON TABLE indicator_values IS 'a value reckoned anew is a new row; what was known at a moment is the newest row computed by then';
COMMENT ON COLUMN indicator_values.at IS 'begin of the period';
COMMENT ON COLUMN indicator_values.late IS 'reckoned, or reckoned anew, after it was due';
COMMENT ON COLUMN indicator_values.usual IS 'how many rows such a period usually has';
CREATE INDEX indicator_values_begun ON indicator_values (indicator, at);
CREATE TABLE indicator_forecasts (
    indicator text NOT NULL, region text NOT NULL, at timestamptz NOT NULL, made_at timestamptz NOT NULL,
    value double precision NOT NULL, low double precision NOT NULL, high double precision NOT NULL,
    PRIMARY KEY (indicator, region, made_at, at)
);
COMMENT ON TABLE indicator_forecasts IS 'what was expected of a period that begins at `at`, with its band';
CREATE TABLE indicator_marks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL);
COMMENT ON TABLE indicator_marks IS 'hours that were rolled up again long after they ended; taken with the values made of them';
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE indicators, indicator_values, indicator_forecasts, indicator_marks")
