"""Show incidents: what is wrong, why we say so, who has it in hand."""
