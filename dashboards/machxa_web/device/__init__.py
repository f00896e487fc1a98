"""Show a device beside its readings: which one it is, how it did, what it needs; and the charts of no computers."""
