"""Tables of the members room."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, Sequence, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.crypto import EncryptedText
from sacco_app.kernel.db import Base, Id

MEMBER_NUMBERS = Sequence("member_numbers", metadata=Base.metadata)


class Member(Base):
    """A person who is, was or wants to be a member."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("uq_members_nin_fingerprint", "nin_fingerprint", unique=True),
        Index("ix_members_phone", "phone"),
        Index("ix_members_branch_id_status", "branch_id", "status"),
        Index("ix_members_surname_given_names", "surname", "given_names"),
        Index("ix_members_date_of_birth", "date_of_birth"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    status: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(20))
    surname: Mapped[str] = mapped_column(String(80))
    given_names: Mapped[str] = mapped_column(String(120))
    sex: Mapped[str] = mapped_column(String(1))
    date_of_birth: Mapped[date]
    nationality: Mapped[str] = mapped_column(String(2))
    marital_status: Mapped[str] = mapped_column(String(20))
    nin: Mapped[str | None] = mapped_column(EncryptedText, info={"secret": True})
    nin_fingerprint: Mapped[str | None] = mapped_column(String(64), info={"audit": False})
    id_card_number: Mapped[str] = mapped_column(String(30))
    id_expires_on: Mapped[date | None]
    tin: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    sms_consent: Mapped[bool]
    district: Mapped[str] = mapped_column(String(60))
    sub_county: Mapped[str] = mapped_column(String(60))
    parish: Mapped[str] = mapped_column(String(60))
    village: Mapped[str] = mapped_column(String(60))
    occupation: Mapped[str] = mapped_column(String(80))
    employer: Mapped[str] = mapped_column(String(80))
    source_of_funds: Mapped[str] = mapped_column(String(80))
    monthly_income_minor: Mapped[int] = mapped_column(BigInteger)
    is_pep: Mapped[bool]
    other_names: Mapped[str] = mapped_column(String(120), server_default="")
    birth_place: Mapped[str] = mapped_column(String(80), server_default="")
    phone_2: Mapped[str] = mapped_column(String(20), server_default="")
    wallet_phone: Mapped[str] = mapped_column(String(20), server_default="")
    wallet_name: Mapped[str] = mapped_column(String(120), server_default="")
    employment: Mapped[str] = mapped_column(String(20), server_default="")
    payroll_number: Mapped[str] = mapped_column(String(30), server_default="")
    pep_detail: Mapped[str] = mapped_column(String(120), server_default="")
    risk_rating: Mapped[str] = mapped_column(String(10), server_default="low")
    review_on: Mapped[date | None]
    data_consent_on: Mapped[date | None]
    kyc_percent: Mapped[int] = mapped_column(SmallInteger, server_default="0", info={"audit": False})
    applied_on: Mapped[date]
    admitted_on: Mapped[date | None]

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_names, self.other_names) if part)


class NextOfKin(Base):
    """A nominee. A new set ends the one before (`until`): the latest binds, the earlier ones are kept."""

    __tablename__ = "next_of_kin"
    __table_args__ = (Index("ix_next_of_kin_member_id", "member_id"),)

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name: Mapped[str] = mapped_column(String(120))
    relationship: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(20))
    share: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    born_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(120), server_default="")
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class MemberDocument(Base):
    """A file of a member; a newer one of the same kind replaces it in use, the older is kept."""

    __tablename__ = "member_documents"
    __table_args__ = (Index("ix_member_documents_member_id_kind", "member_id", "kind"),)

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(String(80))
    mime: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None]


class Estate(Base):
    """By what right the money of a member who died is paid out. One at a time is open; a newer one ends it."""

    __tablename__ = "estates"
    __table_args__ = (
        Index("ix_estates_member_id", "member_id"),
        Index(
            "uq_estates_open",
            "member_id",
            unique=True,
            postgresql_where=text("opened_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    basis: Mapped[str] = mapped_column(String(20))
    died_on: Mapped[date]
    certificate_number: Mapped[str] = mapped_column(String(60))
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("member_documents.id"))
    letter_number: Mapped[str] = mapped_column(String(60))
    letter_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_documents.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class EstateHeir(Base):
    """Whom an estate is paid to, as the nomination or the letter stood when it was asked for."""

    __tablename__ = "estate_heirs"
    __table_args__ = (Index("ix_estate_heirs_estate_id", "estate_id"),)

    id: Mapped[Id]
    estate_id: Mapped[UUID] = mapped_column(ForeignKey("estates.id"))
    name: Mapped[str] = mapped_column(String(120))
    relationship: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(20))
    share: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    born_on: Mapped[date | None]
    guardian: Mapped[str] = mapped_column(String(120))


class MemberChange(Base):
    """Details as they shall be, until a second person decides. Encrypted: there may be a NIN among them."""

    __tablename__ = "member_changes"
    __audited__ = False
    __table_args__ = (Index("ix_member_changes_member_id", "member_id"),)

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    payload: Mapped[str] = mapped_column(EncryptedText)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]


class ChannelCredential(Base):
    """What a member proves themselves with on USSD and the API: one phone, one PIN. No row: never set up."""

    __tablename__ = "channel_credentials"
    __table_args__ = (UniqueConstraint("phone"),)

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    phone_changed_at: Mapped[datetime | None]
    pin_hash: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    is_temporary: Mapped[bool] = mapped_column(default=False)
    failed_tries: Mapped[int] = mapped_column(default=0, info={"audit": False})
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    consented_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    block_reason: Mapped[str] = mapped_column(String(300), default="")


class MemberSearchTerm(Base):
    """A word by which a member is found: prefixes are looked up in the index."""

    __tablename__ = "member_search_terms"
    __audited__ = False
    __table_args__ = (
        Index("ix_member_search_terms_term", "term", postgresql_ops={"term": "text_pattern_ops"}),
        Index("ix_member_search_terms_member_id", "member_id"),
    )

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    term: Mapped[str] = mapped_column(String(120))
