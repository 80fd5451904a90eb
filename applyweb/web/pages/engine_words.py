"""What an engine is called on pages before it was asked anything. Must not know: engines, their state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineWords:
    """`icon` is a symbol of the sprite, without its prefix."""

    name: str
    title: str
    about: str
    icon: str


_KNOWN = {
    words.name: words
    for words in (
        EngineWords("embedded", "Embedded", "A merge on this machine; nothing leaves it.", "embedded"),
        EngineWords("auto", "Auto", "Embedded first; a model only where it is unsure.", "auto"),
        EngineWords("sglang", "SGLang", "Your own model server writes the whole file.", "sglang"),
        EngineWords("openai", "OpenAI API", "Any server that speaks it writes the whole file.", "openai"),
    )
}


def engine_words(name: str) -> EngineWords:
    """The words for an engine; one from a plugin is called by its name."""
    return _KNOWN.get(name) or EngineWords(name, name, "An engine added in the settings.", "engine")
