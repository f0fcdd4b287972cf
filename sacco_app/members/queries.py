"""Reads of the members room; every list takes the actor's branches first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from sacco_app.kernel import crypto
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.members import rules
from sacco_app.members.errors import MemberBarred, MemberNotActive
from sacco_app.members.models import Member, MemberDocument, MemberSearchTerm, NextOfKin
from sacco_app.members.types import DocumentKind, Kin, KycItem, Likeness, MemberFacts, MemberHit, MemberStatus, Twin

GATHERED = 200
TYPED_NIN = re.compile(r"[A-Z]{2}(?=.*\d)[0-9A-Z]{12}")  # a name may have fourteen letters too
IN_INDEX_ORDER = text("found.term USING ~<~")


BARRED = (MemberStatus.SUSPENDED, MemberStatus.BLACKLISTED, MemberStatus.DECEASED, MemberStatus.EXITED)


def in_scope(actor: Actor) -> Select[Member]:
    """The members that the actor may see."""
    query = select(Member)
    return query if actor.branch_ids is None else query.where(Member.branch_id.in_(actor.branch_ids))


def get_row(session: Session, actor: Actor, member_id: UUID) -> Member:
    """The member's row in the actor's scope. Raises NotFound."""
    row = session.scalars(in_scope(actor).where(Member.id == member_id)).first()
    if row is None:
        raise NotFound(what="member")
    return row


def get_member(session: Session, member_id: UUID) -> MemberFacts:
    """A member with the newest photo and signature. Raises NotFound."""
    row = session.get(Member, member_id)
    if row is None:
        raise NotFound(what="member")
    newest = latest_documents(session, member_id)
    photo, signature = newest.get(DocumentKind.PHOTO), newest.get(DocumentKind.SIGNATURE)
    return MemberFacts(
        id=row.id,
        number=row.number,
        full_name=row.full_name,
        status=row.status,
        branch_id=row.branch_id,
        phone=row.phone,
        language=row.language,
        photo_id=photo.id if photo else None,
        signature_id=signature.id if signature else None,
    )


def label_of(member_id: InstrumentedAttribute[UUID]) -> ScalarSelect[list[str]]:
    """Number and full name of the member with this id, to be read along with another row."""
    words = array([Member.number, Member.surname + " " + Member.given_names])
    return select(words).where(Member.id == member_id).scalar_subquery()


_LABEL = select(Member.number, Member.surname, Member.given_names).where(Member.id == bindparam("of"))


def label(session: Session, member_id: UUID) -> tuple[str, str]:
    """Number and full name, with one query, for the money path."""
    number, surname, given_names = session.execute(_LABEL, {"of": member_id}).one()
    return number, f"{surname} {given_names}"


def latest_documents(session: Session, member_id: UUID) -> dict[str, MemberDocument]:
    """The document of each kind that is in use: the newest accepted one."""
    query = select(MemberDocument).where(MemberDocument.member_id == member_id, MemberDocument.accepted_at.is_not(None))
    return {row.kind: row for row in session.scalars(query.order_by(MemberDocument.accepted_at, MemberDocument.id))}


def all_documents(session: Session, member_id: UUID) -> list[MemberDocument]:
    """Every file that was ever kept, the newest first."""
    query = select(MemberDocument).where(MemberDocument.member_id == member_id)
    return list(session.scalars(query.order_by(MemberDocument.added_at.desc(), MemberDocument.id.desc())))


def require_active(session: Session, member_id: UUID) -> MemberFacts:
    """The member, if active. Raises NotFound, MemberNotActive."""
    facts = get_member(session, member_id)
    if facts.status != MemberStatus.ACTIVE:
        raise MemberNotActive(name=facts.full_name, status=facts.status.replace("_", " "))
    return facts


def require_not_barred(session: Session, member_id: UUID) -> None:
    """Refuse to take from the accounts of who is suspended, blacklisted, deceased or gone. Raises MemberBarred.

    One query, for the money path; money may still come in.
    """
    number, status = session.execute(select(Member.number, Member.status).where(Member.id == member_id)).one()
    if status in BARRED:
        raise MemberBarred(number=number, status=status)


def search_words(typed: str) -> list[str]:
    """What was typed as words to look up: a phone number or a member number is one word, however it is spaced."""
    typed = typed.strip().lower().replace("+", "")
    if re.fullmatch(r"[a-z]+-\d+", typed):
        return [typed]
    if re.fullmatch(r"[\d\s-]*\d[\d\s-]*", typed):
        return [re.sub(r"[\s-]", "", typed)]
    return [word for word in re.split(r"[\s'-]+", typed) if word][:5]


def search_query(actor: Actor, typed: str, limit: int) -> Select[Member] | None:
    """The members in whose number, name or phone every typed word begins a word, or whose NIN it is. None for nothing typed.

    The longest word is walked through in the order of its index, and each hit must have the other words and be of the
    actor's branches before it counts towards the most that are gathered: common names hide nobody. These are scalar
    subqueries on purpose: the planner looks them up for each hit and does not read whole tables for a join.
    """
    nin = re.sub(r"\s", "", typed).upper()
    if TYPED_NIN.fullmatch(nin):
        return in_scope(actor).where(Member.nin_fingerprint == crypto.fingerprint(nin)).limit(limit)
    words = sorted(search_words(typed), key=len, reverse=True)
    if not words:
        return None
    hit = aliased(MemberSearchTerm, name="found")
    hits = select(hit.member_id).where(_begins(hit, words[0]))
    for word in words[1:]:
        other = aliased(MemberSearchTerm)
        same = select(other.id).where(other.member_id == hit.member_id, _begins(other, word)).limit(1)
        hits = hits.where(same.scalar_subquery().is_not(None))
    if actor.branch_ids is not None:
        branch = select(Member.branch_id).where(Member.id == hit.member_id).scalar_subquery()
        hits = hits.where(branch.in_(actor.branch_ids))
    gathered = hits.order_by(IN_INDEX_ORDER).limit(GATHERED).subquery()
    named_so = Member.number == f"M-{words[0]:0>6}" if words[0].isdigit() else Member.number == words[0].upper()
    query = select(Member).where(Member.id.in_(select(gathered.c.member_id)))
    return query.order_by(named_so.desc(), Member.surname, Member.given_names).limit(limit)


def _begins(term: type[MemberSearchTerm], word: str) -> ColumnElement[bool]:
    escaped = re.sub(r"([%_\\])", r"\\\1", word)
    return term.term.like(f"{escaped}%")


def search(session: Session, actor: Actor, typed: str, limit: int = 20) -> list[MemberHit]:
    """Find members by the beginning of number, names or phone."""
    query = search_query(actor, typed, limit)
    if query is None:
        return []
    rows = session.scalars(query)
    return [MemberHit(row.id, row.number, row.full_name, row.phone, row.status) for row in rows]


def by_number(session: Session, actor: Actor, number: str) -> MemberFacts:
    """The member of the actor's branches with this number. Raises NotFound."""
    row = session.scalars(in_scope(actor).where(Member.number == number.upper())).first()
    if row is None:
        raise NotFound(what="member")
    return get_member(session, row.id)


