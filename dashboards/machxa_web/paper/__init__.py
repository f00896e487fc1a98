"""Show when units worked on paper and what is to be typed in, and take declarations and ledgers."""
