"""The back office of a savings-and-credit cooperative. Rooms and their direction: docs/developer.md."""
