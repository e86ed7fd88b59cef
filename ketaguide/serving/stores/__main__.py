"""What an operator does with the stores: `python -m ketaguide.serving.stores backup|restore|erase|expire`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from ketaguide.serving.stores import backup

# What needs Rasa is imported where it is used: a backup should not wait seconds for it.


def main() -> int:
    """Returns 0, or 1 with the reason on the error output."""
    options = _parser().parse_args()
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    try:
        print(options.work(options))
    except (backup.BackupError, ValueError) as error:  # each kind of unusable setting is a ValueError
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ketaguide.serving.stores", description=__doc__)
    parser.add_argument("--state", type=Path, default=Path("var"), help="the folder of state (default: var)")
    parser.add_argument("--content", type=Path, default=Path("data"), help="the folder of content (default: data)")
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("backup", help="write one file with conversations, content and keys")
    making.add_argument("folder", type=Path)
    making.add_argument("--keep", type=int, default=14, help="how many backups to keep in that folder; 0 for all")
    making.set_defaults(work=_backup)
    restoring = commands.add_parser("restore", help="put a backup in place; stop the assistant first")
    restoring.add_argument("file", type=Path)
    restoring.set_defaults(work=_restore)
    erasing = commands.add_parser("erase", help="delete one conversation from every store")
    erasing.add_argument("conversation", help="its id, such as web-…")
    erasing.set_defaults(work=_erase)
    expiring = commands.add_parser("expire", help="delete what is older than RETENTION_DAYS; the assistant does it too")
    expiring.set_defaults(work=_expire)
    return parser


def _backup(options: argparse.Namespace) -> str:
    file = backup.make(options.state, options.content, options.folder)
    dropped = backup.drop_older(options.folder, options.keep)
    return f"Written: {file}" + (f"; {len(dropped)} older deleted." if dropped else "")


def _restore(options: argparse.Namespace) -> str:
    aside = backup.restore(options.file, options.state, options.content)
    kept = " and ".join(map(str, aside))
    return f"Restored. What was there before is in {kept}; delete it once all is well." if kept else "Restored."


def _erase(options: argparse.Namespace) -> str:
    from ketaguide.serving.crisis_states import CrisisStates
    from ketaguide.serving.recent_messages import RecentMessages
    from ketaguide.serving.stores.conversations import ConversationStore

    store = ConversationStore(db=str(options.state / "conversations.db"), expires=False)
    asyncio.run(store.erase(options.conversation))
    CrisisStates(options.state).forget(options.conversation)
    RecentMessages().forget(options.conversation)
    if store.events.is_away:
        raise backup.BackupError("The database is away. The conversation is deleted as soon as it is back.")
    return "The conversation is deleted. Backups hold it until they are deleted themselves."


def _expire(options: argparse.Namespace) -> str:
    from ketaguide.serving.stores import retention
    from ketaguide.serving.stores.conversations import ConversationStore

    store = ConversationStore(db=str(options.state / "conversations.db"), expires=False)
    return f"Deleted {retention.delete_older(store.table, retention.retention_days())} events."


if __name__ == "__main__":
    sys.exit(main())
