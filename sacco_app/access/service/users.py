"""Users and what they may see."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access.errors import BranchNotYours, EmailTaken, MemberTaken, OwnRights, RoleUnknown
from sacco_app.access.models import Role, User, UserBranch, UserRole
from sacco_app.access.service.passwords import end_all_sessions, set_password
from sacco_app.access.types import AccessPermission, CreateUser, UpdateUser
from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id


def load_user(session: Session, actor: Actor, user_id: UUID) -> User:
    """The locked row of a user in the actor's branches. A technical user is nobody's: NotFound."""
    user = session.get(User, user_id, with_for_update=True)
    if user is None or user.is_technical:
        raise NotFound(what="user")
    actor.require_branch(user.branch_id)
    return user


def _set_roles(session: Session, user_id: UUID, codes: tuple[str, ...]) -> None:
    roles = {role.code: role.id for role in session.scalars(select(Role))}
    present = {row.role_id: row for row in session.scalars(select(UserRole).where(UserRole.user_id == user_id))}
    wanted = {roles[code] for code in codes}
    session.add_all(UserRole(user_id=user_id, role_id=role_id) for role_id in wanted - present.keys())
    for role_id in present.keys() - wanted:
        session.delete(present[role_id])


def set_branches(session: Session, user: User, branches: Iterable[UUID]) -> None:
    """Say which branches a user sees besides the own one."""
    wanted = set(branches) - {user.branch_id}
    query = select(UserBranch).where(UserBranch.user_id == user.id)
    present = {row.branch_id: row for row in session.scalars(query)}
    session.add_all(UserBranch(user_id=user.id, branch_id=branch_id) for branch_id in wanted - present.keys())
    for branch_id in present.keys() - wanted:
        session.delete(present[branch_id])


def _check_scope(actor: Actor, command: CreateUser | UpdateUser) -> None:
    given = {*command.branches, *({command.branch_id} if command.branch_id else ())}
    beyond = actor.branch_ids is not None and (command.all_branches or not given <= actor.branch_ids)
    if beyond:
        raise BranchNotYours


def _free_email(session: Session, address: str, user_id: UUID | None = None) -> str:
    email = address.strip().lower()
    holder = session.scalar(select(User.id).where(User.email == email))
    if holder is not None and holder != user_id:
        raise EmailTaken
    return email


def _check_member(session: Session, member_id: UUID | None, user_id: UUID | None = None) -> None:
    if member_id is None:
        return
    holder = session.scalar(select(User.id).where(User.member_id == member_id))
    if holder is not None and holder != user_id:
        raise MemberTaken


def _check_roles(session: Session, codes: Iterable[str]) -> None:
    known = set(session.scalars(select(Role.code)))
    for code in codes:
        if code not in known:
            raise RoleUnknown(role=code)


def require_other(actor: Actor, user_id: UUID) -> None:
    """Raise OwnRights when somebody would change their own."""
    if user_id == actor.user_id:
        raise OwnRights


def check_create(session: Session, actor: Actor, command: CreateUser) -> None:
    """Raise what `create_user` would refuse."""
    _check_scope(actor, command)
    _free_email(session, command.email)
    _check_member(session, command.member_id)
    _check_roles(session, command.roles)


def check_update(session: Session, actor: Actor, command: UpdateUser) -> User:
    """The locked user. Raises what `update_user` would refuse."""
    require_other(actor, command.user_id)
    user = load_user(session, actor, command.user_id)
    _check_scope(actor, command)
    _free_email(session, command.email, user.id)
    _check_member(session, command.member_id, user.id)
    _check_roles(session, command.roles)
    return user


def create_user(session: Session, actor: Actor, clock: Clock, command: CreateUser) -> UUID:
    """Take on a member of staff: the second person's act, or the set-up's.

    Raises EmailTaken, MemberTaken, PasswordTooWeak, RoleUnknown, BranchNotYours.
    """
    actor.require(AccessPermission.USER_APPROVE)
    check_create(session, actor, command)
    user = User(
        id=new_id(),
        email=_free_email(session, command.email),
        name=command.name,
        branch_id=command.branch_id,
        all_branches=command.all_branches,
        member_id=command.member_id,
    )
    if command.password is not None:
        set_password(user, command.password)
    session.add(user)
    session.flush()
    _set_roles(session, user.id, command.roles)
    set_branches(session, user, command.branches)
    return user.id


def update_user(session: Session, actor: Actor, clock: Clock, command: UpdateUser) -> None:
    """Change name, address, branches, roles, which member it is, or whether the user may come in: the second person's act.

    Raises OwnRights, EmailTaken, MemberTaken, RoleUnknown, BranchNotYours, NotFound.
    """
    actor.require(AccessPermission.USER_APPROVE)
    user = check_update(session, actor, command)
    user.email = _free_email(session, command.email, user.id)
    user.name, user.branch_id, user.all_branches = command.name, command.branch_id, command.all_branches
    user.is_active, user.member_id = command.is_active, command.member_id
    _set_roles(session, user.id, command.roles)
    set_branches(session, user, command.branches)
    if not command.is_active:
        end_all_sessions(session, clock, user.id)


def shut_out(session: Session, actor: Actor, clock: Clock, user_id: UUID, reason: str) -> None:
    """Let a user in no more, at once: this needs no second person, letting in again does. Raises OwnRights."""
    actor.require(AccessPermission.USER_EDIT)
    require_other(actor, user_id)
    user = load_user(session, actor, user_id)
    user.is_active = False
    end_all_sessions(session, clock, user.id)
    audit.record(session, "users.shut_out", ("users", user.id), reason=reason)


def unlock_user(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Open the door again for a user who guessed too often."""
    actor.require(AccessPermission.USER_EDIT)
    user = load_user(session, actor, user_id)
    user.failed_attempts, user.locked_until = 0, None
