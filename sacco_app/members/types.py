"""Words of the members room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class MembersPermission(StrEnum):
    MEMBER_VIEW = "members:member:view"
    MEMBER_REGISTER = "members:member:register"
    MEMBER_EDIT = "members:member:edit"
    MEMBER_APPROVE = "members:member:approve"
    DOCUMENT_VIEW = "members:document:view"
    CHANNEL_MANAGE = "members:channel:manage"


class MemberStatus(StrEnum):
    """Where a person stands on the way from applicant to member to former member (handbook 1.2, 1.5)."""

    APPLIED = "applied"
    PENDING_APPROVAL = "pending_approval"
    ACTIVE = "active"
    DORMANT = "dormant"
    SUSPENDED = "suspended"
    BLACKLISTED = "blacklisted"
    WITHDRAWING = "withdrawing"
    EXITED = "exited"
    DECEASED = "deceased"
    REJECTED = "rejected"


class DocumentKind(StrEnum):
    PHOTO = "photo"
    SIGNATURE = "signature"
    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    APPLICATION = "application"
    DEATH_CERTIFICATE = "death_certificate"
    ESTATE_LETTER = "estate_letter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kin:
    """A nominee and the share of the member's money that goes to them, in per cent. A minor's guardian is in `address`."""

    name: str
    relationship: str
    phone: str
    share: Decimal
    born_on: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is known of a person (handbook 1.2)."""

    surname: str
    given_names: str
    sex: str
    date_of_birth: date
    phone: str
    title: str = ""
    nationality: str = "UG"
    marital_status: str = ""
    nin: str | None = None
    id_card_number: str = ""
    id_expires_on: date | None = None
    tin: str = ""
    email: str = ""
    language: str = "en"
    sms_consent: bool = True
    district: str = ""
    sub_county: str = ""
    parish: str = ""
    village: str = ""
    occupation: str = ""
    employer: str = ""
    source_of_funds: str = ""
    monthly_income_minor: int = 0
    is_pep: bool = False
    other_names: str = ""
    birth_place: str = ""
    phone_2: str = ""
    wallet_phone: str = ""
    wallet_name: str = ""
    employment: str = ""
    payroll_number: str = ""
    pep_detail: str = ""
    risk_rating: str = "low"
    review_on: date | None = None
    data_consent_on: date | None = None
    next_of_kin: tuple[Kin, ...] = ()

    @property
    def likeness(self) -> Likeness:
        names = f"{self.given_names} {self.other_names}"
        return Likeness(self.surname, names, self.date_of_birth, self.phone, self.nin)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    kind: DocumentKind
    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class RegisterMember:
    """An application for membership. `confirmed_duplicate` says that a warned-of twin is another person.

    With `send` it goes to a second person at once; without, it is kept and sent when it is complete.
    """

    branch_id: UUID
    details: PersonDetails
    uploads: tuple[Upload, ...] = field(default=(), repr=False)
    confirmed_duplicate: bool = False
    idempotency_key: str = ""
    send: bool = True


@dataclass(frozen=True, slots=True)
class AdmitMember:
    """An application that waits for a second person."""

    member_id: UUID


@dataclass(frozen=True, slots=True)
class ChangeDetails:
    """Other details that wait for a second person. What they are is kept encrypted in the row of the change."""

    member_id: UUID
    change_id: UUID


@dataclass(frozen=True, slots=True)
class ReplaceDocument:
    """Another photo or signature that waits for a second person."""

    member_id: UUID
    document_id: UUID


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """A step of the life cycle that waits for a second person."""

    member_id: UUID
    old: MemberStatus
    new: MemberStatus
    reason: str


