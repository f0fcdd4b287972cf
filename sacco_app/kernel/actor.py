"""Who acts. Passed to every service explicitly; there is no ambient user."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sacco_app.kernel.errors import NotPermitted

SYSTEM_USER_ID = UUID(int=0)


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
