"""The `flask` commands. Each opens one transaction around one service call, like every front door."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the command groups to the application."""
