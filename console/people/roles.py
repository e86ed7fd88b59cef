"""Who may do what: the one table that every screen and every action asks."""

from __future__ import annotations

from enum import Enum
from typing import Dict, FrozenSet, Optional, Tuple

from ketaguide.content.model import Risk


class Role(str, Enum):
    """A person's place in the clinic."""

    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    CLINICIAN = "clinician"
    MANAGER = "manager"


ROLE_NAMES: Dict[str, str] = {
    Role.FRONT_DESK.value: "Front desk",
    Role.NURSE.value: "Nurse editor",
    Role.CLINICIAN.value: "Clinician",
    Role.MANAGER.value: "Manager",
}


class Action(str, Enum):
    """Something a person does; the values are keys of the log."""

    PROPOSE = "propose"
    APPROVE = "approve"
    PUBLISH = "publish"
    PUBLISH_PHRASES = "publish_phrases"
    CHANGE_FACTS = "change_facts"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    READ_VISITORS_WORDS = "read_visitors_words"
    TEST_CHAT = "test_chat"
    SEE_REPORTS = "see_reports"
    EXPORT = "export"
    IMPORT = "import"
    SEE_LOG = "see_log"
    MANAGE_PEOPLE = "manage_people"
    CHANGE_SETTINGS = "change_settings"


_ALL = frozenset(Role)
_EDITORS = frozenset({Role.NURSE, Role.CLINICIAN, Role.MANAGER})
_CLINICIANS = frozenset({Role.CLINICIAN})
_MANAGERS = frozenset({Role.MANAGER})
_NOBODY: FrozenSet[Role] = frozenset()

# Actions whose answer does not depend on the tier stand under None.
PERMITTED: Dict[Tuple[Action, Optional[Risk]], FrozenSet[Role]] = {
    (Action.PROPOSE, None): _ALL,
    (Action.APPROVE, "logistics"): _EDITORS,
    # Topics of the tier "fact" state general knowledge about a medicine: a clinician signs them too.
    (Action.APPROVE, "fact"): _CLINICIANS,
    (Action.APPROVE, "clinical"): _CLINICIANS,
    (Action.APPROVE, "safety"): _CLINICIANS,
    (Action.PUBLISH, None): _EDITORS,
    (Action.PUBLISH_PHRASES, None): _EDITORS,
    (Action.CHANGE_FACTS, None): _ALL,
    (Action.WITHDRAW, "fact"): _ALL,
    (Action.WITHDRAW, "logistics"): _ALL,
    (Action.WITHDRAW, "clinical"): _ALL,
    # Withdrawing one would leave a person in danger without it; it is replaced, never removed.
    (Action.WITHDRAW, "safety"): _NOBODY,
    (Action.RESTORE, None): _EDITORS,
    (Action.READ_VISITORS_WORDS, None): _CLINICIANS,
    (Action.TEST_CHAT, None): _ALL,
    (Action.SEE_REPORTS, None): _ALL,
    (Action.EXPORT, None): _EDITORS,
    (Action.IMPORT, None): _MANAGERS,
    (Action.SEE_LOG, None): frozenset({Role.CLINICIAN, Role.MANAGER}),
    (Action.MANAGE_PEOPLE, None): _MANAGERS,
    (Action.CHANGE_SETTINGS, None): _MANAGERS,
}
# Roles that a manager may allow to read what visitors wrote, person by person.
GRANTABLE_READERS = frozenset({Role.NURSE, Role.MANAGER})


def permitted(role: Role, action: Action, tier: Optional[Risk] = None, *, reads_words: bool = False) -> bool:
    """Tells whether a role may do this to an answer of this tier.

    Args:
        role: The person's role.
        action: What the person wants to do.
        tier: The answer's risk tier; ignored where the action is the same for all.
        reads_words: Whether a manager allowed this person to read visitors' words.
    """
    if action is Action.READ_VISITORS_WORDS and reads_words and role in GRANTABLE_READERS:
        return True
    allowed = PERMITTED.get((action, tier), PERMITTED.get((action, None), _NOBODY))
    return role in allowed
