# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Invented runs: a possible `claude_result` for each host. Nobody in them exists."""

from __future__ import annotations

import collections
import itertools

FIRST = [
    *(
        "Ada",
        "Bruno",
        "Chiara",
        "Dinesh",
        "Emre",
        "Fatima",
        "Goran",
        "Hanna",
        "Ines",
        "Jonas",
        "Keiko",
        "Luca",
        "Maren",
    ),
    *(
        "Nadia",
        "Omar",
        "Priya",
        "Quentin",
        "Rosa",
        "Søren",
        "Tomás",
        "Ulla",
        "Viktor",
        "Wanda",
        "Ximena",
        "Yusuf",
        "Zoë",
    ),
]
LAST = [
    *("Achebe", "Brandt", "Costa", "Deluca", "Eriksen", "Fischer", "García", "Haddad", "Ivanova", "Jansen", "Kowalska"),
    *("Lindqvist", "Müller", "Nakamura", "Okafor", "Petrov", "Quintero", "Rossi", "Şahin", "Tanaka", "Ueda", "Vargas"),
    *("Weber", "Xu", "Yamada", "Zamora"),
]
ASCII = str.maketrans("øáëíüşŞ", "oaeiuss")

SIGN_ON, SCIM = "0oa4h1qk2bXr8vLmN697", "0oa4h1r9wzTy5cQeP697"
ADMIN = "https://example-admin.okta.com/admin/app"
GUIDE = "https://support.claude.com/en/articles/13917840"
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


def check(id: str, state: str = "ok", detail: str = "", remedy: str | None = None) -> dict:
    return {"id": id, "state": state, "detail": detail or f"{id}: as in the guide.", "remedy": remedy}


