"""Keep what is known of dossiers: where it comes from, the files taken in, the rows and counts that hold now."""

from machxa_collector.store.dossiers.reading import Dossiers, Span, SqlDossiers

__all__ = ["Dossiers", "Span", "SqlDossiers"]