class EstateBasis(StrEnum):
    """By what right the money of a member who died is paid out (handbook 1.5)."""

    KIN = "kin"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class AskEstate:
    """How an estate shall be paid out: to the next of kin who were named, or to whom a court's letter names."""

    member_id: UUID
    basis: EstateBasis
    died_on: date
    certificate_number: str
    certificate: Upload = field(repr=False)
    administrator: str = ""
    administrator_phone: str = ""
    letter_number: str = ""
    letter: Upload | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OpenEstate:
    """A settlement that waits for a second person."""

    member_id: UUID
    estate_id: UUID


@dataclass(frozen=True, slots=True)
class Heir:
    """Somebody who is paid from an estate. `share` is in per cent; of a minor the guardian is paid."""

    id: UUID
    name: str
    relationship: str
    phone: str
    share: Decimal
    born_on: date | None = None
    guardian: str = ""


@dataclass(frozen=True, slots=True)
class EstateFacts:
    """An estate that is being paid out, with its heirs, the largest share first."""

    id: UUID
    member_id: UUID
    basis: EstateBasis
    died_on: date
    certificate_number: str
    certificate_id: UUID
    letter_number: str
    letter_id: UUID | None
    heirs: tuple[Heir, ...]

    def heir(self, heir_id: UUID) -> Heir | None:
        return next((one for one in self.heirs if one.id == heir_id), None)


@dataclass(frozen=True, slots=True)
class KycItem:
    """One thing that should be known of a member; `place` is the page on which it is added.

    Without what is `needed` nobody is admitted (handbook 1.2: who it is, as papers and face prove).
    """

    label: str
    done: bool
    place: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """By what two records are compared: as much as is known of a person."""

    surname: str = ""
    names: str = ""
    born: date | None = None
    phone: str = ""
    nin: str | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody who may be the same person. `certain` (the same NIN) is refused, the rest is a warning."""

    id: UUID
    number: str
    full_name: str
    what: str
    branch_id: UUID
    certain: bool = False


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member as other rooms see it."""

    id: UUID
    number: str
    full_name: str
    status: str
    branch_id: UUID
    phone: str
    language: str
    photo_id: UUID | None = None
    signature_id: UUID | None = None

    @property
    def masked_name(self) -> str:
        """`N****** C***`: enough to recognise oneself, too little to learn a name."""
        return " ".join(f"{part[0]}{'*' * (len(part) - 1)}" for part in self.full_name.split())

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.full_name.split()[:2])


@dataclass(frozen=True, slots=True)
class MemberHit:
    """One line of a search."""

    id: UUID
    number: str
    full_name: str
    phone: str
    status: str


class PinState(StrEnum):
    """How a member stands with USSD and the API."""

    NOT_SET = "not_set"
    TEMPORARY = "temporary"
    ACTIVE = "active"
    LOCKED = "locked"
    BLOCKED = "blocked"


class PinOutcome(StrEnum):
    """What came of a PIN that was typed."""

    RIGHT = "right"
    MUST_CHANGE = "must_change"
    WRONG = "wrong"
    LOCKED = "locked"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    NOT_SET = "not_set"


@dataclass(frozen=True, slots=True)
class PinCheck:
    """The outcome of one try, and how many tries are left before the lock."""

    outcome: PinOutcome
    tries_left: int = 0

    @property
    def is_right(self) -> bool:
        return self.outcome is PinOutcome.RIGHT


@dataclass(frozen=True, slots=True)
class ChannelMember:
    """A member as a channel greets them. Until `cooling_until` (the phone or the PIN is new) nothing is paid out."""

    id: UUID
    number: str
    full_name: str
    status: str
    branch_id: UUID
    phone: str
    language: str
    sms_consent: bool
    pin: PinState = PinState.NOT_SET
    cooling_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """A member's channel access as staff see it. `tries_left` counts down to the lock."""

    state: PinState
    phone: str = ""
    consented_at: datetime | None = None
    issued_at: datetime | None = None
    changed_at: datetime | None = None
    expires_at: datetime | None = None
    since: datetime | None = None
    reason: str = ""
    tries_left: int = 0
    cooling_until: datetime | None = None
