"""Codes are words on every page, in the reader's language; a source's own words stay."""

from django.urls import reverse

from clientela.records.models import Customer
from clientela.store.context import system_context
from tests.factories import add_customer
from tests.web.world import World


def add(world: World, **stated: str) -> Customer:
    with system_context("a customer for a test"):
        ident = add_customer(
            world.company, node="madrid", owner="sales", name="Coded", key="coded", country="ES",
            **stated,
        )  # fmt: skip
        Customer.objects.filter(pk=ident).update(rfm_segment="not_to_be_lost", abc_class="A")
        return Customer.objects.get(pk=ident)


def pages(world: World, customer: Customer) -> dict[str, str]:
    client = world.client("sales")
    client.post(reverse("preferences"), {"language": "es", "next": "/"})
    urls = {
        "list": "/customers/?columns=industry,segment,kind,stage,country",
        "file": reverse("customers:file", args=[customer.public_id]),
        "history": reverse("customers:history", args=[customer.public_id]),
        "edit": reverse("customers:edit", args=[customer.public_id]),
    }
    return {name: client.get(url).content.decode() for name, url in urls.items()}


class TestCustomer:
    def test_shows_industry_and_segment_in_words(self, world: World) -> None:
        shown = pages(world, add(world, kind="company", industry="I56"))
        for name in ("list", "file", "history", "edit"):
            assert "Restaurantes y catering" in shown[name], name
        for name in ("list", "file"):
            assert "No se pueden perder" in shown[name], name
            assert ">not_to_be_lost<" not in shown[name], name
            assert ">I56<" not in shown[name], name

    def test_shows_the_facts_of_a_person_in_words(self, world: World) -> None:
        stated = {"sex": "female", "marital_status": "widowed", "home_ownership": "Sublet"}
        shown = pages(world, add(world, kind="person", **stated))
        for page in shown.values():
            for said in ("Mujer<", ">female<", "Viudo o viuda<", ">Sublet<"):
                assert said not in page.replace("Mujer</option>", "").replace(
                    "Viudo o viuda</option>", ""
                ), said

    def test_reveals_the_facts_of_a_person_in_words(self, world: World) -> None:
        customer = add(world, kind="person", sex="female", home_ownership="Sublet")
        client = world.client("sales")
        client.post(reverse("preferences"), {"language": "es", "next": "/"})
        url = reverse("customers:reveal", args=[customer.public_id])
        for key, said in (("sex", "Mujer"), ("home_ownership", "Sublet")):  # a source's own word
            shown = client.post(url, {"key": key, "purpose": "order"}).content.decode()
            assert f">{said}<" in shown, key

    def test_is_found_by_the_words_of_its_industry(self, world: World) -> None:
        add(world, kind="company", industry="I56")
        client = world.client("sales")
        client.post(reverse("preferences"), {"language": "es", "next": "/"})
        text = client.get("/customers/", {"industry": "restaurantes y catering"}).content.decode()
        assert "Coded" in text
        assert 'name="industry" value="Restaurantes y catering"' in text
        assert "Coded" not in client.get("/customers/?industry=G47").content.decode()

    def test_is_found_by_class_and_segment(self, world: World) -> None:
        add(world, kind="company")
        text = world.client("sales").get("/customers/?rfm_segment=not_to_be_lost").content.decode()
        assert "Coded" in text
        assert '<option value="not_to_be_lost" selected>' in text
        marketing = world.client("marketing")  # class and segment are of class S1
        for query in ("rfm_segment=not_to_be_lost", "abc_class=A"):
            assert "Coded" in marketing.get(f"/customers/?{query}").content.decode(), query


class TestTrail:
    def test_shows_objects_and_purposes_in_words(self, world: World) -> None:
        url = reverse("customers:reveal", args=[world.customers["own"].public_id])
        world.client("data_steward").post(url, {"key": "phone", "purpose": "data_quality"})
        text = world.client("auditor").get("/admin/events").content.decode()
        assert "Checking the data" in text
        assert "records.Customer" not in text
        assert "data_quality" not in text
