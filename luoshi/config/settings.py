"""All settings, from environment variables; with none set, one folder holds a whole site.

LUOSHI_DATA           folder for database, files and key (default: ``var`` in the working directory)
LUOSHI_DEBUG          1 shows tracebacks; never on by default
LUOSHI_SECRET_KEY     otherwise made on the first run and kept in the data folder
LUOSHI_ALLOWED_HOSTS  comma-separated host names (default: this machine only)
LUOSHI_TRUSTED_ORIGINS  comma-separated origins (https://…) that may send forms, where a proxy changes the name
LUOSHI_LOG_LEVEL      default WARNING
LUOSHI_HTTPS          1 where a TLS proxy stands in front: secure cookies, HSTS
DATABASE_URL          postgres://… (default: SQLite in the data folder)
LUOSHI_TIME_ZONE      default Asia/Shanghai
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()  # type: ignore[no-untyped-call]  # the library has no annotations here

BASE = Path(__file__).resolve().parent.parent
DATA = Path(env.str("LUOSHI_DATA", default="var")).resolve()
DATA.mkdir(parents=True, exist_ok=True)


def _kept_secret_key() -> str:
    """The key of this site: made once, readable by its owner only, the same for every process that starts together."""
    kept = DATA / "secret_key"
    if not kept.exists():
        draft = DATA / f"secret_key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text(encoding="ascii")


SECRET_KEY = env.str("LUOSHI_SECRET_KEY", default="") or _kept_secret_key()
DEBUG = env.bool("LUOSHI_DEBUG", default=False)
ALLOWED_HOSTS = env.list("LUOSHI_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LUOSHI_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "treebeard",
    "luoshi.orgs",
    "luoshi.plans",
    "luoshi.work",
    "luoshi.reports",
    "luoshi.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "luoshi.web.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "luoshi.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "luoshi.web.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luoshi.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "luoshi.config.urls"
WSGI_APPLICATION = "luoshi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "luoshi.web.frame.frame",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite with WAL and immediate transactions, so that writers wait for one another instead of failing."""
    url = env.str("DATABASE_URL", default="")
    if url:
        server = env.db_url_config(url)  # type: ignore[no-untyped-call]  # nor here
        return {**server, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "luoshi.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


DATABASES = {"default": _database()}

AUTH_USER_MODEL = "orgs.Person"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:today"
LOGOUT_REDIRECT_URL = "web:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE / "web" / "locale"]
# Nobody's browser decides: the screens are Chinese until somebody asks for English.
LANGUAGE_COOKIE_NAME = "luoshi_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("LUOSHI_TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA / "files"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # without scripts a page of 2,000 boxes sends two for each

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
if env.bool("LUOSHI_HTTPS", default=False):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Jobs live in the database: a worker killed in the middle leaves the job to be taken again.
Q_CLUSTER = {
    "name": "luoshi",
    "orm": "default",
    "workers": 1,
    "timeout": 120,
    "retry": 180,
    "max_attempts": 3,
    "catch_up": False,
    "label": "luoshi",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LUOSHI_LOG_LEVEL", default="WARNING")},
}
