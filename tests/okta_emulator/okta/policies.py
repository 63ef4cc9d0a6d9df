# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Access policies, and which of them an app can use."""

from __future__ import annotations

from ..http.errors import OktaError, blank, find, invalid
from ..http.ids import timestamp
from ..http.web import Answer, Request, link, paginate
from . import log

# Policies of Okta's own apps, which exist in every org and cannot be assigned to another app.
_RESERVED = ("Okta Admin Console", "Okta Dashboard", "Okta Browser Plugin")


def create_initial(org) -> tuple[str, str]:
    """Create the policies of a new org; returns the ids of the default access policy and the enrollment policy."""
    for name in _RESERVED:
        add(org, name)
    default = add(org, "Any two factors", description="Require two factors to access.", system=True)
    for name in ("Password only", "One factor access"):
        add(org, name, description=None)
    enrollment = add(org, "Default Policy", system=True, type="PROFILE_ENROLLMENT")
    return default["id"], enrollment["id"]


def add(org, name: str, **more: object) -> dict:
    """Add a policy; its type is ACCESS_POLICY by default."""
    identity = org.new_id("rst")
    base = f"{org.url}/api/v1/policies/{identity}"
    system = bool(more.get("system", False))
    links = {"self": link(base, "GET", "PUT"), "rules": link(f"{base}/rules", "GET", "POST")}
    if not system:
        links["self"] = link(base, "GET", "PUT", "DELETE")
        links["mappings"] = link(f"{base}/mappings", "GET", "POST")
        links["deactivate"] = link(f"{base}/lifecycle/deactivate", "POST")
    description = {"description": more["description"]} if "description" in more else {}
    org.policies[identity] = {
        "id": identity,
        "status": "ACTIVE",
        "name": name,
        **description,
        "priority": 1,
        "system": system,
        "conditions": None,
        "created": timestamp(),
        "lastUpdated": timestamp(),
        "_links": links,
        "type": more.get("type", "ACCESS_POLICY"),
    }
    return org.policies[identity]


def list_policies(org, request: Request) -> Answer:
    kind = request.query.get("type")
    if not kind:
        raise blank("type")
    if org.settings.engine == "classic" and kind in ("ACCESS_POLICY", "PROFILE_ENROLLMENT"):
        raise invalid("type", f"type: Policy type {kind} is not supported in this org")
    found = [
        {**policy, "_embedded": {"resourceType": "APP"}, "type": kind}
        for policy in org.policies.values()
        if policy["type"] == kind
    ]
    answer = paginate(request, found, 200, 1000)
    # The list is not paged; its self link has only the type.
    return answer._replace(headers={"Link": [f'<{request.origin}{request.path}?type={kind}>; rel="self"']})


def get(org, policy_id: str) -> dict:
    return find(org.policies, policy_id, "Policy")


def assign(org, app: dict, policy_id: str) -> Answer:
    """PUT /apps/{id}/policies/{policyId}: the access policy of an app is one of its links."""
    if org.settings.engine == "classic":
        raise OktaError(401, "E0000015", "You do not have permission to access the feature you are requesting")
    policy = get(org, policy_id)
    if policy["name"] in _RESERVED:
        cause = f'This policy belongs to "{policy["name"]}", and re-assignment of this policy is not allowed'
        raise invalid("Policy", cause)
    if policy["type"] != "ACCESS_POLICY":
        raise invalid("Policy", "This policy cannot be assigned to an app")
    app["_links"]["accessPolicy"] = link(f"{org.url}/api/v1/policies/{policy_id}")
    org.touch(app)
    log.write(org, "policy.lifecycle.update", [log.app_target(app)])
    return Answer(204)
