"""What the live picture takes of a batch, of what was stored before too."""

from domain.messages import Position, Quality, Reading
from services.accounting import for_the_picture
from services.ports import Batch, Stored

NOW = 1_795_305_600_000


def reading(at: int, source_at: str | None = None) -> Reading:
    return Reading("d1", "pm25", at, 38.0, None, Quality.SUSPECT, at, source_at, True)


def place(at: int, source_at: str | None = None) -> Position:
    return Position("bus", at, 113.1, 23.0, None, None, at, source_at, True)


def test_rows_already_stored_refresh_the_picture() -> None:
    batch = Batch(0, NOW, positions=[place(NOW), place(NOW + 1)])
    readings, positions = for_the_picture(batch, Stored([reading(NOW)], [reading(NOW + 1)], [], batch.positions[:1]))
    assert ([r.at for r in readings], [p.at for p in positions]) == ([NOW, NOW + 1], [NOW, NOW + 1])


def test_a_second_delivery_of_a_dead_clock_does_not_move_anything_on_the_picture() -> None:
    batch = Batch(0, NOW, positions=[place(NOW, "0"), place(NOW + 1, "5")])
    readings, positions = for_the_picture(batch, Stored([reading(NOW, "5")], [reading(NOW + 1, "0")], [], batch.positions[:1]))
    assert ([r.at for r in readings], [p.at for p in positions]) == ([NOW], [NOW + 1])
