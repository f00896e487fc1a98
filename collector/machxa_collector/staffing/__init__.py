"""Look after people and API tokens from the command line."""
