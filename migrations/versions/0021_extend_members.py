"""Members: more of what is known of a person, next of kin by version, files that wait, changes that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_extend_members"
down_revision = "0020_close_and_wake_savings"
branch_labels = None
depends_on = None

TEXTS = {
    "other_names": 120,
    "birth_place": 80,
    "phone_2": 20,
    "wallet_phone": 20,
    "wallet_name": 120,
    "employment": 20,
    "payroll_number": 30,
    "pep_detail": 120,
}


def upgrade() -> None:
    for name, length in TEXTS.items():
        op.add_column("members", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    op.add_column("members", sa.Column("risk_rating", sa.String(length=10), server_default="low", nullable=False))
    op.add_column("members", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column("members", sa.Column("data_consent_on", sa.Date(), nullable=True))
    op.add_column("members", sa.Column("kyc_percent", sa.SmallInteger(), server_default="0", nullable=False))
    op.drop_index("ix_members_surname_date_of_birth", table_name="members")
    op.create_index("ix_members_surname_given_names", "members", ["surname", "given_names"], unique=False)
    op.create_index("ix_members_date_of_birth", "members", ["date_of_birth"], unique=False)
    op.add_column("next_of_kin", sa.Column("born_on", sa.Date(), nullable=True))
    op.add_column("next_of_kin", sa.Column("address", sa.String(length=120), server_default="", nullable=False))
    since = sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    op.add_column("next_of_kin", since)
    op.alter_column("next_of_kin", "since", server_default=None)
    op.add_column("next_of_kin", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("member_documents", sa.Column("added_by", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_member_documents_added_by_users", "member_documents", "users", ["added_by"], ["id"])
    op.add_column("member_documents", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE member_documents SET accepted_at = added_at")
    op.create_table(
        "member_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_member_changes_member_id_members"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_member_changes_made_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_member_changes"),
    )
    op.create_index("ix_member_changes_member_id", "member_changes", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("member_changes")
    op.drop_column("member_documents", "accepted_at")
    op.drop_column("member_documents", "added_by")
    for name in ("until", "since", "address", "born_on"):
        op.drop_column("next_of_kin", name)
    op.drop_index("ix_members_date_of_birth", table_name="members")
    op.drop_index("ix_members_surname_given_names", table_name="members")
    op.create_index("ix_members_surname_date_of_birth", "members", ["surname", "date_of_birth"], unique=False)
    for name in (*TEXTS, "risk_rating", "review_on", "data_consent_on", "kyc_percent"):
        op.drop_column("members", name)
