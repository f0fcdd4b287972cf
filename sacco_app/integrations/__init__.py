"""Adapters of providers for the ports of the rooms, and local simulators of those providers. Bound in `app.py`."""
