# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The emulator answers Okta's recorded requests as Okta did: status, shape and texts, except for what is named here."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from ansible_collections.idops.okta.tests.conformance.comparing import Difference
from ansible_collections.idops.okta.tests.conformance.recordings import Everything, all_names, place, plays, read
from ansible_collections.idops.okta.tests.conformance.replaying import Replay

pytestmark = pytest.mark.skipif(place() is None, reason="Okta's recorded answers are not beside the checkout")


class Named(NamedTuple):
    """A difference that there is a reason for; each part is a pattern for the whole of its counterpart.

    where: a path in the body of an answer, or of the items of a list; `status`; or a header.
    """

    reason: str
    where: str
    what: str
    month: str = ".*"
    request: str = ".*"

    def covers(self, one: Difference) -> bool:
        where = re.sub(r"^body(\[\])?\.", "", one.where)
        pairs = ((self.month, one.month), (self.request, one.request), (self.where, where), (self.what, one.what))
        return all(re.fullmatch(pattern, text, re.DOTALL) for pattern, text in pairs)


BEFORE_2023 = "202[0-2]-.*"
NAMED = [
    Named(
        "Recorded before 2023: what Okta has added to its answers since, the emulator has.",
        r"orn|settings\.(implicitAssignment|manualProvisioning|notes)|visibility\.autoLaunch"
        r"|_links\.(uploadLogo|clientCredentials|owners|forgotPassword|resetFactors)|credentials\.oauthClient\.pkce_required"
        r"|settings\.oauthClient\.(consent_method|dpop_bound_access_tokens|idp_initiated_login|wildcard_redirect|participate_slo)",
        "unexpected",
        BEFORE_2023,
    ),
    Named("Recorded before 2023: what Okta answers otherwise since.", r"settings\.extendedProperties|statusChanged|status",
          r"missing|null became text|204 became 200: \{\}", BEFORE_2023),
    Named("An empty relay state comes back null since April 2026; these are older.",
          r"settings\.signOn\.defaultRelayState", "text became null", "2025-.*|2026-0[1-3]"),
    Named("Okta added it in the course of 2025, not to all orgs at once.",
          r"universalLogout|settings\.emOptInStatus|_embedded", "unexpected", "2025-.*|2026-01"),
    Named("Null or an object, by which of the org's features are on.", "universalLogout", "null became dict|dict became null"),
    Named("Only orgs with governance have owners of groups.", r"_links\.owners", "unexpected", "2025-.*"),
    Named("Only orgs with realms have it.", "realmId", "missing", "2026-.*"),
    Named("Some orgs show the addresses of a person beside the password.", r"credentials\.emails", "missing"),
    Named("Some orgs show it only if it was set.", r"settings\.oauthClient\.participate_slo", "unexpected"),
    Named("Backchannel authentication is not modelled.", r"settings\.oauthClient\.backchannel_\w+", "missing"),
    Named("Tokens to activate a person by are not modelled.", "activation(Token|Url)", "missing", request="POST .*/activate"),
    Named("The schema of an app's users has its fields, but says less of each; nobody reads more.",
          r"definitions\.(base|custom)\.properties\..*", "missing|'SELF' became 'NONE'|'[^']+' became '[^']+'",
          request=".*/meta/schemas/.*"),
    Named("Asked for a sort order that does not exist, Okta forgets the question.", "header link", ".*'sortOrder'.*",
          request="GET /api/v1/users"),
    Named("The schema of an OpenID Connect app has a name of its own.", "name",
          r"'oidc_client_\w+' became 'oidc_client'", request=".*/meta/schemas/.*"),
]  # fmt: skip


class Replayed:
    """What each recording shows when it is played; each is played once."""

    def __init__(self, okta):
        self.okta = okta
        self.everything = Everything()
        self.differences: dict[str, list[Difference]] = {}

    def __getitem__(self, name: str) -> list[Difference]:
        if name not in self.differences:
            self.differences[name] = []
            for interactions in plays(name):
                self.differences[name] += Replay(self.okta, self.everything).play(interactions)
        return self.differences[name]


@pytest.fixture(scope="module")
def replayed(emulator) -> Replayed:
    return Replayed(emulator)


def unexplained(differences: list[Difference]) -> list[str]:
    return [str(one) for one in differences if not any(named.covers(one) for named in NAMED)]


@pytest.mark.parametrize("name", all_names())
def test_the_emulator_answers_as_okta_did(replayed, name):
    assert unexplained(replayed[name]) == []


def test_every_named_difference_occurs(replayed):
    found = [one for name in all_names() for one in replayed[name]]
    assert [named.reason for named in NAMED if not any(named.covers(one) for one in found)] == []


@pytest.mark.parametrize("kind", ["unknown fields", "status", "redirect"])
def test_the_check_can_fail(emulator, kind):
    name = "sequences/TestAccResourceOktaGroup_crud.oie-00.json"
    replay = Replay(emulator, Everything())
    emulator.fault("GET", "/groups/", kind)
    assert unexplained(list(replay.play(read(name))))
    assert unexplained(list(Replay(emulator, Everything()).play(read(name)))) == []
