"""Measure the store with a made-up history: ``machxa bench store`` and ``machxa bench query``."""
