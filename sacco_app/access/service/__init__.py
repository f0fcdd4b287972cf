"""Changes of the access room: users, roles, sign-in, second factor."""

from sacco_app.access.service.changes import (
    ask_create_user,
    ask_new_telephone,
    ask_save_role,
    ask_show_link,
    ask_update_user,
)
from sacco_app.access.service.client_changes import ask_create_client, ask_rotate_secret, ask_update_client
from sacco_app.access.service.clients import (
    authenticate_client,
    client_actor,
    create_client,
    retire_secret,
    revoke_client,
    rotate_secret,
    show_secret,
    update_client,
)
from sacco_app.access.service.links import (
    issue_reset_link,
    request_reset,
    reset_totp,
    send_reset_link,
    show_reset_link,
)
from sacco_app.access.service.passwords import change_password, set_password_by_link
from sacco_app.access.service.roles import save_role
from sacco_app.access.service.second_factor import confirm_totp, new_secret, renew_recovery_codes
from sacco_app.access.service.sign_in import check_code, check_password, end_session, touch_session
from sacco_app.access.service.users import create_user, shut_out, unlock_user, update_user

__all__ = [
    "ask_create_client",
    "ask_create_user",
    "ask_new_telephone",
    "ask_rotate_secret",
    "ask_save_role",
    "ask_show_link",
    "ask_update_client",
    "ask_update_user",
    "authenticate_client",
    "change_password",
    "check_code",
    "check_password",
    "client_actor",
    "confirm_totp",
    "create_client",
    "create_user",
    "end_session",
    "issue_reset_link",
    "new_secret",
    "renew_recovery_codes",
    "request_reset",
    "reset_totp",
    "retire_secret",
    "revoke_client",
    "rotate_secret",
    "save_role",
    "send_reset_link",
    "set_password_by_link",
    "show_reset_link",
    "show_secret",
    "shut_out",
    "touch_session",
    "unlock_user",
    "update_client",
    "update_user",
]
