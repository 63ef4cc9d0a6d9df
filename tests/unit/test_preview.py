# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan, a preview and the run agree, from any state of an org and with any options: on the change and on its difference.

Hypothesis chooses states and options, always the same ones. PREVIEW_EXAMPLES=500 in the environment tries others.
"""

import os

import pytest
from ansible_collections.idops.okta.tests.support import examples
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("PREVIEW_EXAMPLES", "0"))
FIXED = settings(
    max_examples=EXAMPLES or 15,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
OTHER_ACS, OTHER_AUDIENCE = "https://other.example.com/acs", "https://other.example.com/audience"
ACS_URLS, AUDIENCES = st.sampled_from([examples.ACS, OTHER_ACS]), st.sampled_from([examples.AUDIENCE, OTHER_AUDIENCE])
URIS = st.lists(st.sampled_from(["https://a.example.com/", "https://b.example.com"]), max_size=3)
EXPRESSIONS = st.sampled_from(["user.email", "user.login", "user.department"])
STATUS, STATE, FLAG = st.sampled_from(["active", "inactive"]), st.sampled_from(["present", "absent"]), st.booleans()
USERNAMES = st.sampled_from(["email", "login", "department", "user.email", "${source.firstName}"])
FILTER = st.fixed_dictionaries(
    {"name": st.just("groups"), "filter_type": st.sampled_from(["equals", "regex"]), "filter_value": st.just("Claude")}
)
PEOPLE, GROUPS = ["ada", "grace", "alan"], ["Engineering", "Research"]


def some(*items, **more):
    """Any of the items, each at most once."""
    return st.lists(st.sampled_from(items), unique=True, **more)


def options(**strategies):
    """Any of these options."""
    return st.fixed_dictionaries({}, optional=strategies)


COMMON = {"application_username": USERNAMES, "hidden": FLAG, "status": STATUS, "state": STATE}


def change_app(draw, okta, app):
    """Other settings of an app that is there: username format, visibility, status."""
    held = okta.org.apps[app["id"]]
    username = draw(st.sampled_from(["${source.login}", "${source.email}", "${source.firstName}"]))
    held["credentials"]["userNameTemplate"] = {"template": username, "type": "BUILT_IN"}
    held["visibility"]["hide"] = {"web": draw(FLAG), "iOS": draw(FLAG)}
    if draw(FLAG):
        examples.ask(okta, "POST", f"apps/{app['id']}/lifecycle/deactivate")
    return app


def prepare_app_saml(draw, okta):
    if draw(FLAG):
        sign_on = okta.org.apps[change_app(draw, okta, examples.saml_app(okta))["id"]]["settings"]["signOn"]
        sign_on["ssoAcsUrl"], sign_on["audience"] = draw(ACS_URLS), draw(AUDIENCES)
        statements = draw(some("email", "team"))
        sign_on["attributeStatements"] = [one for one in sign_on["attributeStatements"] if one["name"] in statements]
    attribute = st.fixed_dictionaries(
        {"name": st.sampled_from(["email", "name"]), "values": st.lists(EXPRESSIONS, min_size=1, max_size=2)},
        optional={"namespace": st.sampled_from(["unspecified", "basic"])},
    )
    chosen = options(
        **COMMON,
        acs_url=ACS_URLS,
        audience=AUDIENCES,
        name_id_format=st.sampled_from(["email_address", "unspecified"]),
        attributes=st.lists(attribute, max_size=2),
        group_attributes=st.lists(FILTER, max_size=1),
        signature_algorithm=st.sampled_from(["RSA_SHA256", "RSA_SHA1"]),
    )
    return {"label": "Claude", **draw(chosen)}


def prepare_app_oidc(draw, okta):
    if draw(FLAG):
        uris, logout = draw(URIS.filter(bool)), draw(URIS)
        change_app(draw, okta, examples.oidc_app(okta, redirect_uris=uris, post_logout_redirect_uris=logout))
    chosen = options(
        **COMMON,
        redirect_uris=URIS,
        post_logout_redirect_uris=URIS,
        initiate_login_uri=st.sampled_from(["", "https://login.example.com/"]),
        grant_types=some("authorization_code", "refresh_token", min_size=1),
        client_secret=st.just("a-secret-of-our-own-0001"),
        group_claim=FILTER,
    )
    return {"label": "Claude", **draw(chosen)}


def prepare_app_catalog(draw, okta):
    if draw(FLAG):
        change_app(draw, okta, examples.scim_app(okta))
    return {"name": "scim2testapp", "label": "Claude SCIM", **draw(options(**COMMON))}


def prepare_app_provisioning(draw, okta):
    """An app that cannot be connected; one that can; one that is, and may have been switched off, or have another address."""
    if draw(st.integers(0, 3)) == 0:
        app = examples.saml_app(okta)
    else:
        app = examples.scim_app(okta)
        if draw(FLAG):
            connect_scim_app(draw, okta, app)
    flags = dict.fromkeys(["create_users", "update_users", "deactivate_users"], FLAG)
    address = {"base_url": okta.scim_url, "token": okta.scim_token}
    return {"app_id": app["id"], **draw(options(**flags, state=STATE)), **(address if draw(FLAG) else {})}


def connect_scim_app(draw, okta, app):
    examples.connect(okta, app)
    connection = okta.org.connections[app["id"]]
    if draw(FLAG):
        examples.create_people(okta, app, update=draw(FLAG))
    if draw(FLAG):
        connection["baseUrl"] = okta.scim_url + "/elsewhere"
    if draw(FLAG):
        examples.ask(okta, "POST", f"apps/{app['id']}/connections/default/lifecycle/deactivate")


def prepare_app_mapping(draw, okta):
    if draw(FLAG):
        okta.org.add_user_type("contractor")
    app = draw(st.sampled_from([examples.scim_app, examples.oidc_app]))(okta)
    for mapping in list(okta.org.mappings.values()):
        if mapping["target"]["id"] == app["id"] and draw(FLAG):
            expression = {"expression": draw(EXPRESSIONS), "pushStatus": draw(st.sampled_from(["PUSH", "DONT_PUSH"]))}
            mapping["properties"]["email"] = expression
    item = EXPRESSIONS | st.fixed_dictionaries({"expression": EXPRESSIONS}, optional={"push": FLAG})
    names = some("email", "displayName", min_size=1) if app["name"] == "scim2testapp" else st.just(["email"])
    return {"app_label": app["label"], "properties": {name: draw(item) for name in draw(names)}}


def prepare_app_assignment(draw, okta):
    """One app or two, each with some groups and people, of whom some have another username than their email.

    The username format is the email already: what a person gets at the assignment is Okta's doing, and not repaired at once.
    """
    ids = examples.people(okta)
    apps = [examples.saml_app(okta), examples.scim_app(okta)][: draw(st.integers(1, 2))]
    for app in apps:
        okta.org.apps[app["id"]]["credentials"]["userNameTemplate"]["template"] = "${source.email}"
        for group in draw(some(*GROUPS)):
            examples.assign_group(okta, app, ids[group])
        for person in draw(some(*PEOPLE)):
            examples.assign_user(okta, app, ids[person])
        for app_user in okta.org.app_users[app["id"]].values():
            if draw(FLAG):
                app_user["credentials"]["userName"] = "former@example.com"
    if len(apps) == 1 and draw(FLAG):
        named = {"app_id": apps[0]["id"]}
    else:
        named = {"apps": [draw(st.sampled_from([{"id": app["id"]}, {"label": app["label"]}])) for app in apps]}
    chosen = options(
        groups=some(*GROUPS),
        users=some("ada@example.com", "grace@example.com", "alan@example.com"),
        exclusive=FLAG,
        max_removals=st.integers(0, 4),
        usernames=st.sampled_from(["report", "repair"]),
    )
    return {**named, **draw(chosen)}


def prepare_app_group_push(draw, okta):
    pushed = draw(some(*GROUPS))
    app_id = examples.push(okta, *pushed)["app_id"]
    for mapping in okta.org.group_push[app_id].values():
        mapping["status"] = draw(st.sampled_from(["ACTIVE", "INACTIVE", "ERROR"]))
    return {"app_id": app_id, "groups": draw(some(*GROUPS)), **draw(options(exclusive=FLAG, state=STATE))}


def prepare_group(draw, okta):
    examples.people(okta)
    chosen = options(
        description=st.sampled_from(["", "May use Claude"]),
        members=some("ada@example.com", "ghopper@corp.example.com", "alan@example.com"),
        exclusive=FLAG,
        max_removals=st.integers(0, 2),
        state=STATE,
    )
    return {"name": draw(st.sampled_from(["Engineering", "Research", "Claude users"])), **draw(chosen)}


def prepare_app_signing_key(draw, okta):
    app = examples.expiring(okta, draw(st.integers(0, 60)))
    for years in draw(st.lists(st.integers(2, 10), max_size=2)):
        examples.ask(okta, "POST", f"apps/{app['id']}/credentials/keys/generate?validityYears={years}")
    return {"app_id": app["id"], **draw(options(activate=FLAG, min_days_left=st.integers(0, 1000)))}


def prepare_app_access_policy(draw, okta):
    app = examples.saml_app(okta)
    ids = [okta.org.add_policy(name)["id"] for name in ("For Claude", "For nobody")]
    if draw(FLAG):
        examples.ask(okta, "PUT", f"apps/{app['id']}/policies/{draw(st.sampled_from(ids))}")
    names = ["For Claude", "For nobody", "Any two factors", "Okta Dashboard", "for claude"]
    return {"app_label": "Claude", "policy": draw(st.sampled_from(names))}


# For each module there is a function that brings an org to any state, and returns any options.
@pytest.mark.parametrize("module", sorted({example.module for example in examples.EXAMPLES if example.changes}))
@FIXED
@given(data=st.data())
def test_plan_preview_and_run_agree(emulator, waits, module, data):
    okta = emulator
    okta.reset()
    chosen = globals()[f"prepare_{module}"](data.draw, okta)
    options = {"org_url": okta.url, "api_token": okta.token, **chosen}
    before, start = okta.snapshot(), len(okta.journal)
    plan, preview = run_module(module, {**options, "plan": True}), run_module(module, options, check=True)
    assert okta.writes(since=start) == []
    assert okta.snapshot() == before
    real = run_module(module, options)
    writes = okta.writes(since=start)
    if real.failed:
        assert plan["refused"]["msg"] == preview.msg == real.msg
        assert writes == []
        return
    assert (plan["changed"], "diff" in plan) == (False, False)
    assert plan["would_change"] == preview.changed == real.changed == bool(writes)
    assert plan["differences"] == preview["diff"] == real["diff"]
    start = len(okta.journal)
    assert not run_module(module, options).changed
    assert okta.writes(since=start) == []
