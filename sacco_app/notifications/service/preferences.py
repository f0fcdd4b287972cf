"""What readers want to hear of, and who said STOP."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sacco_app.kernel import audit
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.notifications import queries
from sacco_app.notifications.models import MessagePreference, OptOut


def opt_out(session: Session, clock: Clock, channel: str, address: str, how: str) -> None:
    """Nothing but security alerts goes to this address any more. A second STOP changes nothing."""
    row = {"id": new_id(), "channel": channel, "address": address[:120], "how": how, "since": clock.now()}
    made = insert(OptOut).values(**row).on_conflict_do_nothing(index_elements=["channel", "address"])
    if session.scalar(made.returning(OptOut.id)):
        audit.record(session, "message_opt_outs.made", ("message_opt_outs", row["id"]), reason=how)


def opt_in(session: Session, channel: str, address: str) -> None:
    """Lift the STOP of an address."""
    row = queries.opted_out(session, channel, address)
    if row is not None:
        session.delete(row)


def save_wishes(
    session: Session,
    wishes: Mapping[tuple[str, str], bool],
    *,
    member_id: UUID | None = None,
    user_id: UUID | None = None,
) -> None:
    """Keep what a reader wants: `wishes` by (channel, topic). The caller has seen to it that the actor may say so."""
    query = select(MessagePreference).where(
        MessagePreference.member_id.is_not_distinct_from(member_id),
        MessagePreference.user_id.is_not_distinct_from(user_id),
    )
    present = {(row.channel, row.topic): row for row in session.scalars(query.with_for_update())}
    for (channel, topic), wanted in wishes.items():
        row = present.get((channel, topic))
        if row is not None:
            row.wanted = wanted
        else:
            session.add(
                MessagePreference(
                    id=new_id(), member_id=member_id, user_id=user_id, channel=channel, topic=topic, wanted=wanted
                )
            )
