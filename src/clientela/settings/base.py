"""What every process shares. Deployment comes from the environment, nothing else does.

The defaults of the product's figures live in `store.Parameter`, credit's in its policy.
"""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from clientela.runtime import address, cases, keys
from clientela.settings.database import database

PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = keys.key("django").hex()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CLIENTELA_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
PUBLIC_URL = address.public()
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
cases.forms()  # refused at the start, not at the first reveal

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "ninja",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "clientela.store",
    "clientela.audit",
    "clientela.security",
    "clientela.worklist",
    "clientela.records",
    "clientela.trade",
    "clientela.contacts",
    "clientela.intake",
    "clientela.analysis",
    "clientela.contracts",
    "clientela.campaigns",
    "clientela.feedback",
    "clientela.web",
]

MIDDLEWARE = [
    "clientela.api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clientela.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clientela.api.middleware.TokenMiddleware",
    "clientela.web.middleware.ScopeMiddleware",
    "clientela.web.gate.GateMiddleware",
    "clientela.web.forms.FormMiddleware",
]

# The words of reasons and of an import's questions for the API and the command line, which may
# not reach over to the pages for them.
REASON_SENTENCES = "clientela.web.reasons.sentence"
STORED_REASON_SENTENCES = "clientela.web.reasons.told"
QUESTION_WORDS = "clientela.web.import_words.QUESTIONS"

# How a value of a customer's file is read, wherever it is stated: by the rules of an import.
ATTRIBUTE_RULES = "clientela.intake.entry.attribute_value"

# Tasks that follow an import: an upper part hears of a lower one's change by its name here.
AFTER_IMPORT = ["clientela.analysis.tasks.refresh"]
# What the parts above the imports void of a run that is taken back, in its transaction.
ALSO_TAKEN_BACK = [
    "clientela.contracts.services.void_run",
    "clientela.campaigns.services.void_run",
    "clientela.feedback.services.void_run",
]

ROOT_URLCONF = "clientela.settings.urls"
WSGI_APPLICATION = "clientela.settings.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clientela.web.context.shell",
            ],
            "builtins": ["clientela.web.tags.shell"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "store_cache",
    }
}

AUTH_USER_MODEL = "security.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# allauth: names and passwords, nobody registers alone, nothing depends on e-mail.
ACCOUNT_ADAPTER = "clientela.web.sessions.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True  # its age is ours: a quarter of an hour without a request
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key"}
# Of the links for the own password: three days for the first one, half an hour for another.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "clientela.security.services.invitations.Links"  # noqa: S105 - where it is
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
ACCOUNT_FORMS = {
    "reauthenticate": "clientela.web.account_forms.Confirm",
    "change_password": "clientela.web.account_forms.ChangePassword",
    "user_token": "clientela.web.account_forms.WhoseLink",
    "reset_password_from_key": "clientela.web.account_forms.SetPassword",
}
MFA_FORMS = {
    "authenticate": "clientela.web.account_forms.Authenticate",
    "reauthenticate": "clientela.web.account_forms.ConfirmByCode",
    "activate_totp": "clientela.web.account_forms.ActivateApp",
    "add_webauthn": "clientela.web.account_forms.AddKey",
    "edit_webauthn": "clientela.web.account_forms.EditKey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "clientela.web.sessions.SecondFactors"
MFA_TOTP_ISSUER = "Clientela"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL.startswith("https://")
USERSESSIONS_TRACK_ACTIVITY = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "clientela.security.passwords.NoNameValidator"},
]

SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 15 * 60  # seconds without a request; the longest is in `web.gate`
SESSION_SAVE_EVERY_REQUEST = True
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_FAILURE_VIEW = "clientela.web.refusals.form_expired"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing inline, nothing from elsewhere. Tabler draws some of its marks as data: images.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True  # the files lie in the package; nothing has to be collected
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Errors go to the process's own log; a page never shows them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "clientela.store.lost.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["one_line"]}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
