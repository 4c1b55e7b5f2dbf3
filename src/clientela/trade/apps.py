from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "clientela.trade"

    def ready(self) -> None:
        from clientela.security.books import keeps_books
        from clientela.trade.selectors.documents import sold_at

        keeps_books(sold_at)
