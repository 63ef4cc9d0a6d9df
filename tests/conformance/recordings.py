# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Okta's recorded answers, where they are at hand: what was sent, what came back, and what it was about.

The recordings are not part of this repository. They are looked for beside the checkout, or at OKTA_RECORDED.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ID = re.compile(r"(?<![\w-])(?:0oa|00[ugop]|rst|prm|oty|osc|exk|aln|gPm|pks)[0-9A-Za-z]{17}(?![\w-])")

# What the emulator does not model: kinds of apps (and what comes with them), endpoints, types of policies.
UNMODELLED_APPS = {
    "sharepoint_onpremise", "office365", "saasure", "okta_enduser", "okta_browser_plugin", "strongdm", "applauz", "deel",
    "Okta Account Management Policy", "template_swa", "template_swa3field",
}  # fmt: skip
# The last was recorded from a mock, not from an org.
UNMODELLED_PATHS = re.compile(r"/api/v1/(policies/[^/]+/(app|mappings)|users/[^/]+/appLinks|groups/test_group_id)")
UNMODELLED_POLICIES = {
    "OKTA_SIGN_ON", "IDP_DISCOVERY", "PASSWORD", "POST_AUTH_SESSION", "SESSION_VIOLATION_DETECTION", "MFA_ENROLL",
}  # fmt: skip


def place() -> Path | None:
    """Where the recordings are, if anywhere."""
    candidates = [os.environ.get("OKTA_RECORDED"), ROOT.parent / "shared" / "okta-recorded"]
    return next((path for path in map(Path, filter(None, candidates)) if path.is_dir()), None)


def read(name: str) -> list[dict]:
    return json.loads((place() / name).read_text(encoding="utf-8"))["interactions"]


def names(pattern: str) -> list[str]:
    found = place()
    return sorted(str(path.relative_to(found)) for path in found.glob(pattern)) if found else []


def all_names() -> list[str]:
    return names("*.json") + names("sequences/*.json")


def plays(name: str) -> list[list[dict]]:
    """What is replayed in one org each: a sequence as a whole; any other file has single answers, which are no sequence."""
    found = [one for one in read(name) if not one.get("other_endpoint")]
    return [found] if name.startswith("sequences") else [[one] for one in found]


class Everything:
    """All objects that appear in any recording, by id, each as it was seen first and at its fullest."""

    def __init__(self) -> None:
        self.objects: dict[str, dict] = {}
        for name in all_names():
            for one in read(name):
                if one["status"] < 300:
                    self._keep(one["response_body"])
                for line in one.get("truncated_summary", ()):
                    identity, label = line.split(" | ")[:2]
                    self.objects.setdefault(identity, {"id": identity, "name": label})

    def _keep(self, body: object) -> None:
        for item in body if isinstance(body, list) else [body]:
            if isinstance(item, dict) and ID.fullmatch(str(item.get("id"))):
                known = self.objects.get(item["id"], {})
                if len(item) > len(known):
                    self.objects[item["id"]] = item


def answered(one: dict) -> dict:
    return one["response_body"] if isinstance(one["response_body"], dict) else {}


def sent(one: dict) -> object:
    """The body that was sent; the oldest recordings lack it, there it is what came back."""
    if one["request_body"] is not None or one["method"] not in ("POST", "PUT"):
        return one["request_body"]
    came = answered(one)
    if not came or "errorCode" in came or one["path"].endswith("generate"):
        return None
    credentials = {name: value for name, value in came.get("credentials", {}).items() if name != "signing"}
    if "password" in credentials:
        credentials["password"] = {"value": "a password of theirs"}
    return {**came, "credentials": credentials}


def mentioned(one: dict) -> list[str]:
    """The ids that a request supposes: those of its address, and those of the list that it gets."""
    items = one["response_body"] if isinstance(one["response_body"], list) else []
    texts = [one["path"], *one["query"].values(), json.dumps(sent(one))]
    found = [identity for text in texts for identity in ID.findall(str(text))]
    if one["method"] == "POST" and one["path"].count("/") == 3:
        found = [identity for identity in found if identity != answered(one).get("id")]
    return found + [item["id"] for item in items if isinstance(item, dict) and ID.fullmatch(str(item.get("id")))]


def unmodelled(one: dict) -> bool:
    """Whether this is about a kind of app, or an endpoint, that the emulator does not model."""
    if UNMODELLED_PATHS.fullmatch(one["path"]):
        return True
    if one["path"].startswith("/api/v1/policies"):
        return bool({one["query"].get("type"), answered(one).get("type")} & UNMODELLED_POLICIES)
    about = [one["request_body"] or {}, answered(one)] if one["path"].startswith("/api/v1/apps") else []
    return any(thing.get("name") in UNMODELLED_APPS for thing in about)
