"""Answer over HTTP: each route is a translation and one call."""
