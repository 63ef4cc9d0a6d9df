# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an app looks like when Okta answers it: defaults, nulls, the order of keys, links."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..http.errors import invalid
from ..http.ids import stamp
from .catalog import CATALOGUE

SAML_REQUIRED = (
    "ssoAcsUrl", "recipient", "destination", "audience", "subjectNameIdTemplate", "subjectNameIdFormat",
    "signatureAlgorithm", "digestAlgorithm", "authnContextClassRef",
)  # fmt: skip
UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
_OVERRIDES = ("ssoAcsUrlOverride", "audienceOverride", "recipientOverride", "destinationOverride")
_SAID_OR_ABSENT = (
    "post_logout_redirect_uris", "initiate_login_uri", "network", "frontchannel_logout_uri",
    "frontchannel_logout_session_required", "policy_uri", "tos_uri", "jwks_uri",
)  # fmt: skip
_PLAIN_LOGIN = {"template": "${source.login}", "type": "BUILT_IN"}


def kind(body: dict) -> str:
    """`custom_saml`, `oidc_client`, or the key of a catalogue app."""
    name = body.get("name")
    if name in CATALOGUE or name == "oidc_client":
        return name
    held = "id" in body
    if body.get("signOnMode") == "OPENID_CONNECT" and (not name or held):
        return "oidc_client"
    if body.get("signOnMode") == "SAML_2_0" and (not name or held):
        return "custom_saml"
    if name:
        raise invalid("name", f"name: {name} is not an application of this org's catalogue")
    raise invalid("signOnMode", "signOnMode: The field cannot be left blank")


def check(app_kind: str, body: dict) -> None:
    """Refuse what Okta refuses, each cause naming its field."""
    if not str(body.get("label") or "").strip():
        raise invalid("label", "label: The field cannot be left blank")
    settings = body.get("settings") or {}
    if app_kind == "custom_saml":
        _check_saml(settings.get("signOn") or {})
    if app_kind == "oidc_client":
        _check_oidc(settings.get("oauthClient") or {})


def _check_saml(sign_on: dict) -> None:
    missing = [f"{name}: The field cannot be left blank" for name in SAML_REQUIRED if not sign_on.get(name)]
    if missing:
        raise invalid("settings.signOn", *missing)
    for name in ("ssoAcsUrl", "recipient", "destination"):
        _check_url(f"settings.signOn.{name}", name, sign_on[name])
    for statement in sign_on.get("attributeStatements") or []:
        if not statement.get("name"):
            raise invalid("attributeStatements", "name: The field cannot be left blank")


def _check_url(field: str, name: str, value: str) -> None:
    parts = urlsplit(str(value))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(field, f"{name}: The field must be a valid URL")


def _check_oidc(client: dict) -> None:
    redirects = client.get("redirect_uris") or []
    grants = set(client.get("grant_types") or ["authorization_code"])
    if grants & {"authorization_code", "implicit"} and not redirects:
        raise invalid("redirect_uris", "redirect_uris: 'redirect_uris' must not be empty for these grant types")
    for address in redirects:
        if not urlsplit(str(address)).scheme:
            raise invalid("redirect_uris", f"redirect_uris: '{address}' is not an absolute URI")


def shaped(org, app_kind: str, body: dict, held: dict) -> dict:
    """The app that a create or a replacement leaves, in Okta's order of keys; a replacement forgets `profile`."""
    current = org.settings.engine == "identity"
    app = {
        "id": held["id"],
        "orn": f"orn:okta:idp:{org.id}:apps:{held['name']}:{held['id']}",
        "name": held["name"],
        "label": body["label"],
        "status": held["status"],
        "lastUpdated": stamp(),
        "created": held["created"],
        "accessibility": _over(
            {"selfService": False, "errorRedirectUrl": None, "loginRedirectUrl": None}, body.get("accessibility")
        ),
        "visibility": _visibility(app_kind, held, body.get("visibility") or {}),
        "features": [],
        "signOnMode": held["signOnMode"] if "signOnMode" in held else _mode(app_kind),
        "credentials": _credentials(app_kind, held, body.get("credentials") or {}),
        **({"universalLogout": _universal_logout(app_kind)} if current else {}),
        "settings": _settings(org, app_kind, body.get("settings") or {}, current),
    }
    if body.get("profile") is not None:
        app["profile"] = body["profile"]
    return app


def _mode(app_kind: str) -> str | None:
    if app_kind in CATALOGUE:
        return CATALOGUE[app_kind].mode
    return "SAML_2_0" if app_kind == "custom_saml" else "OPENID_CONNECT"


def _over(defaults: dict, given: dict | None) -> dict:
    """Defaults with what was given for the same keys, one level deep; keys that Okta does not know are dropped."""
    given = given or {}
    return {name: value if given.get(name) is None else given[name] for name, value in defaults.items()}


