# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Invented runs: for each host, the options of claude_report as the role could give them. Nobody in them exists."""

from __future__ import annotations

import itertools

from ansible_collections.idops.okta.tests.support import step_results
from ansible_collections.idops.okta.tests.support.step_results import check, planned, step

FIRST = ("Ada", "Bruno", "Chiara", "Dinesh", "Emre", "Fatima", "Goran", "Hanna", "Keiko", "Luca", "Maren", "Zoë")
LAST = (
    *("Achebe", "Brandt", "Costa", "Deluca", "Eriksen", "Fischer", "García", "Haddad", "Ivanova", "Jansen", "Kowalska"),
    *("Lindqvist", "Müller", "Nakamura", "Okafor", "Petrov", "Rossi", "Şahin", "Tanaka", "Ueda", "Vargas", "Yamada"),
)
ASCII = str.maketrans("ëíüşŞ", "eiuss")
ORG = "https://example.okta.com"
ADMIN = "https://example-admin.okta.com/admin/app"
SIGN_ON, SCIM, KEY = "0oa4h1qk2bXr8vLmN697", "0oa4h1r9wzTy5cQeP697", "exk4h1qk2bXr8vLmN697"
HOSTILE = (
    "<img src=x onerror=hacked=1>",
    "</script><script>hacked=1</script>",
    "<!--<script>",
    "\"'><b>bold</b>&amp;",
    "{{ 7 * 7 }}{% raw %}",
    "${hacked=1}`",
    "javascript:hacked=1",
    "bell\x07 and \x1b[31mred\x1b[0m, \ufffe, \u2028, \u202eright to left",
    "]]><x/>",
)
SETTINGS = {
    "audience": "https://auth.workos.com/EXAMPLE",
    "response_signed": True,
    "assertion_signed": True,
    "signature_algorithm": "RSA_SHA256",
    "digest_algorithm": "SHA256",
    "subject_name_id_template": "${user.userName}",
    "subject_name_id_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "attribute_statements": [{"type": "EXPRESSION", "name": "email", "values": ["user.email"]}],
}
USERNAME = {"user_name_template": {"template": "${source.email}"}}
SCIM_APP = {"id": SCIM, "label": "Claude SCIM", "name": "scim2testapp", "credentials": USERNAME}
SAML_APP = {**SCIM_APP, "id": SIGN_ON, "label": "Claude", "name": "example_claude_1", "settings": {"sign_on": SETTINGS}}
ON = {"status": "ENABLED"}
CONNECTED = {"connection": ON, "capabilities": {"create": {"lifecycle_create": ON}, "update": {"profile": ON}}}
SCIM_STEP = {
    "id": "scim_connection",
    "what": "Open app 'Claude' in the Admin Console. Under General, App Settings, set Provisioning to SCIM. Then enable it.",
    "why": "Okta's public API cannot switch SCIM on for this app.",
    "where": f"{ADMIN}/example_claude_1/instance/{SIGN_ON}/#tab-provisioning",
    "values": {"SCIM base URL": "https://api.workos.com/scim/v2.0/EXAMPLE", "API token": "the SCIM token"},
}
BOTH = {SIGN_ON: "Claude", SCIM: "Claude SCIM"}


