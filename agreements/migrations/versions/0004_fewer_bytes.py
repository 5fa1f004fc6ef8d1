"""rows of a waiting case in fewer bytes

Revision: 0004, after 0003

Enums become PostgreSQL's own, hashes bytes; what a waiting case has most rows of is laid out so
that nothing is lost to alignment: eight bytes first, then four, two, identifiers, the rest.
The proposed resolution, literally the same in every paper of a text, is kept with the text.
What has been carried out of the outbox is dropped (decision 0020).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENUMS: Final = {
    "authority_answer": ("approved", "deemed_approved", "filed", "refused"),
    "awaits": ("nobody", "machine", "people", "date"),
    "body_kind": ("district", "city_region", "independent_city", "town", "municipality"),
    "carry_reason": ("editorial", "untouched"),
    "case_state": ("running", "done", "withdrawn"),
    "committee_kind": (
        "council",
        "main_committee",
        "specialist_committee",
        "district_council",
        "district_committee",
    ),
    "condition": (
        "principle_round",
        "no_principle_round",
        "kreistag_first",
        "kreistag_last",
        "district_takes_part",
        "municipality_takes_part",
        "authority_involved",
        "publication_required",
        "funding_wanted",
    ),
    "consequence": ("new_version", "decide_again"),
    "consultation_role": ("preliminary", "recommendation", "decision"),
    "consultation_state": ("planned", "open", "held", "cancelled"),
    "copy_kind": ("scan", "electronic"),
    "copy_state": ("accepted", "to_confirm", "confirmed"),
    "due_kind": ("internal", "authority", "statutory"),
    "instrument": (
        "mandating_agreement",
        "delegating_agreement",
        "working_group",
        "public_law_contract",
    ),
    "kreistag_order": ("before_councils", "after_councils"),
    "mail_kind": ("task", "reminder", "escalation", "digest", "operator"),
    "mail_rhythm": ("immediately", "daily", "weekly", "never"),
    "mail_state": ("waiting", "sent", "kept", "failed", "bounced"),
    "materiality": ("editorial", "material"),
    "notice_kind": (
        "task_opened",
        "task_assigned",
        "task_handed_back",
        "task_commented",
        "follow_up",
        "reminder_before",
        "reminder_due",
        "reminder_after",
        "due_moved",
        "escalated_to_supervisor",
        "escalated_to_lead",
        "substitution",
        "substitution_gap",
        "operator",
    ),
    "outbox_kind": ("event",),
    "outcome": (
        "adopted",
        "adopted_amended",
        "adopted_conditionally",
        "partly_adopted",
        "rejected",
        "deferred",
        "referred",
        "withdrawn",
        "noted",
    ),
    "party_role": ("lead", "applicant", "performing", "member"),
    "plan_state": ("drafted", "checked", "returned"),
    "priority": ("low", "normal", "high"),
    "proposal_kind": ("rewording", "addition", "deletion", "move", "comment", "formatting"),
    "proposal_state": ("open", "accepted", "rejected", "noted"),
    "record_kind": (
        "objection",
        "objection_lifted",
        "annulment",
        "revocation",
        "confirmation",
        "correction",
        "renewal",
    ),
    "reservation_state": ("open", "fulfilled", "failed"),
    "role": ("legal", "clerk", "signatory", "treasurer", "admin", "supervisor", "authority"),
    "round": ("principle", "agreement"),
    "signature_form": ("written", "qualified_electronic", "text"),
    "signing_capacity": ("head", "general_deputy", "authorised"),
    "stage_kind": (
        "drafting",
        "coordination",
        "council_resolutions",
        "kreistag_decision",
        "resolutions_check",
        "signing",
        "supervisory_approval",
        "publication",
        "publication_notices",
        "entry_into_force",
        "finance_plan",
        "funding_application",
    ),
    "stage_state": ("not_due", "ready", "open", "done", "skipped", "superseded", "blocked"),
    "task_kind": (
        "submit_draft",
        "give_statement",
        "freeze_version",
        "record_resolution",
        "confirm_resolutions",
        "record_signature",
        "submit_to_authority",
        "record_authority_answer",
        "record_publication",
        "record_notice",
        "draft_finance_plan",
        "check_finance_plan",
        "submit_application",
        "judge_amendment",
        "settle_reservation",
        "confirm_urgent_decision",
        "ad_hoc",
    ),
    "task_state": ("open", "done", "cancelled"),
    "token_kind": ("session", "personal"),
    "urgency": ("main_committee", "head_and_member"),
    "verdict": ("agreed", "changes_wanted"),
    "version_kind": ("principle", "agreement"),
}

# (table, column, its type from now on)
_ALTERED: Final = (
    ("bodies", "kind", "body_kind"),
    ("users", "mail_rhythm", "mail_rhythm"),
    ("committees", "kind", "committee_kind"),
    ("committees", "role", "consultation_role"),
    ("duties", "role", "role"),
    ("mails", "kind", "mail_kind"),
    ("mails", "state", "mail_state"),
    ("signatories", "capacity", "signing_capacity"),
    ("tokens", "kind", "token_kind"),
    ("outbox", "kind", "outbox_kind"),
    ("substitutions", "role", "role"),
    ("text_versions", "kind", "version_kind"),
    ("approvals", "answer", "authority_answer"),
    ("finance_plans", "state", "plan_state"),
    ("proposals", "kind", "proposal_kind"),
    ("proposals", "state", "proposal_state"),
    ("signed_copies", "kind", "copy_kind"),
    ("signed_copies", "state", "copy_state"),
    ("signatures", "form", "signature_form"),
    ("notices", "kind", "notice_kind"),
    ("carries", "because", "carry_reason"),
    ("reconciliations", "materiality", "materiality"),
    ("reconciliations", "consequence", "consequence"),
    ("reservations", "state", "reservation_state"),
    ("resolution_records", "kind", "record_kind"),
)

# Hashes of texts that are kept as bytes.
_DIGESTS: Final = ("text_versions", "documents", "signatures", "signed_copies")

# The titles that all tasks of a kind have: where it has this one, a task keeps none of its own.
_TITLES: Final = {
    "submit_draft": "Entwurf vorlegen",
    "give_statement": "Stellung nehmen",
    "freeze_version": "Textfassung festschreiben",
    "record_resolution": "Beschluss erfassen",
    "confirm_resolutions": "Beschlusslage feststellen",
    "record_signature": "Unterschrift erfassen",
    "submit_to_authority": "Bei der Aufsichtsbehörde einreichen",
    "record_authority_answer": "Antwort der Aufsichtsbehörde erfassen",
    "record_publication": "Bekanntmachung erfassen",
    "record_notice": "Hinweis auf die Bekanntmachung erfassen",
    "draft_finance_plan": "Kosten- und Finanzierungsplan aufstellen",
    "check_finance_plan": "Kosten- und Finanzierungsplan prüfen",
    "submit_application": "Förderantrag einreichen",
    "judge_amendment": "Abweichenden Beschluss beurteilen",
    "settle_reservation": "Vorbehalt klären",
    "confirm_urgent_decision": "Genehmigung der Dringlichkeitsentscheidung erfassen",
    "ad_hoc": "Zusätzliche Aufgabe",
}

_NOT_NULL: Final = " NOT NULL"

# The tables that are made anew, in the order in which their columns lie.
_LAYOUTS: Final = {
    "cases": (
        "started_at timestamptz NOT NULL",
        "instrument instrument NOT NULL",
        "kreistag_order kreistag_order NOT NULL",
        "state case_state NOT NULL",
        "started_on date NOT NULL",
        "ended_on date",
        "version integer NOT NULL",
        "journal_number integer NOT NULL",
        "procedure_version smallint NOT NULL",
        "id uuid NOT NULL",
        "started_by uuid NOT NULL",
        "principle_round boolean NOT NULL",
        "retrospective boolean NOT NULL",
        "reference varchar NOT NULL",
        "title varchar NOT NULL",
        "subject varchar NOT NULL",
        "land varchar NOT NULL",
        "procedure varchar NOT NULL",
        "conditions condition[] NOT NULL",
        "programme varchar",
        "ended_because varchar",
        "journal_hash bytea NOT NULL",
    ),
    "parties": (
        "joined_on date NOT NULL",
        "left_on date",
        "position smallint NOT NULL",
        "case_id uuid NOT NULL",
        "body_id uuid NOT NULL",
        "roles party_role[] NOT NULL",
        "left_because varchar",
    ),
    "stages": (
        "state_since timestamptz NOT NULL",
        "prepared_at timestamptz",
        "halted_at timestamptz",
        "kind stage_kind NOT NULL",
        "round round",
        "state stage_state NOT NULL",
        "awaits awaits NOT NULL",
        "last_act_on date",
        "done_on date",
        "number smallint NOT NULL",
        "position smallint NOT NULL",
        "attempt smallint NOT NULL",
        "id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "flow_run_id uuid",
        "run_ended boolean NOT NULL",
        "key varchar NOT NULL",
        "reason varchar NOT NULL",
        "halt_reason varchar",
        "failure varchar",
        "superseded_because varchar",
    ),
    "tasks": (
        "opened_at timestamptz NOT NULL",
        "announced_at timestamptz",
        "claimed_at timestamptz",
        "completed_at timestamptz",
        "cancelled_at timestamptz",
        "role role NOT NULL",
        "kind task_kind NOT NULL",
        "state task_state NOT NULL",
        "priority priority NOT NULL",
        "due_on date",
        "due_kind due_kind",
        "follow_up_on date",
        "version smallint NOT NULL",
        "id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "stage_id uuid NOT NULL",
        "body_id uuid NOT NULL",
        "consultation_id uuid",
        "subject_id uuid",
        "claimed_by uuid",
        "assigned_by uuid",
        "delegated_by uuid",
        "completed_by uuid",
        "completed_for uuid",
        "own_title varchar",
        "details varchar NOT NULL",
        "not_by varchar[]",
        "due_reason varchar",
        "search_text varchar NOT NULL",
    ),
    "papers": (
        "dated_on date NOT NULL",
        "id uuid NOT NULL",
        "case_id uuid NOT NULL",
        "stage_id uuid NOT NULL",
        "body_id uuid NOT NULL",
        "version_id uuid NOT NULL",
        "text_hash bytea NOT NULL",
        "number varchar NOT NULL",
        "superseded_because varchar",
    ),
    "consultations": (
        "role consultation_role NOT NULL",
        "state consultation_state NOT NULL",
        "position smallint NOT NULL",
        "id uuid NOT NULL",
        "paper_id uuid NOT NULL",
        "committee_id uuid NOT NULL",
        "public boolean NOT NULL",
    ),
    "resolutions": (
        "recorded_at timestamptz NOT NULL",
        "outcome outcome NOT NULL",
        "decided_on date NOT NULL",
        "urgency urgency",
        "votes_yes smallint",
        "votes_no smallint",
        "votes_abstained smallint",
        "members_present smallint",
        "members_excluded smallint NOT NULL",
        "id uuid NOT NULL",
        "consultation_id uuid NOT NULL",
        "agenda_item_id uuid",
        "corrects_id uuid",
        "recorded_by uuid NOT NULL",
        "unanimous boolean",
        "sample boolean NOT NULL",
        "text_hash bytea NOT NULL",
        "wording varchar NOT NULL",
        "amendments jsonb",
        "source_text varchar NOT NULL",
        "urgent jsonb",
        "remark varchar NOT NULL",
    ),
    "statements": (
        "given_at timestamptz NOT NULL",
        "verdict verdict NOT NULL",
        "given_on date NOT NULL",
        "id uuid NOT NULL",
        "version_id uuid NOT NULL",
        "body_id uuid NOT NULL",
        "given_by uuid NOT NULL",
        "comment varchar NOT NULL",
    ),
}

# The indexes that become others, and the columns and their keys that are not needed: a party is
# one by its case and body, a statement is of the case of its text.
_GONE: Final = (
    "ix_statements_case_id",
    "fk_statements_case_id",
    "pk_parties",
    "uq_parties_case_id_body_id",
)

# These indexes become others (most compare an enum); the rest is made again as it was.
_INDEXES: Final = {
    "ix_stages_live": "(awaits) WHERE state IN ('ready', 'open', 'blocked')",
    "uq_tasks_open_purpose": "(stage_id, body_id, kind, "
    "coalesce(consultation_id, '00000000-0000-0000-0000-000000000000'), "
    "coalesce(subject_id, '00000000-0000-0000-0000-000000000000')) WHERE state = 'open'",
    "ix_tasks_inbox": "(body_id, role, id) WHERE state = 'open'",
    "ix_tasks_inbox_due": "(body_id, role, coalesce(due_on, 'infinity'::date), id) "
    "WHERE state = 'open'",
    "ix_tasks_inbox_priority": "(body_id, role, priority, id) "
    "WHERE state = 'open' AND priority <> 'normal'",
    "ix_tasks_due": "(due_on) WHERE state = 'open'",
    "ix_tasks_unannounced": "(id) WHERE state = 'open' AND announced_at IS NULL",
    "ix_tasks_claimed_by": "(claimed_by) WHERE state = 'open'",
    "ix_tasks_search": "USING gin (search_text gin_trgm_ops) WHERE state = 'open'",
    "ix_statements_version_id": "(version_id)",
}


def upgrade() -> None:
    for name, values in _ENUMS.items():
        members = ", ".join(f"'{value}'" for value in values)
        op.execute(f"CREATE TYPE {name} AS ENUM ({members})")
    _drop_carried_out()
    _move_proposals()
    op.execute("DROP INDEX ix_mails_waiting")
    op.execute("ALTER TABLE users ALTER mail_rhythm DROP DEFAULT")
    for table, column, name in _ALTERED:
        _alter(table, column, name)
    op.execute("ALTER TABLE users ALTER mail_rhythm SET DEFAULT 'daily'")
    op.execute("CREATE INDEX ix_mails_waiting ON mails (next_attempt_at) WHERE state = 'waiting'")
    for table in _DIGESTS:
        op.execute(f"ALTER TABLE {table} ALTER text_hash TYPE bytea USING decode(text_hash, 'hex')")
    _make_anew()


def _drop_carried_out() -> None:
    op.execute("DELETE FROM outbox WHERE carried_out_at IS NOT NULL")
    op.execute("DROP INDEX ix_outbox_waiting")
    op.execute("ALTER TABLE outbox DROP carried_out_at")


def _move_proposals() -> None:
    """The papers of a text propose the same; were it not so, nothing would be lost silently."""
    differing = op.get_bind().scalar(
        sa.text("""
            SELECT count(*) FROM (
                SELECT 1 FROM papers GROUP BY version_id HAVING count(DISTINCT proposal) > 1
            ) AS versions
        """)
    )
    if differing:
        raise RuntimeError("papers of one text propose different resolutions")
    op.execute("ALTER TABLE text_versions ADD proposal jsonb")
    op.execute("""
        UPDATE text_versions SET proposal = papers.proposal FROM papers
        WHERE papers.version_id = text_versions.id
    """)


def _alter(table: str, column: str, name: str) -> None:
    """The values stay; that they are members is now the type's own affair."""
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{_check(name)}")
    op.execute(f"ALTER TABLE {table} ALTER {column} TYPE {name} USING {column}::text::{name}")