def _visibility(app_kind: str, held: dict, given: dict) -> dict:
    hidden = app_kind == "oidc_client"
    link = CATALOGUE[app_kind].link if app_kind in CATALOGUE else f"{held['name']}_link"
    kept = (held.get("visibility") or {}).get("appLinks") or {link: True}
    return {
        **_over({"autoLaunch": False, "autoSubmitToolbar": False}, given),
        "hide": _over({"iOS": hidden, "web": hidden}, given.get("hide")),
        "appLinks": _over(kept, given.get("appLinks")),
    }


def _credentials(app_kind: str, held: dict, given: dict) -> dict:
    before = held.get("credentials") or {}
    credentials = {"userNameTemplate": _username(given.get("userNameTemplate") or _PLAIN_LOGIN)}
    if app_kind in CATALOGUE and CATALOGUE[app_kind].mode == "SECURE_PASSWORD_STORE":
        scheme = given.get("scheme") or before.get("scheme") or "EDIT_USERNAME_AND_PASSWORD"
        credentials = {"scheme": scheme, **credentials, "revealPassword": bool(given.get("revealPassword"))}
    signs = app_kind in ("custom_saml", "oidc_client") or CATALOGUE[app_kind].mode == "SAML_2_0"
    kid = (given.get("signing") or {}).get("kid") or before["signing"].get("kid")
    credentials["signing"] = {"kid": kid} if signs else {}
    if app_kind == "oidc_client":
        client = given.get("oauthClient") or {}
        credentials["oauthClient"] = {
            "autoKeyRotation": client.get("autoKeyRotation", True),
            # The caller may choose it once.
            "client_id": (before.get("oauthClient") or client).get("client_id") or held["id"],
            "token_endpoint_auth_method": client.get("token_endpoint_auth_method") or "client_secret_basic",
            "pkce_required": bool(client.get("pkce_required", False)),
        }
    return credentials


def _username(given: dict) -> dict:
    """A custom template says whether it is pushed, a built-in one only if it was told."""
    template = {name: given[name] for name in ("template", "type", "suffix", "pushStatus") if given.get(name)}
    if template.get("type") == "CUSTOM":
        template.setdefault("pushStatus", "DONT_PUSH")
    return template


def _universal_logout(app_kind: str) -> dict | None:
    if app_kind == "custom_saml":
        return None
    if app_kind in CATALOGUE:
        return {"status": "UNSUPPORTED"}
    full = {"supportType": "FULL", "identityStack": "NOT_SHARED", "protocol": "GLOBAL_TOKEN_REVOCATION"}
    return {"status": "DISABLED", **full}


def _settings(org, app_kind: str, given: dict, current: bool) -> dict:
    known = CATALOGUE[app_kind].settings if app_kind in CATALOGUE else ()
    settings = {
        "app": {name: (given.get("app") or {}).get(name) for name in known},
        "notifications": {"vpn": {"network": {"connection": "DISABLED"}, "message": None, "helpUrl": None}},
        "manualProvisioning": False,
        "implicitAssignment": bool(given.get("implicitAssignment", False)),
        **({"emOptInStatus": "NONE"} if current else {}),
        "notes": _over({"admin": None, "enduser": None}, given.get("notes")),
    }
    sign_on = given.get("signOn") or {}
    if app_kind == "custom_saml":
        settings["signOn"] = _custom_sign_on(sign_on)
    elif app_kind == "oidc_client":
        settings["oauthClient"] = _oauth_client(org, given.get("oauthClient") or {})
    elif CATALOGUE[app_kind].mode == "SAML_2_0":
        # A catalogue app's own addresses come from its definition: only these can be said.
        settings["signOn"] = {name: sign_on.get(name) or None for name in ("defaultRelayState", *_OVERRIDES)}
        settings["signOn"]["attributeStatements"] = _statements(sign_on)
    return settings


def _custom_sign_on(given: dict) -> dict:
    slo = given.get("slo") or {"enabled": False}
    certificate = {"spCertificate": given["spCertificate"]} if given.get("spCertificate") else {}
    return {
        # Since April 2026 an empty relay state comes back null.
        "defaultRelayState": given.get("defaultRelayState") or None,
        "ssoAcsUrl": given["ssoAcsUrl"],
        "idpIssuer": given.get("idpIssuer") or "http://www.okta.com/${org.externalKey}",
        "audience": given["audience"],
        "recipient": given["recipient"],
        "destination": given["destination"],
        "subjectNameIdTemplate": given["subjectNameIdTemplate"],
        "subjectNameIdFormat": given["subjectNameIdFormat"],
        "responseSigned": bool(given.get("responseSigned")),
        "assertionSigned": bool(given.get("assertionSigned")),
        "signatureAlgorithm": given["signatureAlgorithm"],
        "digestAlgorithm": given["digestAlgorithm"],
        "honorForceAuthn": bool(given.get("honorForceAuthn")),
        "authnContextClassRef": given["authnContextClassRef"],
        "spIssuer": slo.get("issuer"),
        "requestCompressed": bool(given.get("requestCompressed")),
        "attributeStatements": _statements(given),
        "inlineHooks": given.get("inlineHooks") or [],
        **certificate,
        "assertionEncryption": given.get("assertionEncryption") or {"enabled": False},
        "allowMultipleAcsEndpoints": bool(given.get("allowMultipleAcsEndpoints")),
        "acsEndpoints": given.get("acsEndpoints") or [],
        "samlSignedRequestEnabled": bool(given.get("samlSignedRequestEnabled")),
        "slo": slo,
    }


