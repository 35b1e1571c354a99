"""Many who miss the same rendering: one makes it."""

import threading
import time

from callbacks.turns import Turns


def together(work, many=8):
    threads = [threading.Thread(target=work, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def test_one_makes_it_and_the_others_get_it():
    turns, made, got = Turns(), {}, []

    def ask(_n):
        with turns.of("towns"):
            if "towns" not in made:
                time.sleep(0.05)
                made["towns"] = len(made) + 1
            got.append(made["towns"])

    together(ask)
    assert got == [1] * 8


def test_other_keys_do_not_wait_and_nothing_is_left_behind():
    turns, both = Turns(), threading.Barrier(2, timeout=5)

    def ask(n):
        with turns.of(str(n)):
            both.wait()

    together(ask, 2)
    assert turns._locks == {}


def test_a_maker_that_fails_leaves_the_turn_to_the_next():
    turns = Turns()
    for _ in range(2):
        try:
            with turns.of("towns"):
                raise ValueError("broken")
        except ValueError:
            pass
    assert turns._locks == {}
