"""Settings of the tests: those of the product, with what a test may not wait for or keep."""

from clientela.settings.base import *  # noqa: F403
from clientela.settings.base import DATABASES

DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"], "MIGRATE": False}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
