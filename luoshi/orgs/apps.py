from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "luoshi.orgs"
    label = "orgs"
    default_auto_field = "django.db.models.BigAutoField"