def _check(name: str) -> str:
    return name.replace("_", "")


def _make_anew() -> None:
    constraints, indexes = _constraints(), _other_indexes()
    for table, columns in _LAYOUTS.items():
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_of_before")
        plain = ", ".join(column.removesuffix(_NOT_NULL) for column in columns)
        op.execute(f"CREATE TABLE {table} ({plain})")
        names = ", ".join(column.split()[0] for column in columns)
        values = ", ".join(map(_value, columns))
        op.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}_of_before")
    for table, columns in _LAYOUTS.items():
        op.execute(f"DROP TABLE {table}_of_before CASCADE")
        # Only now are the names free that PostgreSQL gives to these constraints.
        given = [column.split()[0] for column in columns if column.endswith(_NOT_NULL)]
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER {c} SET NOT NULL" for c in given))
    op.execute("ALTER TABLE parties ADD CONSTRAINT pk_parties PRIMARY KEY (case_id, body_id)")
    for table, name, definition in constraints:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for definition in indexes:
        op.execute(definition)
    for name, definition in _INDEXES.items():
        unique, table = ("UNIQUE " if name.startswith("uq") else ""), name.split("_")[1]
        op.execute(f"CREATE {unique}INDEX {name} ON {table} {definition}")
    op.execute("ALTER TABLE tasks ALTER priority SET DEFAULT 'normal'")
    op.execute("ALTER TABLE tasks ALTER search_text SET DEFAULT ''")


