"""A new password is more than a name of its user."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from clientela.security.models import User
from clientela.security.services import add_user, invite
from tests.factories import make_company
from tests.web.test_sign_in import path_of


def user(username="norole", full_name=""):
    return User(username=username, full_name=full_name)


def refused(password, of):
    """Return the codes for which a password is refused."""
    try:
        validate_password(password, of)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


class TestName:
    @pytest.mark.parametrize(
        "password",
        [
            "norole norole", "norolenorole", "NoRole-NoRole!", "norole 1234567", "2026norole2026",
            "___norole___", "n.o.r.o.l.e.n.o.r.o.l.e", "norole1norole2norole3", "nórole  nórole",
        ],
    )  # fmt: skip
    def test_of_the_user_alone_is_refused(self, password):
        assert refused(password, user()) == {"password_too_similar"}

    @pytest.mark.parametrize(
        "password",
        [
            "josé núñez josé", "JOSE NUNEZ 2026", "nuñezjosénuñez", "jnunez jose 99", "jnunezjnunez",
            "jose jose jose", "núñez, josé!!!",
        ],
    )  # fmt: skip
    def test_of_the_person_is_refused_with_and_without_accents(self, password):
        assert refused(password, user("jnunez", "José Núñez")) == {"password_too_similar"}

    @pytest.mark.parametrize(
        ("password", "of"),
        [
            ("王芳王芳王芳王芳王芳王芳", user("wf", "王芳")),
            ("4711 4711 4711", user("4711")),
            ("aaaaaaaaaaaa!", user("a")),
        ],
    )
    def test_of_few_signs_or_digits_is_refused(self, password, of):
        assert refused(password, of) == {"password_too_similar"}

    @pytest.mark.parametrize(
        ("password", "of"),
        [
            ("norole keeps bees", user()),
            ("role nor role nor", user()),
            ("73 19 64 28 55", user()),
            ("a horse on the roof", user("a", "A Horse")),
            ("aaaaaaaaaaaaaaaaaaaaab" * 40, user("a", "aa aaa")),
        ],
    )
    def test_with_more_than_it_is_taken(self, password, of):
        assert refused(password, of) == set()

    def test_of_nobody_known_is_no_matter(self):
        assert refused("norole norole", None) == set()


def test_a_link_takes_no_name_for_a_password(db):
    company, now = make_company(), timezone.now()
    access = company.access("administrator", now)
    newcomer = add_user(access=access, username="norole", at=now)
    client = Client()
    link = path_of(invite(access=access, user_id=newcomer.pk, at=now))
    place = client.get(link)["Location"]
    name = {"password1": "norole norole", "password2": "norole norole"}
    answer = client.post(place, name)
    assert "The password is too like your name." in answer.content.decode()
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()
    better = dict.fromkeys(name, "bees on the roof")
    assert client.post(place, better).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.check_password("bees on the roof")
