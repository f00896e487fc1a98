"""The relay: a small public form that stores signed reports until the centre fetches them; knows nothing else."""
