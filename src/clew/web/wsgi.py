"""What gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clew.settings")
application = get_wsgi_application()
# Pages and all that they import are loaded now, before the first visitor waits for them.
_ = get_resolver().url_patterns
