"""Makes the database itself refuse to change or remove entries of the log."""

from __future__ import annotations

from typing import Any, List

from django.db import migrations

_SQLITE = [
    f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the log can only be added to'); END"
    for verb in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the log can only be added to'; END $$",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
]
_UNDO = {
    "sqlite": ["DROP TRIGGER audit_no_UPDATE", "DROP TRIGGER audit_no_DELETE"],
    "postgresql": ["DROP TRIGGER audit_append_only ON audit_auditentry", "DROP FUNCTION audit_refuse()"],
}


def protect(_: Any, editor: Any) -> None:
    """Adds the triggers."""
    _run(editor, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[editor.connection.vendor])


def unprotect(_: Any, editor: Any) -> None:
    """Removes the triggers."""
    _run(editor, _UNDO[editor.connection.vendor])


def _run(editor: Any, statements: List[str]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    """The log can only be added to."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
