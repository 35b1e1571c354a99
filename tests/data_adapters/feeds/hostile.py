"""What a network can deliver, for the property tests of all feeds; and what every feed owes whatever comes."""

import json

from hypothesis import strategies as st

from domain.events import checked
from domain.messages import Event, Presence, RawMessage, Reading, Rejected

NOW = 1_795_305_600_000
YEARS_20 = 7306 * 86_400_000
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["\x00", "\ud800"]),
)


def documents(*keys: str) -> st.SearchStrategy:
    """Nested values whose objects often have these keys."""
    names = st.one_of(st.sampled_from(keys), st.text(max_size=8))
    return st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6), max_leaves=25)


def payloads(*keys: str) -> st.SearchStrategy[bytes]:
    """Bytes of any kind, most of them JSON objects with these keys."""
    objects = st.dictionaries(st.sampled_from(keys), documents(*keys), max_size=len(keys))
    return st.one_of(
        st.binary(max_size=120), *(one.map(lambda found: json.dumps(found).encode()) for one in (objects, objects, documents(*keys)))
    )


def messages(topics: st.SearchStrategy[str], content: st.SearchStrategy[bytes]) -> st.SearchStrategy[RawMessage]:
    """With any flags and times of receipt."""
    return st.builds(RawMessage, topics, content, st.integers(0, 2**42), st.booleans(), st.booleans())


def heard(feed, message: RawMessage, memory=None):
    """Parses, and holds the feed to what is owed: no exception, sound values, a memory that is JSON and not changed in place."""
    before = {} if memory is None else memory
    kept = json.dumps(before)
    outputs, after = feed.parse(message, before)
    assert json.dumps(before) == kept and json.loads(json.dumps(after)) == after
    assert feed.partition_key(message.topic) == feed.partition_key(message.topic)
    for one in outputs:
        assert not isinstance(one, Rejected) or (one.reason.isidentifier() and one.detail)
        if isinstance(one, Reading):
            assert (one.value is None) != (one.text_value is None)
            assert one.value is None or abs(one.value) < float("inf")
            assert abs(one.at - message.received_at) <= YEARS_20
        assert not isinstance(one, Event) or checked(one) == one
        if isinstance(one, Reading | Presence):
            assert 0 < len(one.device_id) <= 128 and one.device_id.isprintable()
            one.device_id.encode()
        if isinstance(one, Reading) and one.text_value is not None:
            assert "\x00" not in one.text_value
            one.text_value.encode()
    return outputs, after
