"""Tell what an agent's records make of each asset: stored transitions that hold the moment something became true."""