def _value(column: str) -> str:
    """How a column's value is brought over."""
    name, type_ = column.removesuffix(_NOT_NULL).split(" ")
    if name == "own_title":
        pairs = ", ".join(f"('{kind}', '{title}')" for kind, title in _TITLES.items())
        return f"CASE WHEN (kind, title) NOT IN ({pairs}) THEN title END"
    if type_.removesuffix("[]") in _ENUMS:
        return f"{name}::text{type_[len(type_.removesuffix('[]')) :]}::{type_}"
    if type_ == "bytea":
        return f"decode({name}, 'hex')"
    if type_ == "jsonb":
        # JSON's own null says no more than none.
        return f"nullif({name}, 'null')"
    return f"nullif({name}, '{{}}')" if name == "not_by" else name


def _constraints() -> list[tuple[str, str, str]]:
    """Keys, then references of and to the tables, in the words of the database."""
    rows = op.get_bind().execute(
        sa.text("""
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            FROM pg_constraint
            WHERE conname <> ALL(:gone) AND (
                (contype IN ('p', 'u', 'f') AND conrelid = ANY(CAST(:tables AS regclass[])))
                OR (contype = 'f' AND confrelid = ANY(CAST(:tables AS regclass[])))
                OR (contype = 'c' AND conname LIKE 'ck_resolutions_votes_%')
            )
            ORDER BY contype = 'f', contype, conname
        """),
        {"tables": list(_LAYOUTS), "gone": list(_GONE)},
    )
    return [(table, name, definition) for table, name, definition in rows]


def _other_indexes() -> Iterable[str]:
    rows = op.get_bind().execute(
        sa.text("""
            SELECT pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = ANY(CAST(:tables AS regclass[]))
                AND indexrelid::regclass::text <> ALL(:made)
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        """),
        {"tables": list(_LAYOUTS), "made": [*_INDEXES, *_GONE]},
    )
    return [row[0] for row in rows]
