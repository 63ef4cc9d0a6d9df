# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls recorded from the journals of the emulator, and a playbook that repeats them with one task a call.

A call has method, url and status, and body if it writes. Addresses, secrets and the ids of earlier answers are Jinja
expressions in it, such as `{{ call_7.json.id }}`, so that it can be repeated in another org.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

# Environment variables in which every way gets what the emulator prints at its start.
VARIABLES = {
    "url": "OKTA_CLIENT_ORGURL",
    "token": "OKTA_CLIENT_TOKEN",
    "scim_url": "CLAUDE_SCIM_BASE_URL",
    "scim_token": "CLAUDE_SCIM_TOKEN",
}


def record_calls(okta: list[dict], directory: list[dict], environment: dict[str, str]) -> list[dict]:
    """The calls of a run, from the journals of the Okta API and of the directory."""
    expressions = {environment[variable]: name for name, variable in VARIABLES.items()}
    # The other requests to the directory are those of Okta: it looks people up by a filter, and writes.
    lists = [entry for entry in directory if entry["method"] == "GET" and "filter" not in entry["query"]]
    calls: list[dict] = []
    for entry in [*okta, *lists]:
        url = environment["OKTA_CLIENT_ORGURL"] + entry["path"]
        if entry["query"]:
            url += "?" + urlencode(entry["query"])
        body = {} if entry["method"] == "GET" else {"body": entry["body"]}
        text = json.dumps({"method": entry["method"], "url": url, **body, "status": entry["status"]})
        # The longest first: the address of the directory begins with that of the org.
        for value in sorted(expressions, key=len, reverse=True):
            text = text.replace(value, f"{{{{ {expressions[value]} }}}}")
        for id, path in find_ids(entry.get("answer")):
            expressions.setdefault(id, f"call_{len(calls)}.json{path}")
        calls.append(json.loads(text))
    return calls


def find_ids(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every id in an answer, and where it is."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_ids(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "id" and isinstance(item, str):
                yield item, f"{path}.id"
            yield from find_ids(item, f"{path}.{key}")


def name_endpoint(call: dict) -> str:
    """The call without what differs between objects: `GET /api/v1/apps/ID/users`."""
    path = call["url"].partition("?")[0].replace("{{ url }}", "").replace("{{ scim_url }}", "SCIM ")
    return f"{call['method']} {re.sub(r'{{.*?}}', 'ID', path)}"


def make_playbook(calls: list[dict]) -> list[dict]:
    """A playbook with one task of ansible.builtin.uri a call."""
    tasks = []
    for number, call in enumerate(calls):
        is_directory = call["url"].startswith("{{ scim_url }}")
        headers = {"Authorization": "Bearer {{ scim_token }}" if is_directory else "SSWS {{ token }}"}
        if call["url"].endswith("/sso/saml/metadata"):
            headers["Accept"] = "application/xml"
        arguments = {"method": call["method"], "url": call["url"], "headers": headers, "status_code": call["status"]}
        if "body" in call:
            arguments |= {"body": call["body"], "body_format": "json"}
        tasks.append({"name": name_endpoint(call), "ansible.builtin.uri": arguments, "register": f"call_{number}"})
    values = {name: f"{{{{ lookup('ansible.builtin.env', '{env}') }}}}" for name, env in VARIABLES.items()}
    values["ansible_python_interpreter"] = "{{ ansible_playbook_python }}"
    return [{"hosts": "localhost", "gather_facts": False, "vars": values, "tasks": tasks}]
