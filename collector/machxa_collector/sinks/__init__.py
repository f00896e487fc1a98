"""Copy what was measured onward, into stores that IT runs already; ours stays the record of truth."""
