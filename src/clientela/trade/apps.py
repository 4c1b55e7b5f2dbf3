from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "clientela.trade"

    def ready(self) -> None:
        from clientela.security.books import keeps_books
        from clientela.trade.selectors.documents import counts_in
        from clientela.trade.services.rates import take_amounts_anew

        keeps_books(counts_in, take_amounts_anew)
