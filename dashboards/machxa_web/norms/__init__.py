"""The page of norms: the dated rows of who may have how many at which price, and a province's own."""
