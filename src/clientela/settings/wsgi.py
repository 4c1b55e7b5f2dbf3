"""The application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from clientela.analysis.serving import ANSWERS_AHEAD

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientela.settings.base")
application = get_wsgi_application()
ANSWERS_AHEAD.set()
