"""The other systems that speak to the demo city, one file each: every one says in its own protocol what happens at its devices.

To add one: its feed in config/demo/feeds.yaml, its devices under `platforms` in config/demo/dongguan.yaml, its file here, its line in
data_adapters/demo/platforms/registry.py.
"""
