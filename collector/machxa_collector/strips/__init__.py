"""Show hour by hour at how many sites each work system was well, slow, or hung or failed."""
