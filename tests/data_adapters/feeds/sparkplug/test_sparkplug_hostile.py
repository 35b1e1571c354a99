"""Nothing that a network can deliver makes the feed raise, and a memory can always be committed and taken up again."""

import copy
import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_adapters.feeds.sparkplug.schema import DataType
from domain.messages import RawMessage
from tests.data_adapters.feeds.sparkplug.edge_node import NOW, Listener, birth, feed, payload, reasons

FEED = feed()
topics = st.one_of(
    st.sampled_from(
        [f"spBv1.0/g/{kind}/n" for kind in ("NBIRTH", "NDATA", "NDEATH", "NCMD")]
        + [f"spBv1.0/g/{kind}/n/d" for kind in ("DBIRTH", "DDATA", "DDEATH", "DCMD")]
        + ["spBv1.0/STATE/h"]
    ),
    st.text(max_size=30),
)
uint64 = st.integers(0, 2**64 - 1)
metrics = st.fixed_dictionaries(
    {},
    optional={
        "name": st.one_of(st.binary(max_size=6), st.sampled_from([b"x", b"bdSeq", b"Node Control/Rebirth", b"temperature"])),
        "alias": st.one_of(st.integers(0, 3), uint64),
        "timestamp": st.one_of(st.just(NOW), uint64),
        "datatype": st.one_of(st.sampled_from(sorted(DataType)), st.integers(0, 2**32 - 1)),
        "is_historical": st.booleans(),
        "is_transient": st.booleans(),
        "is_null": st.booleans(),
        "int_value": st.integers(0, 2**32 - 1),
        "long_value": uint64,
        "float_value": st.floats(width=32),
        "double_value": st.floats(),
        "boolean_value": st.booleans(),
        "string_value": st.binary(max_size=6),
        "dataset_value": st.binary(max_size=6),
    },
)
payloads = st.one_of(
    st.binary(max_size=80),
    st.builds(
        payload, st.lists(metrics, max_size=4), st.one_of(st.none(), st.integers(0, 5), uint64), st.one_of(st.none(), st.just(NOW), uint64)
    ),
)
messages = st.builds(RawMessage, topics, payloads, st.one_of(st.just(NOW), st.integers(0, 2**42)), st.just(False), st.booleans())


@settings(deadline=None)
@given(st.lists(messages, max_size=8))
def test_no_run_of_messages_makes_it_raise_and_every_memory_can_be_committed(run):
    memory = {}
    for message in run:
        before = copy.deepcopy(memory)
        outputs, after = FEED.parse(message, memory)
        assert memory == before, "the memory that was given stays as it is: the batch may have to be tried again"
        kept = orjson.dumps(after).decode()
        assert "\\u0000" not in kept and json.loads(kept) == after
        assert FEED.parse(message, json.loads(json.dumps(before))) == (outputs, after) or "nan" in repr(outputs)
        memory = json.loads(kept)


def test_a_connection_number_that_is_none_leaves_a_memory_that_can_be_committed():
    node = Listener()
    node.hear("NBIRTH", birth(bd=2**64 - 1))
    assert node.memory["bd"] is None and json.loads(orjson.dumps(node.memory)) == node.memory


@pytest.mark.parametrize("topic", ["spBv1.0/g/NDATA/+", "spBv1.0/#/NDATA/n", "spBv1.0/g/DDATA/n+/d"])
def test_a_topic_that_nobody_can_publish_on_is_refused_and_never_answered(topic):
    """Over HTTP the sender says the topic."""
    outputs, _ = FEED.parse(RawMessage(topic, payload(), NOW), {})
    assert reasons(outputs) == ["bad_topic"] and len(outputs) == 1
