"""Turn payloads into committed, acknowledged records: payload -> record -> committed -> acknowledged."""
