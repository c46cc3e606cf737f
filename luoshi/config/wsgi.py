"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from luoshi.config import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")

lifeline.follow()
application = get_wsgi_application()
