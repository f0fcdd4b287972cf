"""Providers as they behave, on this machine: for demonstrations and tests. They keep everything in memory."""
