"""Watch the computer it runs on and tell the centre, without losing a record and without being felt."""
