"""Words of the organisation room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.money import Currency


class OrganisationPermission(StrEnum):
    SETTINGS_VIEW = "organisation:settings:view"
    SETTINGS_EDIT = "organisation:settings:edit"
    BRANCH_EDIT = "organisation:branch:edit"
    CALENDAR_EDIT = "organisation:calendar:edit"
    PARAMETER_EDIT = "organisation:parameter:edit"
    PARAMETER_APPROVE = "organisation:parameter:approve"
    BUSINESS_DATE_EDIT = "organisation:business-date:edit"


@dataclass(frozen=True, slots=True)
class SaccoProfile:
    """Who the SACCO is, as printed on receipts and returns. `logo_data_uri` is empty or a PNG within the address."""

    id: UUID
    name: str
    short_name: str
    registration_number: str
    licence_number: str
    country: str
    currency: Currency
    phone: str
    email: str
    address: str
    complaints_phone: str
    regulator_profile: str
    logo_data_uri: str = ""


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """A branch as other rooms see it."""

    id: UUID
    code: str
    name: str
    business_date: date
    is_head_office: bool
    is_active: bool
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A dated parameter: what it says, since when, who says so, and whether a person has verified it."""

    key: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool

    @property
    def number(self) -> Decimal:
        return Decimal(self.value)


@dataclass(frozen=True, slots=True)
class HolidayFacts:
    """A day without work: in one branch, or in all when `branch_id` is None."""

    id: UUID
    day: date
    name: str
    branch_id: UUID | None


@dataclass(frozen=True, slots=True)
class SetParameter:
    """A new value of a parameter from a day on; the value before it ends the day before."""

    key: str
    value: str
    valid_from: date
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class SaveBranch:
    code: str
    name: str
    phone: str
    address: str
    branch_id: UUID | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class SaveProfile:
    name: str
    short_name: str
    registration_number: str
    licence_number: str
    phone: str
    email: str
    address: str
    complaints_phone: str
