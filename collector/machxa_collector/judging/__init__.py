"""Let the judgement follow what the intake commits: a thin shell around incidents/ and watch/, in one thread."""
