# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Access policies: who may be pointed to, and who may not."""

from __future__ import annotations

from ..http.errors import OktaError, invalid, not_found
from ..http.ids import stamp
from ..http.web import Answer, Request, page
from . import log

# Okta's own apps have policies of their own, which nobody else may use; they come with every org.
_OKTAS_OWN = ("Okta Admin Console", "Okta Dashboard", "Okta Browser Plugin")


def initial(org) -> tuple[str, str]:
    """Make the policies of a fresh org; answer the default one for access and the one for enrolment."""
    for name in _OKTAS_OWN:
        add(org, name)
    default = add(org, "Any two factors", description="Require two factors to access.", system=True)
    for name in ("Password only", "One factor access"):
        add(org, name, description=None)
    enrolment = add(org, "Default Policy", system=True, type="PROFILE_ENROLLMENT")
    return default["id"], enrolment["id"]


def add(org, name: str, **more: object) -> dict:
    """A policy, ACCESS_POLICY unless it says otherwise."""
    identity = org.new("rst")
    base = f"{org.url}/api/v1/policies/{identity}"
    system = bool(more.get("system", False))
    links = {
        "self": {"href": base, "hints": {"allow": ["GET", "PUT"] if system else ["GET", "PUT", "DELETE"]}},
        "rules": {"href": f"{base}/rules", "hints": {"allow": ["GET", "POST"]}},
    }
    if not system:
        mapped = {"mappings": {"href": f"{base}/mappings", "hints": {"allow": ["GET", "POST"]}}}
        off = {"deactivate": {"href": f"{base}/lifecycle/deactivate", "hints": {"allow": ["POST"]}}}
        links = {**mapped, **links, **off}
    description = {"description": more["description"]} if "description" in more else {}
    org.policies[identity] = {
        "id": identity,
        "status": "ACTIVE",
        "name": name,
        **description,
        "priority": 1,
        "system": system,
        "conditions": None,
        "created": stamp(),
        "lastUpdated": stamp(),
        "_links": links,
        "type": more.get("type", "ACCESS_POLICY"),
    }
    return org.policies[identity]


def listed(org, request: Request) -> Answer:
    kind = request.query.get("type")
    if not kind:
        raise invalid("type", "type: The field cannot be left blank")
    if org.settings.engine == "classic" and kind in ("ACCESS_POLICY", "PROFILE_ENROLLMENT"):
        raise invalid("type", f"type: Policy type {kind} is not supported in this org")
    found = [
        {**policy, "_embedded": {"resourceType": "APP"}, "type": kind}
        for policy in org.policies.values()
        if policy["type"] == kind
    ]
    answer = page(request, found, 200, 1000)
    # The list comes whole: its self link names the type and nothing else.
    return answer._replace(headers={"Link": [f'<{request.origin}{request.path}?type={kind}>; rel="self"']})


def get(org, policy_id: str) -> dict:
    if policy_id not in org.policies:
        raise not_found(policy_id, "Policy")
    return org.policies[policy_id]


def assign(org, app: dict, policy_id: str) -> Answer:
    """PUT /apps/{id}/policies/{policyId}: the app links to its policy from now on."""
    if org.settings.engine == "classic":
        raise OktaError(401, "E0000015", "You do not have permission to access the feature you are requesting")
    policy = get(org, policy_id)
    if policy["name"] in _OKTAS_OWN:
        cause = f'This policy belongs to "{policy["name"]}", and re-assignment of this policy is not allowed'
        raise invalid("Policy", cause)
    if policy["type"] != "ACCESS_POLICY":
        raise invalid("Policy", "This policy cannot be assigned to an app")
    app["_links"]["accessPolicy"] = {"href": f"{org.url}/api/v1/policies/{policy_id}"}
    org.touch(app)
    log.write(org, "policy.lifecycle.update", [log.instance(app)])
    return Answer(204)
