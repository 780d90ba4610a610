"""The administrator's pages: adding, changing, shutting out, links and barriers."""

import re
from html import escape

import pytest
from sqlalchemy import insert, select

from builders.people import a_home, a_person, acted
from builders.store import an_alert, raise_alerts
from builders.web import ADDRESS, Browser, Page, Site
from redflags.adapters.store.people_tables import INTERESTS
from redflags.casework import accounts
from redflags.domain.alert import Routing
from redflags.domain.people import InterestKind, Person, Role

BAD = "<script>alert(1)</script>"


@pytest.fixture
def admin(site: Site) -> Browser:
    return site.browser(Role.ADMIN)


@pytest.fixture
def ada(site: Site) -> Person:
    return a_person(site.store, site.now)


def now_is(site: Site, person: Person) -> Person:
    with site.store.reading() as connection:
        found = accounts.person(connection, person.person_id)
    assert found is not None
    return found


def barred(site: Site, person: Person) -> dict[str, str]:
    theirs = select(INTERESTS).where(INTERESTS.c.person_id == person.person_id)
    with site.store.reading() as connection:
        return {row.ref: row.kind for row in connection.execute(theirs)}


def link_on(page: Page) -> str:
    found = re.search(rf"{ADDRESS}(/welcome/[\w-]+)", page.html)
    assert found is not None
    return found[1]


def adding(**other: object) -> dict[str, object]:
    return {
        "name": "Bo Diddley",
        "email": "bo@landlord.test",
        "roles": ["reviewer", "repairs"],
        "patches": "north\r\neast\r\n",
        **other,
    }


def test_the_list_says_when_nobody_can_see_an_alert_and_what_to_do(
    site: Site, admin: Browser, ada: Person
) -> None:
    raise_alerts(site.store, an_alert(routing=Routing.SPECIALIST))
    assert "Nobody here can see one open alert. Add a specialist today" in admin.get("/people").text
    raise_alerts(site.store, an_alert("a2", "0002", patch="south"))
    page = admin.get("/people")
    assert "Nobody here can see 2 open alerts." in page.text
    without_people = re.sub(r"P-[0-9a-f]{16}", "", page.html)  # drawn at random, they hold anything
    assert not any(said in without_people for said in ("0001", "0002", "P-1", "south"))
    site.person(Role.SPECIALIST)
    assert "Nobody here can see" not in admin.get("/people").text


def test_it_says_nothing_of_a_home_that_the_administrator_must_not_know_of(
    site: Site, admin: Browser
) -> None:
    raise_alerts(site.store, an_alert(routing=Routing.SPECIALIST))
    assert "Nobody here can see" in admin.get("/people").text
    assert admin.person is not None
    theirs = {"person_id": admin.person.person_id, "ref": "0001", "kind": InterestKind.BARRED}
    with site.store.writing() as connection:
        connection.execute(insert(INTERESTS).values(**theirs))
    assert "Nobody here can see" not in admin.get("/people").text


def test_the_list_shows_everybody_and_what_they_do(site: Site, admin: Browser, ada: Person) -> None:
    page = admin.get("/people")
    assert page.status == 200
    for said in (ada.name, "Reviewer", "Administrator", "north", "Every area"):
        assert said in page.text


