"""What each page asks of the store and does in it, on behalf of a person: the pages' protocols, answered."""
