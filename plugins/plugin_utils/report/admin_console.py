# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where the Admin Console shows the apps of a run, as far as it is known without asking Okta. Pure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED, REFUSED
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import app_of

PURPOSES = {"sign_on_app": "sign_on", "scim_app": "scim"}


def list_apps(steps: dict[str, dict], org_url: str) -> list[dict]:
    """The apps of the run: purpose (sign_on, scim), label, id and url, which is "" where it is not known."""
    apps = []
    for name, purpose in PURPOSES.items():
        app = app_of(steps[name])
        if app.get("label"):
            id = app.get("id") or PLANNED
            is_removed = not steps[name].get("app")
            url = "" if is_removed else app_url(app, org_url)
            apps.append({"purpose": purpose, "label": app["label"], "id": id, "url": url})
    return apps


def app_url(app: dict, org_url: str) -> str:
    console = console_url(app, org_url)
    if not console or app.get("id") in (None, PLANNED, REFUSED) or not app.get("name"):
        return ""
    return f"{console}/admin/app/{quote(app['name'], safe='')}/instance/{quote(app['id'], safe='')}/"


def console_url(app: dict, org_url: str) -> str:
    """The Admin Console has the address of the org with "-admin". A custom domain has none, but an app links to it."""
    help_link = ((app.get("_links") or {}).get("help") or {}).get("href") or ""
    for url, suffix in ((org_url, "-admin"), (help_link, "")):
        parts = urlsplit(url)
        name, _dot, domain = parts.netloc.partition(".")
        is_console = name.endswith("-admin") or suffix
        if parts.scheme == "https" and is_console and domain.startswith("okta"):
            return f"https://{name}{suffix}.{domain}"
    return ""
