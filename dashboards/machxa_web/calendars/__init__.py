"""The week of a unit or a province: sessions, days off, extra sessions, and what is not sure about them."""
