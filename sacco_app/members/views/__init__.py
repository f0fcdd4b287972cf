"""Pages of the members room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from sacco_app.access.membership import bind_membership
from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.members import estates, service
from sacco_app.members import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.members.errors import NinTaken, PhoneHasChannel
from sacco_app.members.membership import Membership
from sacco_app.members.types import AdmitMember, ChangeDetails, ChangeStatus, OpenEstate, ReplaceDocument
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views import applications, channel, estate, letters, lists, messages, record, tabs
from sacco_app.members.views.blueprint import blueprint
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["applications", "channel", "estate", "letters", "lists", "messages", "record", "register", "tabs"]

KINDS: tuple[CommandKind[Any], ...] = (
    CommandKind(
        name=service.ADMIT,
        title="Admission of a member",
        command=AdmitMember,
        permission=P.MEMBER_APPROVE,
        describe=service.describe_admission,
        execute=service.execute_admission,
        refused=service.end_admission,
        checks=service.admission_checks,
        life=timedelta(days=30),
    ),
    CommandKind(
        name=service.CHANGE,
        title="Change of a member's details",
        command=ChangeDetails,
        permission=P.MEMBER_APPROVE,
        describe=service.describe_change,
        execute=service.execute_change,
        life=timedelta(days=7),
    ),
    CommandKind(
        name=service.STATUS,
        title="Change of a member's status",
        command=ChangeStatus,
        permission=P.MEMBER_APPROVE,
        describe=service.describe_status,
        execute=service.execute_status,
        life=timedelta(days=7),
    ),
    CommandKind(
        name=service.ESTATE,
        title="Settlement of an estate",
        command=OpenEstate,
        permission=P.MEMBER_APPROVE,
        describe=service.describe_estate,
        execute=service.execute_estate,
        papers=estates.papers,
        life=timedelta(days=30),
    ),
    CommandKind(
        name=service.REPLACE,
        title="Another photo or signature",
        command=ReplaceDocument,
        permission=P.MEMBER_APPROVE,
        describe=service.describe_replacement,
        execute=service.execute_replacement,
        life=timedelta(days=7),
    ),
)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    bind_membership(Membership())
    for kind in KINDS:
        register_kind(kind)
    register_constraint("uq_members_nin_fingerprint", lambda: NinTaken(number="Another"))
    register_constraint("uq_channel_credentials_phone", lambda: PhoneHasChannel(number="Another"))
    add_navigation(app, NavItem("Members", "Members", "members.list_members", "users", 20))
