"""RSS of computer-aided dispatch: where units are and what they do, and the calls that are open."""
