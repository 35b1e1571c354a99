"""The demo's topic libraries (演示数据): schemas of the city's database, as config/demo/libraries.yaml says, growing by hour and day."""

from data_adapters.demo.libraries.fill import Filling, make_tables
from data_adapters.demo.libraries.tables import Library, read_libraries

__all__ = ["Filling", "Library", "make_tables", "read_libraries"]
