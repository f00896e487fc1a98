"""List and try the channels to people from the command line."""
