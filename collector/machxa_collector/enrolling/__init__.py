"""Let computers in from the command line: tokens, requests, revocations, kits and servers' certificates."""