@pytest.mark.both_engines
def test_somebody_added_gets_a_link_that_works(site: Site, admin: Browser) -> None:
    page = admin.post_form("/people/add", adding())
    assert page.status == 200
    assert "A link for Bo Diddley" in page.text
    assert "bo@landlord.test" in site.browser().get(link_on(page)).text
    with site.store.reading() as connection:
        bo = accounts.person_with_email(connection, "bo@landlord.test")
    assert bo is not None
    assert (bo.roles, bo.patches) == ({Role.REVIEWER, Role.REPAIRS}, {"north", "east"})
    assert admin.person is not None
    assert acted(site.store, "person_added")[-1][0] == admin.person.actor


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"email": "bo"}, "Enter an email address, like name@example.com"),
        ({"email": "ada@landlord.test"}, "Somebody already has an account with this email address"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["king"]}, "Choose at least one role"),
        ({"patches": ""}, "A reviewer needs at least one area"),
        ({"patches": "norht"}, "There are no homes in: norht"),
        ({"patches": "x" * 101}, "Each area must be one line"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_added(
    site: Site, admin: Browser, ada: Person, wrong: dict[str, object], said: str
) -> None:
    a_home(site.store, "T-1", "H-1", "north")
    a_home(site.store, "T-2", "H-2", "east")
    if wrong == {"patches": "x" * 101}:
        a_home(site.store, "T-3", "H-3", "x" * 101)
    page = admin.post_form("/people/add", adding(**wrong))
    assert page.title.startswith("Error: ")
    assert said in page.text
    assert len(acted(site.store, "person_added")) == 2


@pytest.mark.parametrize("field", ["name", "email"])
@pytest.mark.parametrize("value", ["Bo\r\nBcc: all@landlord.test", "Bo\0", "Bo\u2028x"])
def test_no_header_gets_in_by_a_name(site: Site, admin: Browser, field: str, value: str) -> None:
    admin.post_form("/people/add", adding(**{field: value}))
    with site.store.reading() as connection:
        kept = [(person.name, person.email) for person in accounts.people(connection)]
    assert all(text.isprintable() for pair in kept for text in pair)
    assert not any("bcc" in email or " " in email for _, email in kept)


def test_odd_names_are_shown_as_text(site: Site, admin: Browser) -> None:
    bo = a_person(site.store, site.now, email="bo@landlord.test", name=BAD, patches=(BAD,))
    for url in ("/people", f"/people/{bo.person_id}", f"/people/{bo.person_id}/barrier"):
        page = admin.get(url)
        assert page.status == 200
        assert BAD not in page.html
        assert escape(BAD) in page.html
    page = admin.post_form(f"/people/{bo.person_id}/link", on=f"/people/{bo.person_id}")
    assert BAD not in page.html


@pytest.mark.both_engines
def test_a_name_that_reads_like_sql_is_a_name(site: Site, admin: Browser) -> None:
    name = "Robert'); DROP TABLE people;--"
    admin.post_form("/people/add", adding(name=name))
    assert name in admin.get("/people").text


@pytest.mark.both_engines
def test_other_roles_and_areas_are_kept_and_end_their_sessions(
    site: Site, admin: Browser, ada: Person
) -> None:
    theirs = site.client(ada)
    url = f"/people/{ada.person_id}"
    page = admin.post_form(url, {"roles": ["manager"], "patches": "south", "every_patch": []})
    assert "they have to log in again" in admin.follow(page).text
    assert (now_is(site, ada).roles, now_is(site, ada).patches) == ({Role.MANAGER}, {"south"})
    assert theirs.get("/account").status == 302


def test_of_two_administrators_at_once_the_second_is_told(
    site: Site, admin: Browser, ada: Person
) -> None:
    """A right that one took away does not come back with the other's older page."""
    address = f"/people/{ada.person_id}"
    old = next(form for form in admin.get(address).forms() if "roles" in form.fields)
    other = site.browser(Role.ADMIN, name="Other")
    assert other.post_form(address, {"roles": ["repairs"], "every_patch": ""}).status == 302
    page = admin.send(address, {**old.fields, "roles": ["reviewer", "manager"], "every_patch": "y"})
    assert page.status == 409
    assert now_is(site, ada).roles == {Role.REPAIRS}
    assert admin.forge(address, {"roles": ["manager"]}).status == 409
    assert now_is(site, ada).roles == {Role.REPAIRS}


def test_the_form_shows_what_they_have(admin: Browser, ada: Person) -> None:
    (form,) = [f for f in admin.get(f"/people/{ada.person_id}").forms() if "roles" in f.fields]
    assert form.fields["roles"] == ["reviewer"]
    assert form.fields["patches"][0].strip() == "north"
    assert "every_patch" not in form.fields


def test_the_account_off_and_on(site: Site, admin: Browser, ada: Person) -> None:
    theirs, url = site.client(ada), f"/people/{ada.person_id}"
    admin.post_form(f"{url}/off", on=url)
    assert not now_is(site, ada).is_active
    assert theirs.get("/account").status == 302
    assert "Disabled" in admin.get("/people").text
    admin.post_form(f"{url}/on", on=url)
    assert now_is(site, ada).is_active


def test_a_link_is_shown_once_and_ends_the_one_before(
    site: Site, admin: Browser, ada: Person
) -> None:
    url = f"/people/{ada.person_id}"
    first = link_on(admin.post_form(f"{url}/link", on=url))
    second = link_on(admin.post_form(f"{url}/link", on=url))
    assert [site.browser().get(link).status for link in (first, second)] == [404, 200]
    assert second.rpartition("/")[2] not in admin.get(url).html


def test_who_is_off_gets_no_link(site: Site, admin: Browser, ada: Person) -> None:
    url = f"/people/{ada.person_id}"
    admin.post_form(f"{url}/off", on=url)
    page = admin.forge(f"{url}/link")
    assert "Enable it first" in admin.follow(page).text


def test_a_barrier_is_kept_and_shown_to_nobody(site: Site, admin: Browser, ada: Person) -> None:
    a_home(site.store, "T-77", "H-77")
    url = f"/people/{ada.person_id}/barrier"
    page = admin.post_form(url, {"ref": "H-77", "what": "bar"})
    assert barred(site, ada) == {"H-77": "barred", "T-77": "barred"}
    for seen in (
        admin.follow(page),
        admin.get(url),
        admin.get("/people"),
        site.client(ada).get("/account"),
    ):
        assert "77" not in seen.text
    assert site.client(ada).get("/account").text == _account_text(site)


def _account_text(site: Site) -> str:
    """The page of somebody just like Ada, without any barrier."""
    twin = a_person(site.store, site.now, email="twin@landlord.test")
    return site.client(twin).get("/account").text.replace("twin@", "ada@")


def test_lifting_says_the_same_whether_there_was_one(
    site: Site, admin: Browser, ada: Person
) -> None:
    url = f"/people/{ada.person_id}/barrier"
    admin.follow(admin.post_form(url, {"ref": "H-77", "what": "bar"}))
    there_was = admin.follow(admin.post_form(url, {"ref": "H-77", "what": "lift"}))
    there_was_none = admin.follow(admin.post_form(url, {"ref": "H-78", "what": "lift"}))
    assert "If this home was hidden from them, it no longer is" in there_was.text
    assert there_was.text == there_was_none.text
    assert barred(site, ada) == {}


def test_a_barrier_to_an_unknown_home_is_kept_with_a_warning(
    site: Site, admin: Browser, ada: Person
) -> None:
    url = f"/people/{ada.person_id}/barrier"
    page = admin.follow(admin.post_form(url, {"ref": "H-99", "what": "bar"}))
    assert "We do not recognise this reference, but it has been saved" in page.text
    assert barred(site, ada) == {"H-99": "barred"}


@pytest.mark.parametrize("what", ["", "link", "off", "on", "barrier"])
def test_nobody_changes_their_own_account(site: Site, admin: Browser, what: str) -> None:
    site.person(Role.ADMIN)
    assert admin.person is not None
    url = f"/people/{admin.person.person_id}"
    sent = {"roles": ["specialist"], "every_patch": "y", "ref": "H-1", "what": "bar"}
    page = admin.forge(f"{url}/{what}".rstrip("/"), sent)
    assert page.status == 403
    assert now_is(site, admin.person) == admin.person
    assert barred(site, admin.person) == {}
    assert [actor for actor, _ in acted(site.store, "refused")] == [admin.person.actor]


def test_the_last_administrator_cannot_be_turned_off(site: Site, admin: Browser) -> None:
    """Two administrators, and each shuts the other out: the second is told why not."""
    other = site.person(Role.ADMIN)
    url = f"/people/{other.person_id}"
    assert "Account disabled" in admin.follow(admin.post_form(f"{url}/off", on=url)).text
    assert admin.person is not None
    with site.store.writing() as connection, pytest.raises(Exception, match="last administrator"):
        accounts.disable_person(connection, other.actor, site.now, admin.person.person_id)


@pytest.mark.parametrize("what", ["", "/link", "/off", "/on", "/barrier"])
@pytest.mark.parametrize("person_id", ["P-0", "' OR 1=1", "%00", "../account"])
def test_nobody_of_that_id_is_not_found(admin: Browser, person_id: str, what: str) -> None:
    page = admin.forge(f"/people/{person_id}{what}", {"roles": ["admin"], "every_patch": "y"})
    assert page.status in (404, 405)
    assert person_id not in page.html
