# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The catalog of app definitions that the org knows, and the profile fields of apps and users."""

from __future__ import annotations

from typing import NamedTuple

from ..http.web import Answer, Request


class Definition(NamedTuple):
    """One app of the Okta Integration Network."""

    mode: str | None  # the sign-on mode of the app, whatever the request has
    settings: tuple[str, ...] = ()  # the only keys of settings.app; missing ones are null
    link: str = "login"
    scim: bool = False  # whether the app supports provisioning, which cannot be changed


_SCIM_TEST = ("acsUrl", "audienceUri", "swaLoginUrl")
_PASSWORD_STORE = (
    "usernameField", "optionalField1", "optionalField2Value", "optionalField3Value", "passwordField", "url",
    "optionalField1Value", "optionalField2", "optionalField3",
)  # fmt: skip

DEFINITIONS = {
    # Not of the catalog: what a person creates in the Admin Console.
    "custom_saml": Definition("SAML_2_0"),
    "oidc_client": Definition("OPENID_CONNECT"),
    # The three SCIM 2.0 test apps differ in how the token travels.
    "scim2testapp": Definition("SAML_2_0", _SCIM_TEST, "scim2testapp_link", scim=True),
    "scim2headerauth": Definition("SAML_2_0", _SCIM_TEST, "scim2headerauth_link", scim=True),
    "scim2testapp_basic": Definition("SAML_2_0", _SCIM_TEST, "scim2testapp_basic_link", scim=True),
    "okta_org2org": Definition("SAML_2_0", ("acsUrl", "audRestriction", "baseUrl"), scim=True),
    # Some apps have another sign-on mode than the request, even null.
    "deelhr": Definition(None, (), "deelhr_link"),
    "pagerduty": Definition("SAML_2_0", ("adminUserId", "baseUrl", "subdomain")),
    "template_sps": Definition("SECURE_PASSWORD_STORE", _PASSWORD_STORE),
    "bookmark": Definition("BOOKMARK", ("requestIntegration", "url")),
}
CATALOG = DEFINITIONS.keys() - {"custom_saml", "oidc_client"}
_DISPLAY_NAMES = {
    "scim2testapp": "SCIM 2.0 Test App (OAuth Bearer Token)",
    "scim2headerauth": "SCIM 2.0 Test App (Header Auth)",
    "scim2testapp_basic": "SCIM 2.0 Test App (Basic Auth)",
}
_PAGE = 20


def list_catalog(org, request: Request) -> Answer:
    """The catalog, by name. Undocumented; what is known is what okta-mcp-server sends and expects.

    There is no Link header: `after` is the last name. How `q` matches is not known; here anywhere in either name.
    """
    listed = [
        {"name": name, "displayName": _DISPLAY_NAMES.get(name, name), "status": "ACTIVE", "features": []}
        for name in CATALOG
    ]
    listed = sorted([*listed, *org.settings.catalog_apps], key=lambda app: app["name"])
    query, after = request.query.get("q", "").lower(), request.query.get("after", "")
    found = [
        app for app in listed if query in f"{app['name']} {app.get('displayName')}".lower() and app["name"] > after
    ]
    return Answer(200, found[: min(int(request.query.get("limit", _PAGE)), _PAGE)])


# The profile of an app user of a SCIM app: the fields that a mapping can have, with their default sources.
# userName is missing, since Okta fills it with the application username and never from the mapping.
_SAME_NAMES = (
    "middleName", "honorificPrefix", "honorificSuffix", "title", "displayName", "nickName", "profileUrl", "primaryPhone",
    "streetAddress", "preferredLanguage", "locale", "timezone", "userType", "employeeNumber", "costCenter",
    "organization", "division", "department",
)  # fmt: skip
SCIM_FIELDS = {
    **{name: f"user.{name}" for name in _SAME_NAMES},
    "givenName": "user.firstName",
    "familyName": "user.lastName",
    "email": None,
    "emailType": None,
    "locality": "user.city",
    "region": "user.state",
    "postalCode": "user.zipCode",
    "country": "user.countryCode",
}

# The same of an OpenID Connect app: the claims of its ID tokens, as in recorded schemas; the default sources are those
# in a public issue (okta/terraform-provider-okta #949).
OIDC_FIELDS = {
    "name": "user.displayName",
    "nickname": "user.nickName",
    "given_name": "user.firstName",
    "middle_name": "user.middleName",
    "family_name": "user.lastName",
    "email": "user.email",
    "profile": "user.profileUrl",
    **dict.fromkeys(("picture", "website", "gender", "birthdate")),
    "zoneinfo": "user.timezone",
    "locale": "user.locale",
    "phone_number": "user.primaryPhone",
    "street_address": "user.streetAddress",
    "locality": "user.city",
    "region": "user.state",
    "postal_code": "user.zipCode",
    "country": "user.countryCode",
    "formatted": "user.postalAddress",
}

USER_FIELDS = (
    *_SAME_NAMES, "login", "email", "secondEmail", "firstName", "lastName", "mobilePhone", "city", "state", "zipCode",
    "countryCode", "postalAddress", "managerId", "manager",
)  # fmt: skip
