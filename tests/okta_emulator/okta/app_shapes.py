# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an app looks like in Okta's answers: defaults, nulls, links."""

from __future__ import annotations

import copy
from urllib.parse import urlsplit

from ..http.errors import blank, invalid
from ..http.ids import timestamp
from .catalog import CATALOG, DEFINITIONS

SAML_REQUIRED = (
    "ssoAcsUrl", "recipient", "destination", "audience", "subjectNameIdTemplate", "subjectNameIdFormat",
    "signatureAlgorithm", "digestAlgorithm", "authnContextClassRef",
)  # fmt: skip
UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
_OVERRIDES = ("ssoAcsUrlOverride", "audienceOverride", "recipientOverride", "destinationOverride")
_OPTIONAL_OAUTH_SETTINGS = (
    "post_logout_redirect_uris", "initiate_login_uri", "network", "frontchannel_logout_uri",
    "frontchannel_logout_session_required", "policy_uri", "tos_uri", "jwks_uri",
)  # fmt: skip
_ACCESSIBILITY = {"selfService": False, "errorRedirectUrl": None, "loginRedirectUrl": None}
_PLAIN_LOGIN = {"template": "${source.login}", "type": "BUILT_IN"}
# Sign-on settings of a custom app, and what Okta fills in or, since April 2026, returns for an empty relay state.
_SIGN_ON_DEFAULTS = {
    **dict.fromkeys(("defaultRelayState", *SAML_REQUIRED)),
    "idpIssuer": "http://www.okta.com/${org.externalKey}",
    "responseSigned": False,
    "assertionSigned": False,
    "honorForceAuthn": False,
    "requestCompressed": False,
    "inlineHooks": [],
    "assertionEncryption": {"enabled": False},
    "allowMultipleAcsEndpoints": False,
    "acsEndpoints": [],
    "samlSignedRequestEnabled": False,
    "slo": {"enabled": False},
}
_OAUTH_DEFAULTS = {
    "client_uri": None,
    "logo_uri": None,
    "redirect_uris": [],
    "response_types": ["code"],
    "grant_types": ["authorization_code"],
    "application_type": "web",
    "consent_method": "TRUSTED",
    "issuer_mode": "DYNAMIC",
    "idp_initiated_login": {"mode": "DISABLED", "default_scope": []},
    "wildcard_redirect": "DISABLED",
    "dpop_bound_access_tokens": False,
    "participate_slo": False,
}


def kind_of(body: dict) -> str:
    """`custom_saml`, `oidc_client`, or the name of a catalog app."""
    name = body.get("name")
    if name in CATALOG or name == "oidc_client":
        return name
    if name and "id" not in body:
        raise invalid("name", f"name: {name} is not an application of this org's catalog")
    kinds = {"OPENID_CONNECT": "oidc_client", "SAML_2_0": "custom_saml"}
    if body.get("signOnMode") not in kinds:
        raise blank("signOnMode")
    return kinds[body["signOnMode"]]


def check_body(app_kind: str, body: dict) -> None:
    """Raise OktaError for a body that Okta refuses; each cause names its field."""
    if not str(body.get("label") or "").strip():
        raise blank("label")
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
        address = urlsplit(str(sign_on[name]))
        if address.scheme not in ("http", "https") or not address.netloc:
            raise invalid(f"settings.signOn.{name}", f"{name}: The field must be a valid URL")
    for statement in sign_on.get("attributeStatements") or []:
        if not statement.get("name"):
            raise blank("name")


def _check_oidc(client: dict) -> None:
    redirects = client.get("redirect_uris") or []
    grants = set(client.get("grant_types") or ["authorization_code"])
    if grants & {"authorization_code", "implicit"} and not redirects:
        raise invalid("redirect_uris", "redirect_uris: 'redirect_uris' must not be empty for these grant types")
    mode = (client.get("idp_initiated_login") or {}).get("mode", "DISABLED")
    if mode != "DISABLED" and not client.get("initiate_login_uri"):
        raise invalid("idp_initiated_login", f"idp_initiated_login: mode {mode} needs an 'initiate_login_uri'")
    for address in redirects:
        if not urlsplit(str(address)).scheme:
            raise invalid("redirect_uris", f"redirect_uris: '{address}' is not an absolute URI")


