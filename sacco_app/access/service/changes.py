"""Changes of rights wait for a second person: what is asked for, how it is told, how it is carried out."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import queries
from sacco_app.access.catalogue import PERMISSIONS
from sacco_app.access.errors import ChangeWaits
from sacco_app.access.membership import member_label
from sacco_app.access.models import Role, User, UserRole
from sacco_app.access.service import links, roles, users
from sacco_app.access.types import AccessPermission, CreateUser, NewTelephone, SaveRole, ShowLink, UpdateUser
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.desk import Change, ChangeKind, desk, register_change
from sacco_app.organisation import queries as organisation

CREATE_USER = "access.create-user"
UPDATE_USER = "access.update-user"
SAVE_ROLE = "access.save-role"
NEW_TELEPHONE = "access.new-telephone"
SHOW_LINK = "access.show-link"


def ask_create_user(session: Session, actor: Actor, clock: Clock, command: CreateUser, reason: str = "") -> UUID:
    """Ask for a new member of staff. Raises EmailTaken, MemberTaken, RoleUnknown, BranchNotYours."""
    actor.require(AccessPermission.USER_EDIT)
    users.check_create(session, actor, command)
    return desk().submit(session, actor, clock, CREATE_USER, command, reason)


def ask_update_user(session: Session, actor: Actor, clock: Clock, command: UpdateUser, reason: str = "") -> UUID:
    """Ask for other rights of a user. Raises as `update_user`, ChangeWaits."""
    actor.require(AccessPermission.USER_EDIT)
    users.check_update(session, actor, command)
    _refuse_second(session, _user_url(command.user_id))
    return desk().submit(session, actor, clock, UPDATE_USER, command, reason)


def ask_save_role(session: Session, actor: Actor, clock: Clock, command: SaveRole, reason: str = "") -> UUID:
    """Ask for a new role, or for other permissions of one. Raises as `save_role`, ChangeWaits."""
    actor.require(AccessPermission.ROLE_EDIT)
    roles.check_role(session, actor, command)
    if command.role_id is not None:
        _refuse_second(session, _role_url(command.role_id))
    return desk().submit(session, actor, clock, SAVE_ROLE, command, reason)


def ask_new_telephone(session: Session, actor: Actor, clock: Clock, command: NewTelephone, reason: str = "") -> UUID:
    """Ask that a user may enrol another telephone: with a password link it would open the account. Raises OwnRights."""
    actor.require(AccessPermission.USER_EDIT)
    users.require_other(actor, command.user_id)
    users.load_user(session, actor, command.user_id)
    return desk().submit(session, actor, clock, NEW_TELEPHONE, command, reason)


def ask_show_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> UUID:
    """Ask for a link to hand over, where no mail server carries it to the user. Raises ChangeWaits, NotFound."""
    actor.require(AccessPermission.USER_EDIT)
    users.load_user(session, actor, user_id)
    _refuse_second(session, _user_url(user_id))
    return desk().submit(session, actor, clock, SHOW_LINK, ShowLink(user_id, actor.user_id), "")


def _refuse_second(session: Session, subject_url: str) -> None:
    if desk().waiting(session, subject_url):
        raise ChangeWaits


def _user_url(user_id: UUID) -> str:
    return f"/users/{user_id}"


def _role_url(role_id: UUID) -> str:
    return f"/roles/{role_id}"


def _role_names(session: Session, codes: Iterable[str]) -> str:
    known = dict(queries.role_choices(session))
    return ", ".join(sorted(known.get(code, code) for code in codes)) or "none"


def _sight(session: Session, branch_id: UUID | None, branches: Iterable[UUID], *, everywhere: bool) -> str:
    if everywhere:
        return "every branch"
    names = {branch.id: branch.name for branch in organisation.list_branches(session)}
    seen = ([branch_id] if branch_id else []) + sorted(set(branches) - {branch_id})
    return ", ".join(names.get(one, "?") for one in seen) or "no branch"


def _turned(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def describe_create_user(session: Session, command: CreateUser) -> Change:
    effects = (
        ("Name", command.name),
        ("Signs in as", command.email),
        ("Roles", _role_names(session, command.roles)),
        ("Sees", _sight(session, command.branch_id, command.branches, everywhere=command.all_branches)),
        ("Member", member_label(session, command.member_id)),
    )
    return Change(f"New user {command.name}", effects, None, command.branch_id)


def describe_update_user(session: Session, command: UpdateUser) -> Change:
    """Every right with what it is and what it becomes."""
    user, held = session.get_one(User, command.user_id), queries.get_user(session, command.user_id).roles
    also = queries.branches_of(session, user.id)
    present = _sight(session, user.branch_id, also, everywhere=user.all_branches)
    wanted = _sight(session, command.branch_id, command.branches, everywhere=command.all_branches)
    effects = (
        ("Name", _turned(user.name, command.name)),
        ("Signs in as", _turned(user.email, command.email.strip().lower())),
        ("Roles", _turned(_role_names(session, held), _role_names(session, command.roles))),
        ("Sees", _turned(present, wanted)),
        ("Member", _turned(member_label(session, user.member_id), member_label(session, command.member_id))),
        ("May sign in", _turned(_yes(user.is_active), _yes(command.is_active))),
    )
    return Change(f"Change user {user.name}", effects, _user_url(user.id), user.branch_id, frozenset({user.id}))


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def describe_save_role(session: Session, command: SaveRole) -> Change:
    """What the role gains and loses. Whoever holds it is concerned."""
    role = session.get_one(Role, command.role_id) if command.role_id else None
    held = set(queries.permissions_of(session, role.id)) if role else set()
    gains, loses = set(command.permissions) - held, held - set(command.permissions)
    effects = (
        ("Name", _turned(role.name, command.name) if role else command.name),
        ("Second factor", _turned(_yes(role.requires_totp) if role else "no", _yes(command.requires_totp))),
        ("Gains", "; ".join(PERMISSIONS.get(name, name) for name in sorted(gains)) or "nothing"),
        ("Loses", "; ".join(PERMISSIONS.get(name, name) for name in sorted(loses)) or "nothing"),
    )
    if role is None:
        return Change(f"New role {command.name}", effects)
    holders = frozenset(session.scalars(select(UserRole.user_id).where(UserRole.role_id == role.id)))
    return Change(f"Change role {role.name}", effects, _role_url(role.id), None, holders)


def describe_new_telephone(session: Session, command: NewTelephone) -> Change:
    user = session.get_one(User, command.user_id)
    effects = (("User", user.name), ("Present telephone", "stops working"), ("Open sessions", "end"))
    concerns = frozenset({user.id})
    return Change(f"New telephone for {user.name}", effects, _user_url(user.id), user.branch_id, concerns)


def describe_show_link(session: Session, command: ShowLink) -> Change:
    """Whose password it is and who will see the link. Neither of the two may agree to it."""
    user, seer = session.get_one(User, command.user_id), session.get_one(User, command.maker_id)
    effects = (
        ("User", user.name),
        ("Signs in as", user.email),
        ("Second factor", "set up" if user.totp_confirmed else "none: the password alone opens the account"),
        ("Shown once to", f"{seer.name}, who hands it over in person"),
    )
    concerns = frozenset({user.id, seer.id})
    return Change(f"Password link for {user.name}", effects, _user_url(user.id), user.branch_id, concerns)


def execute_create_user(session: Session, actor: Actor, clock: Clock, command: CreateUser, request_id: UUID) -> str:
    return _user_url(users.create_user(session, actor, clock, command))


def execute_update_user(session: Session, actor: Actor, clock: Clock, command: UpdateUser, request_id: UUID) -> str:
    users.update_user(session, actor, clock, command)
    return _user_url(command.user_id)


def execute_save_role(session: Session, actor: Actor, clock: Clock, command: SaveRole, request_id: UUID) -> str:
    return _role_url(roles.save_role(session, actor, clock, command))


def execute_new_telephone(session: Session, actor: Actor, clock: Clock, command: NewTelephone, request_id: UUID) -> str:
    links.reset_totp(session, actor, clock, command.user_id)
    return _user_url(command.user_id)


def execute_show_link(session: Session, actor: Actor, clock: Clock, command: ShowLink, request_id: UUID) -> str:
    links.allow_link(session, actor, clock, command)
    return _user_url(command.user_id)


def register() -> None:
    """Offer the kinds at the desk."""
    right = AccessPermission.USER_APPROVE
    for kind in (
        ChangeKind(CREATE_USER, "New user", CreateUser, right, describe_create_user, execute_create_user),
        ChangeKind(UPDATE_USER, "Change of a user", UpdateUser, right, describe_update_user, execute_update_user),
        ChangeKind(SAVE_ROLE, "Change of a role", SaveRole, right, describe_save_role, execute_save_role),
        ChangeKind(NEW_TELEPHONE, "New telephone", NewTelephone, right, describe_new_telephone, execute_new_telephone),
        ChangeKind(SHOW_LINK, "Password link to hand over", ShowLink, right, describe_show_link, execute_show_link),
    ):
        register_change(kind)
