"""A city pack: the folder that tells CityDeck about a city (docs/city-pack.md).

`read_pack` reads and checks a folder and touches nothing else; `load_pack` puts a checked pack into the register in one
transaction; `load` does both.
"""

from data_adapters.city_pack.contents import CityFacts, Outline, Pack, PackDevice, PackError, Problem
from data_adapters.city_pack.load import Loaded, load, load_pack
from data_adapters.city_pack.read import read_pack
from services.register_ports import Place

__all__ = ["CityFacts", "Loaded", "Outline", "Pack", "PackDevice", "PackError", "Place", "Problem", "load", "load_pack", "read_pack"]
