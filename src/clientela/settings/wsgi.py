"""The application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from clientela.analysis.serving import ANSWERS_AHEAD
from clientela.runtime.paths import keep_private

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientela.settings.base")
keep_private()
application = get_wsgi_application()
ANSWERS_AHEAD.set()
