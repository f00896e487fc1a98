"""Say our own words in the language of who asks, in files that people take away."""

from machxa_collector.registry.speech.language import Language

__all__ = ["Language"]
