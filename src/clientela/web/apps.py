from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "clientela.web"

    def ready(self) -> None:
        from clientela.web.sessions import connect

        connect()
