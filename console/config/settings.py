"""Django's settings. Everything a clinic may set comes from the environment; nothing has to be set."""

from __future__ import annotations

import os
from pathlib import Path

from console.config.database import database
from ketaguide.shared_secret import shared_secret

PROJECT = Path(__file__).resolve().parent.parent.parent
CONSOLE = PROJECT / "console"
# What the console works on: the project whose `data`, `models` and `var` the assistant uses.
WORKPLACE = Path(os.environ.get("CONSOLE_WORKPLACE") or PROJECT).resolve()
DATA_FOLDER = WORKPLACE / "data"
STATE_FOLDER = WORKPLACE / "var"
ASSISTANT_URL = os.environ.get("ASSISTANT_URL", "http://127.0.0.1:5005").rstrip("/")
ASSISTANT_SECRET_FILE = STATE_FOLDER / "console_link.key"

SECRET_KEY = shared_secret(STATE_FOLDER / "console_session.key")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *os.environ.get("CONSOLE_HOSTS", "").split()]
# Behind a proxy with TLS: set CONSOLE_HTTPS=true, and cookies leave by HTTPS only.
HTTPS = os.environ.get("CONSOLE_HTTPS", "").lower() in {"1", "true", "yes"}
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in os.environ.get("CONSOLE_HOSTS", "").split()] if HTTPS else []
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "console.people",
    "console.audit",
    "console.answers",
    "console.review",
    "console.publishing",
    "console.crisis",
    "console.inbox",
    "console.transfer",
    "console.screens",
]
MIDDLEWARE = [
    "console.config.headers.PageHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "console.people.idle.IdleSignOut",
    "console.people.access.SignInRequired",
]
ROOT_URLCONF = "console.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CONSOLE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "console.config.navigation.navigation",
            ],
            "builtins": ["console.screens.templatetags.words"],
        },
    }
]
DATABASES = {"default": database(os.environ.get("CONSOLE_DATABASE", ""), STATE_FOLDER / "console.db")}
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTH_PASSWORD_VALIDATORS = [
    # Length instead of kinds of characters, as NIST SP 800-63B advises.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "today"

SESSION_COOKIE_NAME = "console_session"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
IDLE_MINUTES = int(os.environ.get("CONSOLE_IDLE_MINUTES", "30"))
CSRF_FAILURE_VIEW = "console.screens.errors.expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = os.environ.get("CONSOLE_TIME_ZONE") or "UTC"
STATIC_URL = "static/"
STATICFILES_DIRS = [CONSOLE / "static"]
# Served from where they are, with hashes of their content in no name: nothing has to be collected before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(message)s"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": os.environ.get("LOG_LEVEL", "").upper() or "INFO"},
    "loggers": {"django": {"handlers": [], "propagate": True}, "waitress": {"level": "WARNING"}},
}
