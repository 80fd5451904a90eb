"""The one Django app. Must not know: anything that needs loaded models."""

from django.apps import AppConfig


class ApplywebConfig(AppConfig):
    name = "applyweb"
    verbose_name = "applyweb"
