"""Parquet files (pyarrow). What they hold unpacked is known from their own footer, and checked again while reading batch by batch."""

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from domain.imports import Sheet, UnfitFile

MOST_UNPACKED = 100 * 1024 * 1024
MOST_COLUMNS = 500
MOST_ROWS = 200_000


def read_parquet(content: bytes, _sheet: str = "") -> Sheet:
    """Its columns by name. Raises UnfitFile."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        metadata = file.metadata
        if metadata.num_rows > MOST_ROWS:
            raise UnfitFile("too_many_rows", str(MOST_ROWS))
        if metadata.num_columns > MOST_COLUMNS:
            raise UnfitFile("too_many_columns", str(MOST_COLUMNS))
        if sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups)) > MOST_UNPACKED:
            raise UnfitFile("bomb")
        return Sheet(list(file.schema_arrow.names), iter(list(_rows(file))), "Parquet")
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, UnfitFile):
            raise
        raise UnfitFile("not_a_table", type(error).__name__) from None


def _rows(file: Any) -> Iterator[tuple[int, list[Any]]]:
    number, unpacked = 1, 0
    for batch in file.iter_batches(batch_size=5_000):
        unpacked += batch.nbytes
        if unpacked > MOST_UNPACKED:
            raise UnfitFile("bomb")
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            number += 1
            yield number, list(row)
