"""Maker-checker: commands that wait for a second person."""