def _statements(sign_on: dict) -> list[dict]:
    """Attribute statements in the order sent, with the type and the namespace that Okta fills in."""
    shaped_statements = []
    for given in sign_on.get("attributeStatements") or []:
        statement = {
            "type": given.get("type") or "EXPRESSION",
            "name": given["name"],
            "namespace": given.get("namespace") or UNSPECIFIED,
        }
        names = ("filterType", "filterValue") if statement["type"] == "GROUP" else ("values",)
        shaped_statements.append(statement | {name: given.get(name) for name in names})
    return shaped_statements


def _oauth_client(org, given: dict) -> dict:
    client = {
        "client_uri": given.get("client_uri"),
        "logo_uri": given.get("logo_uri"),
        "redirect_uris": given.get("redirect_uris") or [],
        "response_types": given.get("response_types") or ["code"],
        "grant_types": given.get("grant_types") or ["authorization_code"],
    }
    client |= {name: given[name] for name in _SAID_OR_ABSENT if given.get(name) is not None}
    if given.get("frontchannel_logout_uri"):
        client.setdefault("frontchannel_logout_session_required", False)
    if given.get("jwks"):
        client["jwks"] = {"keys": [_jwk(org, key) for key in given["jwks"]["keys"]]}
    client |= {
        "application_type": given.get("application_type") or "web",
        "consent_method": given.get("consent_method") or "TRUSTED",
        "issuer_mode": given.get("issuer_mode") or "DYNAMIC",
    }
    if "refresh_token" in client["grant_types"]:
        client["refresh_token"] = dict(given.get("refresh_token") or {"rotation_type": "STATIC"})
        if client["refresh_token"].get("rotation_type") == "STATIC":
            client["refresh_token"].pop("leeway", None)
    return client | {
        "idp_initiated_login": given.get("idp_initiated_login") or {"mode": "DISABLED", "default_scope": []},
        "wildcard_redirect": given.get("wildcard_redirect") or "DISABLED",
        "dpop_bound_access_tokens": bool(given.get("dpop_bound_access_tokens")),
        "participate_slo": bool(given.get("participate_slo")),
    }


def _jwk(org, given: dict) -> dict:
    """A public key of a client, with an id of its own; an elliptic one has a curve, if only null."""
    curve = {"crv": None} if given.get("kty") == "EC" else {}
    return {"id": given.get("id") or org.new("pks"), "status": "ACTIVE", "use": None, **curve, **given}


def links(org, app: dict) -> dict:
    """The links of an app; a Classic Engine org has no policies to link to."""
    base = f"{org.url}/api/v1/apps/{app['id']}"
    app_kind = kind(app)
    found: dict = {}
    if app["signOnMode"] == "SAML_2_0":
        guide = "instructions" if app_kind == "custom_saml" else "external-doc"
        address = f"{org.url}/app/{app['name']}/{app['id']}/setup/help/SAML_2_0/{guide}"
        found["help"] = {"href": address, "type": "text/html"}
        found["metadata"] = {"href": f"{base}/sso/saml/metadata", "type": "application/xml"}
    found["uploadLogo"] = {"href": f"{base}/logo", "hints": {"allow": ["POST"]}}
    found["appLinks"] = [
        {"name": name, "href": f"{org.url}/home/{app['name']}/{app['id']}/aln{app['id'][3:]}", "type": "text/html"}
        for name in app["visibility"]["appLinks"]
    ]
    current = org.settings.engine == "identity"
    if current:
        found["profileEnrollment"] = {"href": f"{org.url}/api/v1/policies/{org.enrolment_policy}"}
    if app["status"] == "INACTIVE":
        found["activate"] = {"href": f"{base}/lifecycle/activate"}
    if current:
        found["policies"] = {"href": f"{base}/policies", "hints": {"allow": ["PUT"]}}
    found["groups"] = {"href": f"{base}/groups"}
    found["logo"] = [{"name": "medium", "href": f"{org.url}/assets/img/logos/default.png", "type": "image/png"}]
    if app_kind == "oidc_client":
        credential = "jwks" if "jwks" in app["settings"]["oauthClient"] else "secrets"
        found["clientCredentials"] = [{"name": credential, "href": f"{base}/credentials/{credential}"}]
    if current:
        policy = app.get("_links", {}).get("accessPolicy", {}).get("href")
        found["accessPolicy"] = {"href": policy or f"{org.url}/api/v1/policies/{org.default_policy}"}
    found["users"] = {"href": f"{base}/users"}
    if app["status"] == "ACTIVE":
        found["deactivate"] = {"href": f"{base}/lifecycle/deactivate"}
    return found
