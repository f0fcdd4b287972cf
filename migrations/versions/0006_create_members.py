"""Tables of the members room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_create_members"
down_revision = "0005_create_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("surname", sa.String(length=80), nullable=False),
        sa.Column("given_names", sa.String(length=120), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("nationality", sa.String(length=2), nullable=False),
        sa.Column("marital_status", sa.String(length=20), nullable=False),
        sa.Column("nin", sa.LargeBinary(), nullable=True),
        sa.Column("nin_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("id_card_number", sa.String(length=30), nullable=False),
        sa.Column("id_expires_on", sa.Date(), nullable=True),
        sa.Column("tin", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sms_consent", sa.Boolean(), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("sub_county", sa.String(length=60), nullable=False),
        sa.Column("parish", sa.String(length=60), nullable=False),
        sa.Column("village", sa.String(length=60), nullable=False),
        sa.Column("occupation", sa.String(length=80), nullable=False),
        sa.Column("employer", sa.String(length=80), nullable=False),
        sa.Column("source_of_funds", sa.String(length=80), nullable=False),
        sa.Column("monthly_income_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_pep", sa.Boolean(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_members_branch_id_branches"),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("number", name="uq_members_number"),
    )
    op.create_index("ix_members_branch_id_status", "members", ["branch_id", "status"], unique=False)
    op.create_index("ix_members_phone", "members", ["phone"], unique=False)
    op.create_index("ix_members_surname_date_of_birth", "members", ["surname", "date_of_birth"], unique=False)
    op.create_index("uq_members_nin_fingerprint", "members", ["nin_fingerprint"], unique=True)
    op.create_table(
        "member_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("mime", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_member_documents_member_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_member_documents"),
    )
    op.create_index("ix_member_documents_member_id_kind", "member_documents", ["member_id", "kind"], unique=False)
    op.create_table(
        "member_search_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_member_search_terms_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_member_search_terms"),
    )
    op.create_index("ix_member_search_terms_member_id", "member_search_terms", ["member_id"], unique=False)
    op.create_index(
        "ix_member_search_terms_term",
        "member_search_terms",
        ["term"],
        unique=False,
        postgresql_ops={"term": "text_pattern_ops"},
    )
    op.create_table(
        "next_of_kin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("relationship", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_next_of_kin_member_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_next_of_kin"),
    )
    op.create_index("ix_next_of_kin_member_id", "next_of_kin", ["member_id"], unique=False)
    op.execute("CREATE SEQUENCE member_numbers")


def downgrade() -> None:
    for table in ("next_of_kin", "member_search_terms", "member_documents", "members"):
        op.execute(f"DROP TABLE {table} CASCADE")
