from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "clientela.intake"

    def ready(self) -> None:
        from clientela.intake.selectors import trail
        from clientela.security.trail import concerns

        concerns("intake.Run", trail.events_of_runs)
        concerns("intake.Mapping", trail.events_of_mappings)
