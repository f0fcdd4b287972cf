"""Browsers of staff that may be woken: subscribing, waking, and forgetting those that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import run
from sacco_app.notifications import ports, queries, rules
from sacco_app.notifications.errors import PushNotAccepted, PushNotReached
from sacco_app.notifications.models import InboxItem, PushSubscription
from sacco_app.notifications.types import PushResult, PushTarget


def subscribe(
    session: Session, actor: Actor, clock: Clock, target: PushTarget, device: str, hosts: Sequence[str]
) -> UUID:
    """The actor's browser may be woken from now on. A browser that somebody else used before is the actor's now.

    Raises PushNotAccepted for an address of a service that is not among `hosts`.
    """
    if not rules.push_endpoint_fits(target.endpoint, hosts):
        raise PushNotAccepted(host=urlsplit(target.endpoint).hostname or "none")
    query = select(PushSubscription).where(PushSubscription.endpoint == target.endpoint)
    row = session.scalars(query.with_for_update()).first()
    if row is None:
        row = PushSubscription(id=new_id(), endpoint=target.endpoint)
        session.add(row)
    row.user_id, row.p256dh, row.auth = actor.user_id, target.p256dh, target.auth
    row.device, row.made_at = device[:200], clock.now()
    return row.id


def unsubscribe(session: Session, actor: Actor, clock: Clock, subscription_id: UUID) -> None:
    """Do not wake this browser of the actor any more. Raises NotFound."""
    row = session.get(PushSubscription, subscription_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound(what="push subscription")
    session.delete(row)


def wake(clock: Clock, item_id: UUID, subscription_id: UUID, words: str) -> None:
    """Wake one browser for a line that nobody has opened yet; opens its own transactions around the call.

    A browser that is gone is forgotten. Raises PushNotReached when another try may help.
    """
    system, carrier = Actor.system("System", channel="worker"), ports.push_gateway()
    found = run(system, clock, lambda session: _due(session, item_id, subscription_id))
    if carrier is None or found is None:
        return
    target, sacco = found
    payload = {"title": sacco, "body": words, "url": f"/inbox/{item_id}", "tag": str(item_id)}
    result = carrier.push(target, payload, item_id.hex)
    if result is PushResult.GONE:
        run(system, clock, lambda session: _forget(session, subscription_id))
    elif result is PushResult.LATER:
        raise PushNotReached


def _due(session: Session, item_id: UUID, subscription_id: UUID) -> tuple[PushTarget, str] | None:
    item, row = session.get(InboxItem, item_id), session.get(PushSubscription, subscription_id)
    if item is None or row is None or item.read_at is not None or item.user_id != row.user_id:
        return None
    return PushTarget(row.endpoint, row.p256dh, row.auth), queries.sacco_name(session)


def _forget(session: Session, subscription_id: UUID) -> None:
    session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))
    audit.record(session, "push_subscriptions.gone", ("push_subscriptions", subscription_id))
