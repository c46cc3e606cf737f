"""Who walks through the units in parts and must find them as they were."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Hold(models.Model):
    """While one stands, nothing changes by which it is decided which units are meant: groups, lines, settings, new ones."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