def build_app(org, app_kind: str, body: dict, current: dict) -> dict:
    """The app after a create or a replacement.

    `current` is the app before; for a new one its id, name, status, creation time and signing key.
    A replacement without `profile` removes it.
    """
    identity_engine = org.settings.engine == "identity"
    app = {
        "id": current["id"],
        "orn": f"orn:okta:idp:{org.id}:apps:{current['name']}:{current['id']}",
        "name": current["name"],
        "label": body["label"],
        "status": current["status"],
        "lastUpdated": timestamp(),
        "created": current["created"],
        "accessibility": _with_defaults(_ACCESSIBILITY, body.get("accessibility")),
        "visibility": _visibility(app_kind, current, body.get("visibility") or {}),
        "features": [],
        "signOnMode": current.get("signOnMode", DEFINITIONS[app_kind].mode),
        "credentials": _credentials(app_kind, current, body.get("credentials") or {}),
        **({"universalLogout": _universal_logout(app_kind)} if identity_engine else {}),
        "settings": _settings(org, app_kind, body.get("settings") or {}, identity_engine),
    }
    if body.get("profile") is not None:
        app["profile"] = body["profile"]
    return app


def _with_defaults(defaults: dict, given: dict | None) -> dict:
    """The defaults, overridden by given values; keys that have no default are dropped, as Okta drops them."""
    given = given or {}
    return {name: value if given.get(name) is None else given[name] for name, value in defaults.items()}


def _filled_in(defaults: dict, given: dict) -> dict:
    """The defaults, overridden by given values that are not empty; for settings in which null means empty."""
    return copy.deepcopy(defaults) | {name: given[name] for name in defaults if given.get(name)}


def _visibility(app_kind: str, current: dict, given: dict) -> dict:
    hidden = app_kind == "oidc_client"
    link = DEFINITIONS[app_kind].link if app_kind in CATALOG else f"{current['name']}_link"
    kept = (current.get("visibility") or {}).get("appLinks") or {link: True}
    return {
        **_with_defaults({"autoLaunch": False, "autoSubmitToolbar": False}, given),
        "hide": _with_defaults({"iOS": hidden, "web": hidden}, given.get("hide")),
        "appLinks": _with_defaults(kept, given.get("appLinks")),
    }


def _credentials(app_kind: str, current: dict, given: dict) -> dict:
    before, mode = current.get("credentials") or {}, DEFINITIONS[app_kind].mode
    credentials: dict = {"userNameTemplate": _username_template(given.get("userNameTemplate") or _PLAIN_LOGIN)}
    if mode == "SECURE_PASSWORD_STORE":
        credentials["scheme"] = given.get("scheme") or before.get("scheme") or "EDIT_USERNAME_AND_PASSWORD"
        credentials["revealPassword"] = bool(given.get("revealPassword"))
    kid = (given.get("signing") or {}).get("kid") or before["signing"].get("kid")
    credentials["signing"] = {"kid": kid} if mode in ("SAML_2_0", "OPENID_CONNECT") else {}
    if app_kind == "oidc_client":
        client = given.get("oauthClient") or {}
        credentials["oauthClient"] = {
            "autoKeyRotation": client.get("autoKeyRotation", True),
            # The client id can be chosen when the app is created, and not changed.
            "client_id": (before.get("oauthClient") or client).get("client_id") or current["id"],
            "token_endpoint_auth_method": client.get("token_endpoint_auth_method") or "client_secret_basic",
            "pkce_required": bool(client.get("pkce_required", False)),
        }
    return credentials


def _username_template(given: dict) -> dict:
    """A custom template always has a pushStatus, a built-in one only if the body has one."""
    template = {
        name: given[name] for name in ("template", "type", "suffix", "userSuffix", "pushStatus") if given.get(name)
    }
    if template.get("type") == "CUSTOM":
        template.setdefault("pushStatus", "DONT_PUSH")
    return template


def _universal_logout(app_kind: str) -> dict | None:
    if app_kind == "custom_saml":
        return None
    if app_kind in CATALOG:
        return {"status": "UNSUPPORTED"}
    return {"status": "DISABLED", "supportType": "FULL", "identityStack": "NOT_SHARED",
            "protocol": "GLOBAL_TOKEN_REVOCATION"}  # fmt: skip


def _settings(org, app_kind: str, given: dict, identity_engine: bool) -> dict:
    settings = {
        "app": {name: (given.get("app") or {}).get(name) for name in DEFINITIONS[app_kind].settings},
        "notifications": {"vpn": {"network": {"connection": "DISABLED"}, "message": None, "helpUrl": None}},
        "manualProvisioning": False,
        "implicitAssignment": bool(given.get("implicitAssignment", False)),
        **({"emOptInStatus": "NONE"} if identity_engine else {}),
        "notes": _with_defaults({"admin": None, "enduser": None}, given.get("notes")),
    }
    sign_on = given.get("signOn") or {}
    if app_kind == "custom_saml":
        settings["signOn"] = _custom_sign_on(sign_on)
    elif app_kind == "oidc_client":
        settings["oauthClient"] = _oauth_client(org, given.get("oauthClient") or {})
    elif DEFINITIONS[app_kind].mode == "SAML_2_0":
        # The addresses of a catalog app come from its definition; only these settings can be changed.
        settings["signOn"] = {name: sign_on.get(name) or None for name in ("defaultRelayState", *_OVERRIDES)}
        settings["signOn"]["attributeStatements"] = _attribute_statements(sign_on)
    return settings


