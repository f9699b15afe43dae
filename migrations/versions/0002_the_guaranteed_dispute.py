"""the guaranteed dispute

Long locks stop the counter: add columns as nullable, fill them apart, and remember that the version before
this one still runs while this migrates.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("substitute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_absence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["substitute_id"], ["account.id"], name=op.f("fk_absence_substitute_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_account_id_last", ["account_id", "last"], unique=False)

    op.create_table(
        "organisation_claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_organisation_claim_decided_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_claim_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_claim")),
    )
    with op.batch_alter_table("organisation_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_claim_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_claim_status"), ["status"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_promise_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "regime_switch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("regime_id", sa.String(length=24), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_regime_switch_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regime_switch")),
        sa.UniqueConstraint("regime_id", name=op.f("uq_regime_switch_regime_id")),
    )
    op.create_table(
        "staffing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("within_minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staffing_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing")),
    )
    with op.batch_alter_table("staffing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staffing_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["complaint_case.id"], name=op.f("fk_dossier_case_id_complaint_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_sha256"), ["sha256"], unique=False)

    op.create_table(
        "human_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("slot_at", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("met_at", sa.DateTime(), nullable=True),
        sa.Column("met_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_human_request_case_id_complaint_case")
        ),
        sa.ForeignKeyConstraint(["met_by"], ["account.id"], name=op.f("fk_human_request_met_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_human_request_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_human_request")),
    )
    with op.batch_alter_table("human_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_human_request_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_human_request_organisation_id_status_due_at", ["organisation_id", "status", "due_at"], unique=False
        )

    op.create_table(
        "inbound_mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_inbound_mail_case_id_complaint_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("message_hash", name=op.f("uq_inbound_mail_message_hash")),
    )
    with op.batch_alter_table("inbound_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_mail_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_mail_case_id"), ["case_id"], unique=False)

    op.create_table(
        "mediator_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaint_case.id"], name=op.f("fk_mediator_link_case_id_complaint_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediator_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_mediator_link_secret_hash")),
    )
    with op.batch_alter_table("mediator_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediator_link_case_id"), ["case_id"], unique=False)

    op.create_table(
        "pledge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["complaint_case.id"], name=op.f("fk_pledge_case_id_complaint_case")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pledge_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_pledge_promise_id_promise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("case_id", "promise_id", name=op.f("uq_pledge_case_id_promise_id")),
    )
    with op.batch_alter_table("pledge", schema=None) as batch_op:
        batch_op.create_index("ix_pledge_organisation_id_settled_at", ["organisation_id", "settled_at"], unique=False)
        batch_op.create_index("ix_pledge_status_due_at", ["status", "due_at"], unique=False)

    op.create_table(
        "mediator_opening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["mediator_link.id"], name=op.f("fk_mediator_opening_link_id_mediator_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediator_opening")),
    )
    with op.batch_alter_table("mediator_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mediator_opening_link_id"), ["link_id"], unique=False)

    op.create_table(
        "remedy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pledge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decide_by", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("give_by", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["complaint_case.id"], name=op.f("fk_remedy_case_id_complaint_case")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_remedy_decided_by_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_remedy_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_remedy_pledge_id_pledge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedy")),
        sa.UniqueConstraint("pledge_id", name=op.f("uq_remedy_pledge_id")),
    )
    with op.batch_alter_table("remedy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remedy_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_remedy_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_remedy_status"), ["status"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("working_days", sa.String(length=7), server_default="12345", nullable=False))
        batch_op.add_column(sa.Column("pseudonymous", sa.Boolean(), server_default="0", nullable=False))

    with op.batch_alter_table("clock_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extended_from", sa.Date(), nullable=True))

    with op.batch_alter_table("complaint_case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("redirected_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("watch_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_complaint_case_watch_on",
            ["watch_on"],
            unique=False,
            sqlite_where=sa.text("watch_on IS NOT NULL"),
            postgresql_where=sa.text("watch_on IS NOT NULL"),
        )

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email_verified_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminders_off_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("once", sa.String(length=120), nullable=True))
        batch_op.add_column(
            sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("printed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("printed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("posted_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_letter_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_once"), ["once"], unique=True)

    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("conditions", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("counter", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("paid_said", sa.String(length=4), server_default="", nullable=False))
        # What a mediator proposed and both sides accepted was made by nobody who signs in here.
        batch_op.alter_column(
            "made_by", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        )

    with op.batch_alter_table("point", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreed", sa.Text(), server_default="", nullable=False))
    # PostgreSQL never got the one reference that closes a ring (organisation -> account -> organisation).
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_organisation_duty_account_id_account", "organisation", "account", ["duty_account_id"], ["id"]
        )
    # What runs already is looked at once, which finds its next day.
    op.execute("UPDATE complaint_case SET watch_on = CURRENT_DATE WHERE lane IS NOT NULL AND sent_at IS NOT NULL")


def downgrade() -> None:
    """There is no way back but the backup: promises given to people cannot be taken out of a journal."""
    raise NotImplementedError("restore the backup that was taken before")