def by_phone(session: Session, actor: Actor, phone: str) -> list[MemberFacts]:
    """The members of the actor's branches with this phone number (E.164), at most twenty; commonly none or one."""
    query = in_scope(actor).where(Member.phone == phone).order_by(Member.number).limit(20)
    return [get_member(session, row.id) for row in session.scalars(query)]


def names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """`number name` by id, for lists of other rooms."""
    wanted = {member_id for member_id in ids if member_id}
    if not wanted:
        return {}
    query = select(Member).where(Member.id.in_(wanted))
    return {row.id: f"{row.number} {row.full_name}" for row in session.scalars(query)}


def labels() -> Subquery:
    """Id, number and full name of every member, for lists of other rooms to join and to sort by."""
    name = Member.surname + " " + Member.given_names
    return select(Member.id, Member.number, name.label("name")).subquery("member_labels")


def next_of_kin(session: Session, member_id: UUID, *, past: bool = False) -> list[NextOfKin]:
    """The nominees that bind now; with `past` those who were named before, the latest first."""
    query = select(NextOfKin).where(NextOfKin.member_id == member_id)
    if past:
        return list(session.scalars(query.where(NextOfKin.until.is_not(None)).order_by(NextOfKin.until.desc())))
    return list(
        session.scalars(query.where(NextOfKin.until.is_(None)).order_by(NextOfKin.share.desc(), NextOfKin.name))
    )


def kyc_items(session: Session, member: Member, today: date) -> list[KycItem]:
    """What should be known of this member, and whether it is."""
    kinds = latest_documents(session, member.id).keys()
    return rules.kyc_items(member, kinds, len(next_of_kin(session, member.id)), today)


def kin_of(session: Session, member_id: UUID) -> tuple[Kin, ...]:
    """The same as values, to compare and to tell."""
    names = Kin.__dataclass_fields__
    return tuple(Kin(**{name: getattr(row, name) for name in names}) for row in next_of_kin(session, member_id))


def twins(session: Session, person: Likeness, but: UUID | None = None) -> list[Twin]:
    """Who may be the same person: the same NIN, the same phone, a name that sounds the same and the same birthday.

    Looks into every branch: people register twice where nobody knows them.
    """
    others = select(Member) if but is None else select(Member).where(Member.id != but)
    found: dict[UUID, Twin] = {}
    if person.nin:
        mark = Member.nin_fingerprint == crypto.fingerprint(person.nin)
        _note_twins(found, session.scalars(others.where(mark)), "NIN", certain=True)
    if person.phone:
        _note_twins(found, session.scalars(others.where(Member.phone == person.phone).limit(3)), "phone number")
    if person.born and person.surname:
        surname, names = rules.sound(person.surname), rules.sound(f"{person.surname} {person.names}")
        born = session.scalars(others.where(Member.date_of_birth == person.born).limit(500))
        alike = [
            row for row in born if rules.sound(row.surname) & surname or len(rules.sound(row.full_name) & names) > 1
        ]
        _note_twins(found, alike[:5], "name and date of birth")
    return list(found.values())


def _note_twins(found: dict[UUID, Twin], rows: Iterable[Member], what: str, *, certain: bool = False) -> None:
    for row in rows:
        found.setdefault(row.id, Twin(row.id, row.number, row.full_name, what, row.branch_id, certain))


def label_column(member_id: ColumnElement[UUID | None] | InstrumentedAttribute[UUID | None]) -> ScalarSelect[str]:
    """`number name` as a column of another room's list, beside its own column of member ids."""
    label = func.concat(Member.number, " ", Member.surname, " ", Member.given_names)
    return select(label).where(Member.id == member_id).scalar_subquery()


def get_document(session: Session, actor: Actor, document_id: UUID) -> MemberDocument:
    """A document of a member in the actor's scope. Raises NotFound."""
    row = session.get(MemberDocument, document_id)
    if row is None:
        raise NotFound(what="document")
    get_row(session, actor, row.member_id)
    return row


def count_by_status(session: Session, actor: Actor) -> dict[str, int]:
    """How many members of the actor's branches are in each status."""
    query = select(Member.status, func.count()).group_by(Member.status)
    if actor.branch_ids is not None:
        query = query.where(Member.branch_id.in_(actor.branch_ids))
    return dict(session.execute(query).tuples().all())