def _custom_sign_on(given: dict) -> dict:
    settings = _filled_in(_SIGN_ON_DEFAULTS, given)
    settings["spIssuer"] = settings["slo"].get("issuer")
    settings["attributeStatements"] = _attribute_statements(given)
    if given.get("spCertificate"):
        settings["spCertificate"] = given["spCertificate"]
    return settings


def _attribute_statements(sign_on: dict) -> list[dict]:
    """Attribute statements in the order sent, with the type and the namespace that Okta fills in."""
    statements = []
    for given in sign_on.get("attributeStatements") or []:
        statement = {
            "type": given.get("type") or "EXPRESSION",
            "name": given["name"],
            "namespace": given.get("namespace") or UNSPECIFIED,
        }
        value_keys = ("filterType", "filterValue") if statement["type"] == "GROUP" else ("values",)
        statements.append(statement | {name: given.get(name) for name in value_keys})
    return statements


def _oauth_client(org, given: dict) -> dict:
    default_mode = "CUSTOM_URL" if org.settings.custom_domain else _OAUTH_DEFAULTS["issuer_mode"]
    client = _filled_in({**_OAUTH_DEFAULTS, "issuer_mode": default_mode}, given)
    client |= {name: given[name] for name in _OPTIONAL_OAUTH_SETTINGS if given.get(name) is not None}
    if given.get("frontchannel_logout_uri"):
        client.setdefault("frontchannel_logout_session_required", False)
    if given.get("jwks"):
        client["jwks"] = {"keys": [_jwk(org, key) for key in given["jwks"]["keys"]]}
    if "refresh_token" in client["grant_types"]:
        client["refresh_token"] = dict(given.get("refresh_token") or {"rotation_type": "STATIC"})
        if client["refresh_token"].get("rotation_type") == "STATIC":
            client["refresh_token"].pop("leeway", None)
    return client


def _jwk(org, given: dict) -> dict:
    """A public key of a client, with its own id; an elliptic curve key always has `crv`, which may be null."""
    curve = {"crv": None} if given.get("kty") == "EC" else {}
    return {"id": given.get("id") or org.new_id("pks"), "status": "ACTIVE", "use": None, **curve, **given}


def build_links(org, app: dict) -> dict:
    """The links of an app; in a Classic Engine org it has no links to policies."""
    base = f"{org.url}/api/v1/apps/{app['id']}"
    app_kind = kind_of(app)
    home = f"{org.url}/home/{app['name']}/{app['id']}/aln{app['id'][3:]}"
    verb = "deactivate" if app["status"] == "ACTIVE" else "activate"
    links: dict = {
        "uploadLogo": {"href": f"{base}/logo", "hints": {"allow": ["POST"]}},
        "appLinks": [{"name": name, "href": home, "type": "text/html"} for name in app["visibility"]["appLinks"]],
        "groups": {"href": f"{base}/groups"},
        "logo": [{"name": "medium", "href": f"{org.url}/assets/img/logos/default.png", "type": "image/png"}],
        "users": {"href": f"{base}/users"},
        verb: {"href": f"{base}/lifecycle/{verb}"},
    }
    if app["signOnMode"] == "SAML_2_0":
        guide = "instructions" if app_kind == "custom_saml" else "external-doc"
        address = f"{org.url}/app/{app['name']}/{app['id']}/setup/help/SAML_2_0/{guide}"
        links["help"] = {"href": address, "type": "text/html"}
        links["metadata"] = {"href": f"{base}/sso/saml/metadata", "type": "application/xml"}
    if app_kind == "oidc_client":
        credential = "jwks" if "jwks" in app["settings"]["oauthClient"] else "secrets"
        links["clientCredentials"] = [{"name": credential, "href": f"{base}/credentials/{credential}"}]
    if org.settings.engine == "identity":
        policy = app.get("_links", {}).get("accessPolicy", {}).get("href")
        links["profileEnrollment"] = {"href": f"{org.url}/api/v1/policies/{org.enrollment_policy}"}
        links["policies"] = {"href": f"{base}/policies", "hints": {"allow": ["PUT"]}}
        links["accessPolicy"] = {"href": policy or f"{org.url}/api/v1/policies/{org.default_policy}"}
    return links
