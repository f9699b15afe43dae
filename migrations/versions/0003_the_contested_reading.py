"""the contested reading

Long locks stop the counter: add columns as nullable, fill them apart, and remember that the version before
this one still runs while this migrates.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "reading_opinion",
        sa.Column("id", _id(), nullable=False),
        sa.Column("case_id", _id(), nullable=False),
        sa.Column("organisation_id", _id(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("reader_version", sa.String(length=32), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(), nullable=True),
        sa.Column("account_id", _id(), nullable=True),
        sa.Column("answer_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reading_opinion_account_id_account")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_reading_opinion_case_id_complaint_case")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reading_opinion_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_opinion")),
    )
    with op.batch_alter_table("reading_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_opinion_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_reading_opinion_organisation_id_status_due_at", ["organisation_id", "status", "due_at"], unique=False
        )

    op.create_table(
        "review_pick",
        sa.Column("id", _id(), nullable=False),
        sa.Column("case_id", _id(), nullable=False),
        sa.Column("organisation_id", _id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["complaint_case.id"], name=op.f("fk_review_pick_case_id_complaint_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_review_pick_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_pick")),
        sa.UniqueConstraint("case_id", "why", name=op.f("uq_review_pick_case_id_why")),
    )
    with op.batch_alter_table("review_pick", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_pick_organisation_id_done_at_day", ["organisation_id", "done_at", "day"], unique=False
        )

    op.create_table(
        "reader_switch",
        sa.Column("id", _id(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", _id(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reader_switch_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_switch")),
    )

    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reasons", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("known", sa.Integer(), nullable=True))

    with op.batch_alter_table("theme_ruling", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=8), server_default="desk", nullable=False))


def downgrade() -> None:
    """There is no way back but the backup: promises given to people cannot be taken out of a journal."""
    raise NotImplementedError("restore the backup that was taken before")
