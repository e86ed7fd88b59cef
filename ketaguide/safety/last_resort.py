"""What visitors read when nothing else can be read: standard library only, no files, never raises.

The numbers here repeat those of the resource file; a test compares them.
"""

from __future__ import annotations

FIND_A_HELPLINE = "https://findahelpline.com"

_EMERGENCY_NUMBERS = "911 (US, Canada, Mexico), 999 (UK), 112 (EU, India), 000 (Australia), 111 (New Zealand)"
_EMERGENCY_NUMBERS_ES = "911 (EE. UU., Canadá, México), 112 (España y la UE), 999 (Reino Unido)"

EMERGENCY_LINE = {
    "en": (
        f"In danger? Call your emergency number now: {_EMERGENCY_NUMBERS}. "
        f"To talk to someone: call or text 988 (US, Canada), or find a helpline at {FIND_A_HELPLINE}. "
        "I'm an automated assistant. No person is watching this chat."
    ),
    "es": (
        f"¿Hay peligro? Llama ya a emergencias: {_EMERGENCY_NUMBERS_ES}. "
        f"Para hablar con alguien: 988 (EE. UU.), 024 (España) o busca una línea en {FIND_A_HELPLINE}. "
        "Soy un asistente automático. Ninguna persona vigila este chat."
    ),
}

_FIRST = {
    "en": {
        "suicide": "Thank you for telling me. Be with someone you trust, and away from anything that could hurt you.",
        "self_harm": "Thank you for telling me. If a wound is deep or won't stop bleeding, call for help now.",
        "medical_emergency": "This needs medical help now. Call, do not drive, and do not stay alone.",
        "overdose": "Get help now, even if you feel fine. Do not stay alone, and keep the packaging.",
        "harm_to_others": "Step away from the person and from anything that could hurt. Call another adult.",
        "abuse": "It is not your fault. Use a device that nobody else watches.",
        "third_party": "If it is safe, stay with them, ask directly and listen.",
        "distress": "That sounds really hard, and I'm glad you said it.",
    },
    "es": {
        "suicide": "Gracias por contármelo. Quédate con alguien de confianza y lejos de lo que pueda dañarte.",
        "self_harm": "Gracias por contármelo. Si una herida es profunda o no deja de sangrar, pide ayuda ya.",
        "medical_emergency": "Esto necesita ayuda médica ya. Llama, no conduzcas y no te quedes a solas.",
        "overdose": "Pide ayuda ya, aunque te sientas bien. No te quedes a solas y guarda el envase.",
        "harm_to_others": "Aléjate de la persona y de lo que pueda hacer daño. Llama a otro adulto.",
        "abuse": "No es culpa tuya. Usa un dispositivo que nadie más vigile.",
        "third_party": "Si no hay riesgo para ti, quédate a su lado, pregunta sin rodeos y escucha.",
        "distress": "Suena muy duro, y está bien que lo digas.",
    },
}

_HOLD = {
    "en": "Tell me when the danger is over, or if nobody is in danger, and I will answer.",
    "es": "Avísame cuando pase el peligro, o si nadie está en peligro, y te responderé.",
}


def emergency_line(language: str = "en") -> str:
    """Return the line for a failure whose cause is unknown."""
    return EMERGENCY_LINE["es" if language == "es" else "en"]


def last_resort_text(kind: str, language: str = "en", *, holds: bool = False) -> str:
    """Return a complete reply for a kind; any other kind gets the emergency line alone."""
    known = "es" if language == "es" else "en"
    first = _FIRST[known].get(kind, "")
    last = _HOLD[known] if holds else ""
    return "\n".join(part for part in (first, EMERGENCY_LINE[known], last) if part)
