"""Settings, addresses and the WSGI door of the one Django project."""