def person(number: int, state: str = "ready", detail: str = "is in Claude's directory", name: str = "") -> dict:
    block, place = divmod(number, len(FIRST) * len(LAST))
    first, last = FIRST[place % len(FIRST)], LAST[(place + place // len(FIRST)) % len(LAST)]
    email = f"{first}.{last}{block or ''}@example.com".translate(ASCII).lower()
    return {"name": name or f"{first} {last}", "login": email, "email": email, "state": state, "detail": detail}


def result(summary: str, chain: list[str], checks: list[dict], people: list[dict], **given: object) -> dict:
    links = zip(("okta", "sign_on", "scim", "people", "claude"), chain, strict=True)
    titles = {"okta": "Okta app", "sign_on": "Sign-on", "scim": "SCIM", "people": "People", "claude": "Claude"}
    details = {
        "ok": "As in the guide.",
        "manual": "See the manual steps.",
        "failed": "See the checks.",
        "skipped": "Not checked.",
    }
    url = "https://example.okta.com/app"
    metadata = {
        "entity_id": "http://www.okta.com/exk4h1qk2bXr8vLmN697",
        "sso_url": f"{url}/example_claude_1/exk4h1qk2bXr8vLmN697/sso/saml",
        "url": f"{url}/exk4h1qk2bXr8vLmN697/sso/saml/metadata",
        "certificates": [{"not_after": "2036-11-24T12:39:22Z", "sha256": "898e0c9c" * 8, "days_left": 3652}],
    }
    return {
        "plan": "enterprise",
        "protocol": "saml",
        "mode": "set_up",
        "ready": all(one["state"] in ("ok", "skipped") for one in checks),
        "summary": [summary],
        "sign_on_app_id": SIGN_ON,
        "scim_app_id": SCIM,
        "metadata": metadata,
        "oidc": {},
        "hand_over": {
            "Metadata URL": metadata["url"],
            "Identity provider entity ID": metadata["entity_id"],
            "Single sign-on URL": metadata["sso_url"],
        },
        "manual_steps": [],
        "checks": checks,
        "chain": [{"id": id, "title": titles[id], "state": state, "detail": details[state]} for id, state in links],
        "people": people,
        "people_states": dict(collections.Counter(one["state"] for one in people)),
    } | given


GREEN_CHECKS = [
    check("sign_on_app", detail="Sign-on app: as in the guide."),
    check("signing_key", detail="Signing key: as in the guide."),
    check("certificate", detail="The signing certificate is valid until 2036-11-24T12:39:22Z."),
    check("scim_app", detail="App that carries SCIM: as in the guide."),
    check("provisioning", detail="SCIM connection and features: as in the guide."),
    check("mapping", detail="Email mapping: as in the guide."),
    check("people_email", detail="Everybody who can sign in (240 people) has a usable email in 'email'."),
    check("people_domain", detail="Everybody (240 people) is in the verified domains."),
    check("scim_assignment", detail="Assignments to the SCIM app: as in the guide."),
    check("sign_on_log", "skipped", "Nobody signed in through this app in this period."),
]
STEP = {
    "id": "scim_connection",
    "what": "Open app 'Claude' in the Admin Console. Under General, App Settings, set Provisioning to SCIM. Then under "
    "Provisioning, Configure API Integration, enable it, enter the values, test the credentials and save. "
    "The next run continues from there.",
    "why": "Okta's public API cannot switch SCIM on for this app.",
    "where": f"{ADMIN}/example_claude_1/instance/{SIGN_ON}/#tab-provisioning",
    "values": {
        "SCIM base URL": "https://api.workos.com/scim/v2.0/EXAMPLE",
        "API token": "the SCIM token from the setup flow",
    },
}


def green() -> dict:
    return result(
        f"Ready: 240 people can sign in to Claude through Okta app {SIGN_ON} and are provisioned by app {SCIM}.",
        ["ok"] * 5,
        GREEN_CHECKS,
        [person(number) for number in range(240)],
    )


def amber() -> dict:
    waiting = [person(number, "pending", "is not assigned yet") for number in range(214, 240)]
    checks = [
        *GREEN_CHECKS,
        check("scim_connection", "manual", f"{STEP['what']} {STEP['why']}", STEP["where"]),
        check("directory", "skipped", "Claude's directory is read when SCIM is connected."),
    ]
    return result(
        "Not ready. Manual steps: scim_connection.",
        ["ok", "ok", "manual", "ok", "skipped"],
        checks,
        [*(person(number, detail="is assigned") for number in range(214)), *waiting],
        manual_steps=[STEP],
        scim_app_id=SIGN_ON,
    )


def red() -> dict:
    checks = [
        *GREEN_CHECKS[:5],
        check(
            "mapping",
            "failed",
            "Email mapping: email is user.login and should be user.email.",
            "Run idops.okta.claude, which repairs it.",
        ),
        check(
            "usernames",
            "failed",
            "'Claude SCIM': 3 of 240 people have another application username than their email: ada, bruno, chiara.",
            "Run once with claude_usernames: repair; Okta then pushes the corrected names. "
            f"See step 3 of the guide and {GUIDE}.",
        ),
        check(
            "provisioning_log",
            "failed",
            "Provisioning failed for 2 of 240 people: Dinesh Eriksen, Emre Fischer.",
            "In the Admin Console, Dashboard, Tasks, retry them.",
        ),
        check(
            "leftover_members", "manual", "1 member of Claude is not assigned in Okta.", "Assign or remove this person."
        ),
        *GREEN_CHECKS[6:],
    ]
    people = [
        *(
            person(number, "failed", "has the application username of another person instead of the email")
            for number in range(3)
        ),
        *(person(number, "failed", "provisioning failed: 409 from Claude's directory") for number in range(3, 5)),
        person(5, "blocked", "cannot sign in to Okta (SUSPENDED)"),
        *(person(number, "pending", "is not in Claude's directory yet") for number in range(6, 13)),
        *(person(number) for number in range(13, 240)),
        {**person(700, "leftover", "is in Claude and not assigned in Okta"), "name": "", "login": ""},
    ]
    soon = [{"not_after": "2026-12-24T12:39:22Z", "sha256": "0badcafe" * 8, "days_left": 30}]
    return result(
        "Not ready. Failed checks: mapping, usernames, provisioning_log. Waiting for people: leftover_members.",
        ["ok", "ok", "failed", "failed", "manual"],
        checks,
        people,
        mode="verify",
        metadata=green()["metadata"] | {"certificates": soon + green()["metadata"]["certificates"]},
    )


def team() -> dict:
    why = (
        "A Team plan has no SCIM: people are provisioned just in time, at their first sign-in. Somebody who loses access "
        "in Okta has to be removed in Claude manually."
    )
    return result(
        f"Ready: 12 people can sign in to Claude through Okta app {SIGN_ON}.",
        ["ok", "ok", "skipped", "ok", "skipped"],
        [*GREEN_CHECKS[:3], check("provisioning", "skipped", why)],
        [person(number, detail="is assigned") for number in range(12)],
        plan="team",
        scim_app_id=None,
    )


def preview() -> dict:
    change = "Sign-on app would be created."
    return result(
        "Preview: 1 step would change the org; nothing was sent.",
        ["skipped"] * 5,
        [check("sign_on_app", "skipped", change)],
        [],
        mode="preview",
        ready=False,
        sign_on_app_id="PLANNED",
        scim_app_id="PLANNED",
        metadata={},
        hand_over={},
    )


def oidc() -> dict:
    issuer, secret = "https://example.okta.com", f"{ADMIN}/oidc_client/instance/{SIGN_ON}/#tab-general"
    return result(
        f"Ready: 12 people can sign in to Claude through Okta app {SIGN_ON} and are provisioned by app {SCIM}.",
        ["ok"] * 5,
        [check("sign_on_app"), check("claim")],
        [person(number) for number in range(12)],
        plan="console",
        protocol="oidc",
        metadata={},
        oidc={"client_id": SIGN_ON, "issuer": issuer, "discovery_url": f"{issuer}/.well-known", "secret_url": secret},
        hand_over={"Client ID": SIGN_ON, "Client secret": f"Read it at {secret}", "Issuer": issuer},
    )


def many() -> dict:
    """10,000 people, and names that try to break out of the page."""
    names = itertools.cycle(HOSTILE)
    states = ("ready",) * 17 + ("pending", "failed", "blocked")
    people = [person(number, states[number % 20]) for number in range(10_000 - len(HOSTILE))]
    people += [
        {"name": name, "login": name, "email": f"{name}@example.com", "state": "failed", "detail": f"{name} {name}"}
        for name in HOSTILE
    ]
    checks = [
        check(next(names), state, next(names), next(names)) for state in ("failed", "manual", "skipped", "ok") * 5
    ]
    steps = [
        {"id": text, "what": text, "why": text, "where": text, "values": {text: text}}
        for text in (*HOSTILE, 'https://a.example/?x=1&y="2"><i>')
    ]
    given = result(" ".join(HOSTILE), ["failed"] * 5, checks, people, manual_steps=steps)
    given["hand_over"] |= {text: text for text in HOSTILE}
    given["chain"] = [link | {"title": next(names), "detail": next(names)} for link in given["chain"]]
    return given


RUNS = {run.__name__: run for run in (green, amber, red, team, preview, oidc, many)}