def person(number: int, **more: object) -> dict:
    block, place = divmod(number, len(FIRST) * len(LAST))
    first, last = FIRST[place % len(FIRST)], LAST[(place + place // len(FIRST)) % len(LAST)]
    invented = step_results.person(f"{first}.{last}{block or ''}".translate(ASCII).lower())
    return {**invented, "id": f"00u{number}", "name": f"{first} {last}", **more}


def certificate(until: str, days_left: int) -> dict:
    return {"not_after": until, "sha256": "898e0c9c" * 8, "days_left": days_left}


def assignments(people: list[dict], labels: dict[str, str], before: dict | None = None, **more: object) -> dict:
    """labels: of the apps, by id; before: the groups and people that they had."""
    after = {"groups": ["Engineering", "Research"], "users": [], "usernames": {}}
    diff = {"before": before or after, "after": after}
    item = {"changed": diff["before"] != after, "differences": diff, "assigned": people, "wrong_username": [], **more}
    groups = [{"id": name, "name": name, "people": count} for name, count in (("Engineering", 180), ("Research", 75))]
    items = [{**item, "app_id": id, "app_label": label} for id, label in labels.items()]
    return {"assignments": items, "groups": groups, "users": people, "checks": [check("people_email")]}


def saml_steps(people: list[dict], before: dict | None = None, **more: dict) -> dict:
    """before: what there was before the run."""
    url, sso_url = f"{ORG}/app/{KEY}/sso/saml/metadata", f"{ORG}/app/example_claude_1/{KEY}/sso/saml"
    metadata = {"xml": "<md:EntityDescriptor/>", "entity_id": f"http://www.okta.com/{KEY}", "sso_url": sso_url}
    metadata["certificates"] = [certificate("2036-11-24T12:39:22Z", 3652)]
    is_new, nobody = before is not None, {"groups": [], "users": [], "usernames": {}}
    steps = {
        "scim_credentials": {"checks": [check("scim_credentials")]},
        "sign_on_app": step({} if is_new else SAML_APP, SAML_APP, id=SIGN_ON, app=SAML_APP),
        "signing_key": step({"active": "k1"}, {"active": "k1"}),
        "metadata": {"metadata": metadata, "url": url, "checks": [check("certificate")]},
        "scim_app": step({} if is_new else SCIM_APP, SCIM_APP, id=SCIM, app=SCIM_APP),
        "provisioning": step({} if is_new else CONNECTED, CONNECTED, provisioning=CONNECTED, manual_steps=[]),
        "mapping": {"changed": False, "diff": [{"before": {"id": "prm1"}, "after": {"id": "prm1"}}]},
        "assignments": assignments(people, BOTH, nobody if is_new else None),
        "directory": directory(people),
        "members": {"checks": [check("members", "skipped", "No key is configured.", "Set admin_api_key.")]},
    }
    return steps | more


def directory(people: list[dict]) -> dict:
    """Claude's directory with exactly these people."""
    users = [{"id": one["id"], "user_name": one["email"], "email": one["email"], "active": True} for one in people]
    return {"scim": {"missing": [], "unexpected": [], "different": []}, "users": users, "checks": [check("directory")]}


def options(steps: dict, **more: object) -> dict:
    """What the role gives to claude_report."""
    credentials = {"client_id": "0oa1", "private_key": "secret", "dpop": True}
    connection = {"org_url": ORG, **credentials, "scopes": ["okta.apps.manage", "okta.users.read"]}
    plain = {"plan": "enterprise", "protocol": "saml", "mode": "set_up", "reasons": []}
    return {"steps": steps, "connection": connection, **plain, **more}


def green() -> dict:
    """The first run, in which all went well."""
    return options(saml_steps([person(number) for number in range(240)], before={}))


def amber() -> dict:
    """One app carries SCIM, and a person has to switch it on."""
    people = [person(number) for number in range(240)]
    assigned = assignments(people[:214], {SIGN_ON: "Claude"}) | {"users": people}
    steps = saml_steps(people, scim_app={"id": SIGN_ON}, directory={}, mapping={}, assignments=assigned)
    return options(steps | {"provisioning": step({}, {}, manual_steps=[SCIM_STEP])})


def red() -> dict:
    """A verification that finds drift, people with problems, and a certificate that ends soon."""
    people = [person(number) for number in range(240)]
    people[5] |= {"able": False, "status": "SUSPENDED"}
    wrong = [{"id": one["id"], "login": one["login"], "username": "ada", "email": one["email"]} for one in people[:3]]
    drifted = {**SAML_APP, "settings": {"sign_on": {**SETTINGS, "audience": "https://elsewhere.example.com"}}}
    login, email = ({"properties": {"email": {"expression": f"user.{field}"}}} for field in ("login", "email"))
    steps = saml_steps(people, mapping=planned(login, email))
    steps["assignments"] = assignments(people, BOTH, wrong_username=wrong)
    steps["sign_on_app"] = planned(drifted, SAML_APP, id=SIGN_ON, app=SAML_APP)
    for app in BOTH.values():
        detail = f"'{app}': 3 of 240 people have another application username than their email."
        steps["assignments"]["checks"].append(check("usernames", "failed", detail, "Repair."))
    steps["metadata"]["metadata"]["certificates"] = [certificate("2026-12-24T12:39:22Z", 29)]
    steps["metadata"]["checks"] = [check("certificate", "failed", "It is valid until 2026-12-24T12:39:22Z.")]
    failures = [{"user": one["login"], "outcome": "FAILURE", "reason": "409 from the directory"} for one in people[3:5]]
    failed = check("provisioning_log", "failed", "It failed for 2 people.", "Retry.")
    steps["provisioning_log"] = {"events": failures, "checks": [failed]}
    steps["directory"] = directory([*people[:6], *people[13:]])
    steps["directory"]["scim"]["unexpected"] = ["left@example.com"]
    steps["members"] = {"failed": True, "msg": "401, the Admin API key is not accepted."}
    reason = {"variables": ["claude_acs_url"], "text": "claude_acs_url equals claude_audience.", "remedy": "Copy both."}
    return options(steps, mode="verify", reasons=[reason])


def team() -> dict:
    """A Team plan, which has no SCIM, and a test user who has signed in."""
    people = [person(number) for number in range(12)]
    without: dict = {name: {} for name in ("scim_app", "provisioning", "mapping", "directory", "scim_credentials")}
    signed_in = {"checks": [check("sign_on_log", detail="Ada signed in on 2026-11-20T08:00:00.000Z.")]}
    steps = saml_steps(people, **without, assignments=assignments(people, {SIGN_ON: "Claude"}), sign_on_log=signed_in)
    return options(steps, plan="team", connection={"org_url": ORG, "api_token": "secret"})


def oidc() -> dict:
    client = {"pkce_required": True, "token_endpoint_auth_method": "client_secret_basic"}
    app = {"id": SIGN_ON, "label": "Claude", "name": "oidc_client", "credentials": {"oauth_client": client}}
    app["settings"] = {"oauth_client": {"grant_types": ["authorization_code"]}}
    url = f"{ADMIN}/oidc_client/instance/{SIGN_ON}/#tab-general"
    values = {"client_id": SIGN_ON, "issuer": ORG, "discovery_url": f"{ORG}/.well-known", "secret_url": url}
    steps = saml_steps([person(1)], metadata={}, signing_key={})
    steps["sign_on_app"] = step({}, app, id=SIGN_ON, app=app, **values)
    return options(steps, plan="console", protocol="oidc")


def removed() -> dict:
    gone = {"sign_on_app": step(SAML_APP, {}, app=None, id=None), "scim_app": step(SCIM_APP, {}, app=None, id=None)}
    return options(gone, mode="remove")


def many() -> dict:
    """10,000 people, and names that try to break out of the page."""
    names = itertools.cycle(HOSTILE)
    people = [person(number) for number in range(10_000 - len(HOSTILE))]
    people += [person(0, id=name, name=name, login=name, email=f"{name}@example.com") for name in HOSTILE]
    for number in range(0, 10_000, 20):
        people[number] |= {"able": False, "status": next(names)}
    steps = saml_steps(people, assignments=assignments(people, {SIGN_ON: HOSTILE[0], SCIM: HOSTILE[1]}))
    app = {**SAML_APP, "label": HOSTILE[0], "name": HOSTILE[2]}
    steps["sign_on_app"] = step({**app, "label": HOSTILE[3]}, app, id=SIGN_ON, app=app)
    steps["metadata"]["url"] = HOSTILE[6]
    steps["assignments"]["groups"] = [{"id": text, "name": text, "people": 1} for text in HOSTILE]
    ids = itertools.cycle(("saml_settings", "usernames", "directory", "invitations"))
    checks = [check(next(ids), state, next(names), next(names)) for state in ("failed", "manual", "skipped", "ok") * 5]
    texts = (*HOSTILE, 'https://a.example/?x=1&y="2"><i>')
    fields = ("what", "why", "where")
    manual = [{"id": "group_claim", **dict.fromkeys(fields, text), "values": {text: text}} for text in texts]
    steps["saml_response"] = {"checks": checks, "manual_steps": manual}
    return options(steps)


def preview() -> dict:
    steps = saml_steps([person(1)], {})
    for name in ("sign_on_app", "scim_app"):
        app = {**steps[name]["app"], "id": "PLANNED"}
        steps[name] = step({}, app, id="PLANNED", app=app)
    metadata = {"xml": "PLANNED", "entity_id": "PLANNED", "sso_url": "PLANNED", "certificates": []}
    return options(steps | {"metadata": {"metadata": metadata, "url": "PLANNED"}}, mode="preview")


RUNS = {run.__name__: run for run in (green, amber, red, team, oidc, removed, many, preview)}
WRITTEN = [host for host in RUNS if host != "preview"]
