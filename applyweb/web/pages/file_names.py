"""What a page calls the file of an apply. Must not know what the page shows of it."""

from __future__ import annotations

from applyweb.core.languages import TEXT, by_name


def folder_and_name(path: str, language: str) -> tuple[str, str]:
    """The folder with its slash, or nothing, and the name of a path; a file without one is called by its language."""
    folder, slash, name = path.replace("\\", "/").rpartition("/")
    return folder + slash, name or f"unnamed{(by_name(language) or TEXT).suffixes[0]}"
