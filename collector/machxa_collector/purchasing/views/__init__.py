"""Lay plans out for pages: plain values that a page words and draws. Pure."""
