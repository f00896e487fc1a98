"""The page of data age: how old what we know is, how old it may be, what rests on it, and what to do."""
