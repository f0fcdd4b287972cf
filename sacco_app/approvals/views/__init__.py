"""Pages of the approvals room: the queue, one request, the policies."""

from __future__ import annotations

from flask import Flask

from sacco_app.approvals import desk
from sacco_app.approvals import jobs as _jobs  # noqa: F401 - declares the recurring task
from sacco_app.approvals import policies as policy_kinds
from sacco_app.approvals import queries as reads
from sacco_app.approvals.views import policies, queue, requests
from sacco_app.approvals.views.blueprint import blueprint
from sacco_app.organisation.ports import register_check
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["policies", "queue", "register", "requests"]


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    desk.register()
    policy_kinds.register()
    register_check("approvals", reads.carried_over, 20)
    add_navigation(
        app,
        NavItem("Today", "Approvals", "approvals.list_requests", "checks", 1, badge=queue.waiting),
        NavItem("Control", "Approval policies", "approvals.policies", "shield-check", 75),
    )
