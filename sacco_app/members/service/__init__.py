"""Changes of the members room. Channel access is in `members.pins`."""

from sacco_app.members.service.details import CHANGE, change_kin, describe_change, execute_change, update_member
from sacco_app.members.service.documents import (
    REPLACE,
    attach_document,
    describe_replacement,
    execute_replacement,
)
from sacco_app.members.service.estates import ESTATE, ask_estate, describe_estate, execute_estate
from sacco_app.members.service.lifecycle import MEANS, STATUS, ask_status, describe_status, execute_status, set_status
from sacco_app.members.service.registration import (
    ADMIT,
    admission_checks,
    describe_admission,
    end_admission,
    execute_admission,
    register_member,
    send_application,
)

__all__ = [
    "ADMIT",
    "CHANGE",
    "ESTATE",
    "MEANS",
    "REPLACE",
    "STATUS",
    "admission_checks",
    "ask_estate",
    "ask_status",
    "attach_document",
    "change_kin",
    "describe_admission",
    "describe_change",
    "describe_estate",
    "describe_replacement",
    "describe_status",
    "end_admission",
    "execute_admission",
    "execute_change",
    "execute_estate",
    "execute_replacement",
    "execute_status",
    "register_member",
    "send_application",
    "set_status",
    "update_member",
]
