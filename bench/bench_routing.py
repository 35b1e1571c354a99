"""Which library finds shortest ways fastest: one incident to all of 50,000 crossings, on the same graph.

    python bench/bench_routing.py [--quick] [--side 224]

A town of side x side crossings, a fifth of its streets one-way. Each library is asked for the seconds from every crossing to the same
30 incidents (one-to-many over the reversed graph), its answer as an array. Those that aren't installed are left out, and said so:
only scipy is part of the product (docs/adr/), the others are measured in a virtual environment of their own. pandana answers pairs,
so it is asked for 1,000 units; the time in which it builds its hierarchy is told too, for speeds change by the hour.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

INCIDENTS, UNITS = 30, 1_000
Ask = Callable[[int], Any]


class Town:
    """Sections start -> end with seconds; no two between the same crossings."""

    def __init__(self, side: int) -> None:
        dice = np.random.default_rng(1)
        cells = np.arange(side * side).reshape(side, side)
        pairs = np.r_[np.c_[cells[:, :-1].ravel(), cells[:, 1:].ravel()], np.c_[cells[:-1].ravel(), cells[1:].ravel()]]
        seconds, both = dice.uniform(5, 40, len(pairs)), dice.random(len(pairs)) >= 0.2
        self.size, self.side = side * side, side
        self.start, self.end = np.r_[pairs[:, 0], pairs[both, 1]], np.r_[pairs[:, 1], pairs[both, 0]]
        self.seconds = np.r_[seconds, seconds[both]]
        self.incidents = dice.integers(0, self.size, INCIDENTS)
        self.units = dice.integers(0, self.size, UNITS)


def scipy_way(town: Town) -> Ask:
    """scipy.sparse.csgraph.dijkstra."""
    graph = csr_matrix((town.seconds, (town.end, town.start)), shape=(town.size, town.size))
    return lambda incident: dijkstra(graph, directed=True, indices=incident)[town.units]


def igraph_way(town: Town) -> Ask:
    """python-igraph."""
    import igraph

    graph = igraph.Graph(n=town.size, edges=np.c_[town.end, town.start], directed=True)
    graph.es["seconds"] = town.seconds
    return lambda incident: np.array(graph.distances([incident], None, weights="seconds")[0])[town.units]


def rustworkx_way(town: Town) -> Ask:
    """rustworkx."""
    import rustworkx

    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(town.size))
    graph.add_edges_from(list(zip(town.end.tolist(), town.start.tolist(), town.seconds.tolist(), strict=True)))

    def ask(incident: int) -> Any:
        found = rustworkx.dijkstra_shortest_path_lengths(graph, incident, float)
        return np.array([found[unit] if unit != incident else 0.0 for unit in town.units.tolist()])

    return ask


def networkx_way(town: Town) -> Ask:
    """networkx."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_weighted_edges_from(zip(town.end.tolist(), town.start.tolist(), town.seconds.tolist(), strict=True))

    def ask(incident: int) -> Any:
        found = networkx.single_source_dijkstra_path_length(graph, incident)
        return np.array([found[unit] for unit in town.units.tolist()])

    return ask


def pandana_way(town: Town) -> Ask:
    """pandana's contraction hierarchies."""
    import pandana
    import pandas as pd

    x, y = (pd.Series(part.astype(float)) for part in (np.arange(town.size) % town.side, np.arange(town.size) // town.side))
    weights = pd.DataFrame({"seconds": town.seconds})
    network = pandana.Network(x, y, pd.Series(town.start), pd.Series(town.end), weights, twoway=False)
    return lambda incident: np.array(network.shortest_path_lengths(town.units, np.full(len(town.units), incident)))


WAYS: dict[str, Callable[[Town], Ask]] = {
    "scipy": scipy_way,
    "igraph": igraph_way,
    "rustworkx": rustworkx_way,
    "networkx": networkx_way,
    "pandana": pandana_way,
}


def measured(way: Callable[[Town], Ask], town: Town, expected: Any) -> dict[str, Any]:
    """Build and question times in ms, and whether the answers equal scipy's (pandana rounds each section: to a thousandth)."""
    started = time.perf_counter()
    ask = way(town)
    built, times, same = (time.perf_counter() - started) * 1000, [], True
    for number, incident in enumerate(town.incidents.tolist()):
        started = time.perf_counter()
        found = ask(incident)
        times.append((time.perf_counter() - started) * 1000)
        same = same and bool(np.allclose(found, expected[number], rtol=1e-3, atol=0.01))
    median, p95 = np.quantile(times, [0.5, 0.95])
    return {"build_ms": round(built), "median_ms": round(float(median), 1), "p95_ms": round(float(p95), 1), "same_answers": same}


def main() -> None:
    """Measure all that are installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", type=int, default=224)
    chosen = parser.parse_args()
    town = Town(40 if chosen.quick else chosen.side)
    scipy = scipy_way(town)
    expected, found = [scipy(incident) for incident in town.incidents.tolist()], {}
    for name, way in WAYS.items():
        try:
            found[name] = measured(way, town, expected)
        except ImportError:
            found[name] = "not installed"
    print(json.dumps({"bench": "routing", "nodes": town.size, "sections": len(town.start), "load": round(os.getloadavg()[0], 1), **found}))


if __name__ == "__main__":
    main()
