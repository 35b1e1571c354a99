"""Which maintenance silence an alarm is under, in SQL."""

IN_FORCE = "s.starts <= {now} AND s.ends > {now} AND (s.ended_at IS NULL OR s.ended_at > {now})"


def covering(alarm: str, now: str) -> str:
    """A subquery: the id of the silence in force at `now` that covers the row `alarm` (device_id, rule_id, region, department); of
    several the one that ends last, NULL for none."""
    return f"""(SELECT s.silence_id FROM alarm_silences s WHERE {IN_FORCE.format(now=now)}
        AND s.device_id IN ('', {alarm}.device_id) AND s.rule_id IN ('', {alarm}.rule_id)
        AND (s.departments = '{{}}' OR {alarm}.department = ANY (s.departments))
        AND (s.kind = '' OR s.kind = (SELECT d.kind FROM devices d WHERE d.device_id = {alarm}.device_id AND d.valid_to IS NULL))
        AND (s.region = '' OR s.region IN (WITH RECURSIVE up (code, parent) AS (
            SELECT r.code, r.parent FROM regions r WHERE r.code = {alarm}.region AND r.valid_to IS NULL
            UNION SELECT r.code, r.parent FROM regions r JOIN up ON r.code = up.parent WHERE r.valid_to IS NULL) SELECT code FROM up))
        ORDER BY s.ends DESC, s.silence_id LIMIT 1)"""
