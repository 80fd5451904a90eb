"""Every setting of the site, from the environment; see README, Settings. Must not know: views, jobs, engines."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import platformdirs
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def _number(name: str, default: int) -> int:
    """A number of at least 1: none of the settings has a use for less. An empty variable counts as unset."""
    value = os.environ.get(name) or str(default)
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        sys.exit(f"{name} must be a whole number of 1 or more, not {value!r}.")
    return number


def _words(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]


DATA_DIR = Path(os.environ.get("APPLYWEB_DATA") or platformdirs.user_data_dir("applyweb", appauthor=False)).expanduser()


def _secret_key() -> str:
    """The signing key: from the environment, else made once and kept in the data folder, readable by its owner only."""
    if key := os.environ.get("APPLYWEB_SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        sys.exit(
            f"applyweb cannot write to its data folder {DATA_DIR} ({error.strerror}). "
            "Set APPLYWEB_DATA to a folder that you may write to."
        )


def _write_once(path: Path, content: str) -> None:
    """Makes the file whole, or leaves the one that another process made meanwhile: nobody ever reads half a key."""
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # for its owner only
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(content)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


SECRET_KEY = _secret_key()
DEBUG = _flag("APPLYWEB_DEBUG", False)
ALLOWED_HOSTS = _words("APPLYWEB_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = _words("APPLYWEB_ORIGINS")

INSTALLED_APPS = [
    "applyweb",
    "channels",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "applyweb.web.middleware.json_errors",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "applyweb.urls"
ASGI_APPLICATION = "applyweb.asgi.application"
AUTH_USER_MODEL = "applyweb.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "applyweb.web.faults.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "applyweb.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            # A write transaction takes its lock at once: SQLite cannot wait when a read lock is to become a write lock.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Small, repeatable notices only; the event log carries what must not be lost.
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def _static_version() -> str:
    """A short hash of the files under static/. It stands in STATIC_URL, so a browser may keep every file for good, and
    ES modules may import each other by relative paths."""
    digest = sha256()
    for path in [*sorted((BASE_DIR / "static").rglob("*")), BASE_DIR / "applyweb" / "web" / "styles.py"]:
        if path.is_file():
            digest.update(path.relative_to(BASE_DIR).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:10]


STATIC_URL = f"/static/{_static_version()}/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _flag("APPLYWEB_HTTPS", False)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# Sizes, in bytes of UTF-8. A JSON body may hold two texts, each character written as up to six bytes (\uXXXX).
TEXT_LIMIT = _number("APPLYWEB_TEXT_LIMIT", 4 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = TEXT_LIMIT * 12 + 64 * 1024
# How many applies run at once in one process; the rest wait as "queued".
CONCURRENT_APPLIES = _number("APPLYWEB_CONCURRENCY", 8)
# How many of one person's applies may be queued or running; one more is answered with 429.
OPEN_APPLIES_LIMIT = _number("APPLYWEB_OPEN_APPLIES", 50)
# How many files one answer may be applied to at once; together they may be as large as one text.
CHANGESET_FILES = _number("APPLYWEB_CHANGESET_FILES", 50)
# Seconds that a socket waits for a reader's acknowledgement before it closes.
SOCKET_PATIENCE = _number("APPLYWEB_SOCKET_PATIENCE", 30)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A refused request is answered, and no business of the terminal's.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("APPLYWEB_LOG", "WARNING").upper()},
}
