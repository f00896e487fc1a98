"""Poll the devices of a commune in turn, spread over the interval, so that neither line nor gateway sees a burst."""
