"""Changes of the access room: users, sign-in, second factor."""

from sacco_app.access.service.second_factor import begin_totp, confirm_totp, reset_totp
from sacco_app.access.service.sign_in import check_code, check_password, end_session, touch_session
from sacco_app.access.service.users import (
    change_password,
    create_user,
    issue_reset_link,
    set_password_by_link,
    update_user,
)

__all__ = [
    "begin_totp",
    "change_password",
    "check_code",
    "check_password",
    "confirm_totp",
    "create_user",
    "end_session",
    "issue_reset_link",
    "reset_totp",
    "set_password_by_link",
    "touch_session",
    "update_user",
]
