"""Find the cause behind what is watched: votes, grouping, flapping, hold-down, maintenance, people's reports. Pure."""
