"""The three sample applies of a new site, made by the real embedded engine.

Must not know: the command that asks for them.
"""

from __future__ import annotations

from importlib import resources

from applyweb.actions.applies import create_apply
from applyweb.jobs.worker import worker
from applyweb.models import Apply, User

# folder under applyweb/samples: (the file's name there, the path shown)
_SAMPLES = (
    ("retry", "fetch.py", "harbor/fetch.py"),
    ("settings_panel", "panel.ts", "web/settings/panel.ts"),
    ("deploy", "deploy.sh", "ops/deploy.sh"),
)


def ensure_samples(owner: User) -> None:
    """Queues the samples unless `owner` has any apply already."""
    if Apply.objects.filter(owner=owner).exists():
        return
    for folder, name, path in _SAMPLES:
        place = resources.files("applyweb") / "samples" / folder
        original = (place / name).read_text(encoding="utf-8")
        chat = (place / "chat.md").read_text(encoding="utf-8")
        apply = create_apply(owner, original=original, chat=chat, path=path, engine="embedded")
        worker.enqueue_apply(apply.id)
