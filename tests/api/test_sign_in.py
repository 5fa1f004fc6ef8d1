"""Signing in: cookie, tokens, throttling, protection against other sites."""

from __future__ import annotations

from datetime import timedelta

import httpx

from agreements import clock
from tests.api.world import KAMEN, NOW, PASSWORD, World, ok, refused

CREDENTIALS = {"username": "sb.kamen", "password": PASSWORD}
ASKED = {"X-Requested-With": "fetch"}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    response = world.client().post("/session", json=CREDENTIALS)
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert ok(response)["me"]["name"] == "Sven Dierksmeier"


def test_the_cookie_is_secure_where_the_installation_says_so(world: World) -> None:
    world.app.state.settings.secure_cookies = True
    response = world.client().post("/session", json=CREDENTIALS)
    assert "secure" in response.headers["set-cookie"].lower()


def test_me_names_roles_and_bodies(world: World) -> None:
    me = ok(world.as_("sb.kamen").get("/me"))
    assert [(duty["role"], duty["body"]["ags"]) for duty in me["duties"]] == [("clerk", KAMEN)]
    admin = ok(world.as_("admin").get("/me"))
    assert [(duty["role"], duty["body"]) for duty in admin["duties"]] == [("admin", None)]


def _browser(world: World) -> httpx.Client:
    client = world.client()
    ok(client.post("/session", json=CREDENTIALS))
    return client


def test_signing_out_ends_the_session(world: World) -> None:
    client = _browser(world)
    secret = client.cookies["vereinbar_session"]
    assert client.delete("/session", headers=ASKED).status_code == 204
    assert "vereinbar_session" not in client.cookies
    again = world.client(Cookie=f"vereinbar_session={secret}")
    refused(again.get("/me"), 401, "not-signed-in")


def test_a_request_of_another_site_does_nothing(world: World) -> None:
    client = _browser(world)
    wanted = {"name": "Fachverfahren", "days": 30}
    foreign = {"Origin": "https://boese.example", "Sec-Fetch-Site": "cross-site"}
    refused(client.post("/tokens", json=wanted), 403, "csrf")
    problem = refused(client.post("/tokens", json=wanted, headers=foreign), 403, "csrf")
    assert problem["field"] == "X-Requested-With"
    assert ok(client.get("/tokens", headers=foreign))["items"] == []


def test_our_own_pages_may_change_something(world: World) -> None:
    client = _browser(world)
    wanted = {"name": "Fachverfahren", "days": 30}
    own = {"Origin": world.address}
    for headers in (ASKED, {"Sec-Fetch-Site": "same-origin"}, own):
        assert client.post("/tokens", json=wanted, headers=headers).status_code == 201


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(world: World) -> None:
    client = world.client()
    wrong = refused(
        client.post("/session", json={**CREDENTIALS, "password": "falsch"}),
        401,
        "wrong-credentials",
    )
    unknown = refused(
        client.post("/session", json={**CREDENTIALS, "username": "niemand"}),
        401,
        "wrong-credentials",
    )
    assert wrong["detail"] == unknown["detail"]


def test_after_five_wrong_passwords_the_name_rests(world: World) -> None:
    client = world.client()
    wrong = {**CREDENTIALS, "password": "falsch"}
    for _ in range(5):
        refused(client.post("/session", json=wrong), 401, "wrong-credentials")
    response = client.post("/session", json=CREDENTIALS)
    problem = refused(response, 429, "too-many-attempts")
    assert "15 Minuten" in problem["detail"]
    assert response.headers["retry-after"] == "900"
    ok(client.post("/session", json={**CREDENTIALS, "username": "sb.bergkamen"}))
    with clock.fixed(NOW + timedelta(minutes=15, seconds=1)):
        ok(client.post("/session", json=CREDENTIALS))


def test_a_success_forgets_the_wrong_passwords(world: World) -> None:
    client = world.client()
    for _ in range(2):
        for _ in range(4):
            client.post("/session", json={**CREDENTIALS, "password": "falsch"})
        ok(client.post("/session", json=CREDENTIALS))


def test_a_personal_token_is_shown_once_works_and_can_be_revoked(world: World) -> None:
    client = world.as_("sb.kamen")
    response = client.post("/tokens", json={"name": "Sitzungsdienst", "days": 30})
    assert response.status_code == 201
    issued = response.json()
    listed = ok(client.get("/tokens"))["items"]
    assert issued["token"] in listed
    assert all("secret" not in entry for entry in listed)
    program = world.client(Authorization=f"Bearer {issued['secret']}")
    assert ok(program.get("/me"))["username"] == "sb.kamen"
    path = f"/tokens/{issued['token']['id']}"
    refused(world.as_("sb.bergkamen").delete(path), 404, "token-unknown")
    assert client.delete(path).status_code == 204
    refused(program.get("/me"), 401, "not-signed-in")


def test_an_expired_token_is_worth_nothing(world: World) -> None:
    client = world.client(Authorization=f"Bearer {world.token('sb.kamen', timedelta(hours=1))}")
    ok(client.get("/me"))
    with clock.fixed(NOW + timedelta(hours=1, seconds=1)):
        response = client.get("/me")
    refused(response, 401, "not-signed-in")
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_needs_a_life_that_is_allowed(world: World) -> None:
    problem = refused(
        world.as_("sb.kamen").post("/tokens", json={"name": "ewig", "days": 400}),
        422,
        "invalid-input",
    )
    assert (problem["field"], problem["accepted"]) == ("days", "höchstens 365")
