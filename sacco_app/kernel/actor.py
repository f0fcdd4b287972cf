"""Who acts. Passed to every service explicitly; there is no ambient user."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sacco_app.kernel.errors import NotPermitted

SYSTEM_USER_ID = UUID(int=0)
MEMBER_CHANNELS = frozenset({"api", "ussd"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program with its rights.

    `branch_ids` is None for somebody who sees every branch. `session_id` and `ip` say from where (audit trail).
    `member_id` is set when the actor is a member on the API or USSD, or a member of staff who is also a member.
    """

    user_id: UUID
    name: str
    permissions: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    branch_id: UUID | None = None
    branch_ids: frozenset[UUID] | None = frozenset()
    session_id: UUID | None = None
    ip: str = ""
    channel: str = "counter"
    member_id: UUID | None = None
    is_system: bool = field(default=False)

    @classmethod
    def system(cls, name: str = "System", channel: str = "system") -> Actor:
        """The program itself: may do everything, in every branch."""
        return cls(SYSTEM_USER_ID, name, branch_ids=None, channel=channel, is_system=True)

    @classmethod
    def member(
        cls,
        member_id: UUID,
        name: str,
        channel: str,
        *,
        ip: str = "",
        user_id: UUID = SYSTEM_USER_ID,
        branch_id: UUID | None = None,
    ) -> Actor:
        """A member who acts for themselves on `api` or `ussd`, after that front door has proven who they are.

        Holds no permission and sees no branch: what is open to members asks `is_member` and looks at what is theirs.
        `user_id` is the technical user that stands as maker; front doors call `members.pins.member_actor`.
        """
        return cls(user_id, name, branch_id=branch_id, member_id=member_id, channel=channel, ip=ip)

    @property
    def is_member(self) -> bool:
        """True for a member on a channel of members; a member of staff who is also a member acts as staff."""
        return self.member_id is not None and self.channel in MEMBER_CHANNELS

    def is_the_member(self, member_id: UUID) -> bool:
        """True for this member in person, never for staff."""
        return self.is_member and self.member_id == member_id

    def require_member(self, member_id: UUID) -> None:
        """Raise NotPermitted unless the actor is this member in person."""
        if not self.is_the_member(member_id):
            raise NotPermitted(member_id=str(member_id))

    def may(self, permission: str) -> bool:
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise NotPermitted unless the actor has the permission."""
        if not self.may(permission):
            raise NotPermitted(permission=permission)

    def sees_branch(self, branch_id: UUID | None) -> bool:
        return self.branch_ids is None or (branch_id is not None and branch_id in self.branch_ids)

    def require_branch(self, branch_id: UUID | None) -> None:
        """Raise NotPermitted unless the branch is in the actor's scope."""
        if not self.sees_branch(branch_id):
            raise NotPermitted(branch_id=str(branch_id))
