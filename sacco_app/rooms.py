"""The rooms that the application is made of, from the ground up. Each has `register(app)` in its `views`."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from sacco_app.access.views import register as access
from sacco_app.api.views import register as api
from sacco_app.approvals.views import register as approvals
from sacco_app.documents.views import register as documents
from sacco_app.home.views import register as home
from sacco_app.ledger.views import register as ledger
from sacco_app.members.views import register as members
from sacco_app.notifications.views import register as notifications
from sacco_app.operations.views import register as operations
from sacco_app.organisation.views import register as organisation
from sacco_app.savings.views import register as savings
from sacco_app.teller.views import register as teller
from sacco_app.transactions.views import register as transactions
from sacco_app.ussd.views import register as ussd

ROOMS: tuple[Callable[[Flask], None], ...] = (
    organisation,
    access,
    documents,
    notifications,
    approvals,
    ledger,
    members,
    transactions,
    savings,
    teller,
    api,
    ussd,
    operations,
    home,
)
