from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "clientela.records"

    def ready(self) -> None:
        from clientela.records.selectors import trail
        from clientela.security.trail import concerns

        concerns("records.Customer", trail.events_of_customers)
        concerns("records.Source", trail.events_of_sources)
