"""Be the world of a drill: from a scenario to the records that agents would send, and when the centre hears them."""
