"""Show work systems: how each does at all communes, hour by hour, since when and whose it is to mend."""
