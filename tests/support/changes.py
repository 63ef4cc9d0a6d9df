# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What somebody changes in an org after the setup. Each is a function of the emulator and the id of an app."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.tests.support.examples import ask

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.okta_emulator import Emulator

    Change = typing.Callable[[Emulator, str], None]

CONNECTION, FEATURES, PUSHES = "connections/default", "features/USER_PROVISIONING", "group-push/mappings"
LOGIN = {"template": "${source.login}", "type": "BUILT_IN"}


def edit_app(edit: typing.Callable[[dict], typing.Any]) -> Change:
    """Read the app, edit it, and send it back."""

    def change(okta: Emulator, app_id: str) -> None:
        app = ask(okta, "GET", f"apps/{app_id}")
        edit(app)
        ask(okta, "PUT", f"apps/{app_id}", app)

    return change


def set_sign_on(**settings: typing.Any) -> Change:
    return edit_app(lambda app: app["settings"]["signOn"].update(settings))


def set_oauth_client(**settings: typing.Any) -> Change:
    return edit_app(lambda app: app["settings"]["oauthClient"].update(settings))


use_login = edit_app(lambda app: app["credentials"].update(userNameTemplate=LOGIN))
show_app = edit_app(lambda app: app["visibility"].update(hide={"web": False, "iOS": True}))
drop_pkce = edit_app(lambda app: app["credentials"]["oauthClient"].update(pkce_required=False))


def send(method: str, path: str, body: object = None) -> Change:
    """One request below the app."""
    return lambda okta, app_id: ask(okta, method, f"apps/{app_id}/{path}", body)


deactivate_app = send("POST", "lifecycle/deactivate")
disable_connection = send("POST", f"{CONNECTION}/lifecycle/deactivate")


def disable_feature(kind: str, feature: str) -> Change:
    return send("PUT", FEATURES, {kind: {feature: {"status": "DISABLED"}}})


def connect_elsewhere(okta: Emulator, app_id: str) -> None:
    profile = {"authScheme": "TOKEN", "token": "another"}
    ask(okta, "POST", f"apps/{app_id}/{CONNECTION}", {"baseUrl": f"{okta.url}/scim/v2/elsewhere", "profile": profile})


def map_email(expression: str) -> Change:
    """Take the email of the app, or of its claims, from another field."""

    def change(okta: Emulator, app_id: str) -> None:
        to_app = [one for one in okta.org.mappings.values() if one["target"]["id"] == app_id]
        (mapping,) = [one for one in to_app if one["source"]["type"] == "user"]
        ask(okta, "POST", f"mappings/{mapping['id']}", {"properties": {"email": {"expression": expression}}})

    return change


def disable_push(okta: Emulator, app_id: str) -> None:
    (push,) = ask(okta, "GET", f"apps/{app_id}/{PUSHES}")
    ask(okta, "PATCH", f"apps/{app_id}/{PUSHES}/{push['id']}", {"status": "INACTIVE"})


def unassign_group(name: str) -> Change:
    def change(okta: Emulator, app_id: str) -> None:
        (group,) = [one["id"] for one in okta.org.groups.values() if one["profile"]["name"] == name]
        ask(okta, "DELETE", f"apps/{app_id}/groups/{group}")

    return change


def unassign_person(login: str) -> Change:
    return lambda okta, app_id: ask(okta, "DELETE", f"apps/{app_id}/users/{ask(okta, 'GET', f'users/{login}')['id']}")


def set_user_name(login: str, user_name: str) -> Change:
    """Give a person another application username."""

    def change(okta: Emulator, app_id: str) -> None:
        person = ask(okta, "GET", f"users/{login}")["id"]
        ask(okta, "POST", f"apps/{app_id}/users/{person}", {"credentials": {"userName": user_name}})

    return change


def use_policy(name: str) -> Change:
    def change(okta: Emulator, app_id: str) -> None:
        (policy,) = [one["id"] for one in okta.org.policies.values() if one["name"] == name]
        ask(okta, "PUT", f"apps/{app_id}/policies/{policy}")

    return change
