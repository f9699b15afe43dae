"""Measurements that anybody can repeat: `python -m bench.pages --help`, `python -m bench.kills --help`."""
