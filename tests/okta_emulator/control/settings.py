# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The settings of an emulated org: its size, its delays, its engine and its peculiarities."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Settings:
    """The defaults are those of a large org on the current engine, without delays."""

    engine: str = "identity"  # "classic": no access policies, no emOptInStatus, no universalLogout
    user_types: int = 1  # of a fresh org; there is one mapping each way for every user type
    app_limit: int | None = None  # Okta limits the number of apps in small orgs

    custom_domain: str | None = None  # address of the org by its custom domain; new OpenID Connect apps then use it

    # Seconds by which the clock of the org is ahead: for assertions, proofs, tokens, rate limits, and the header Date.
    clock: float = 0

    # Whether a request for scopes of which only a part is granted gets a token with that part, or is refused; not known.
    grants_part_of_scopes: bool = False

    list_lag: float = 0  # seconds until a new app shows up in GET /apps
    unseen_app: int = 0  # this many requests for a new app, and for what is below it, find nothing
    search_lag: float = 0  # seconds until new people and groups are found by `search`
    log_lag: float = 0  # seconds until an event shows up in the System Log
    group_expansion_lag: float = 0  # seconds until an app has the members of a group that was assigned to it
    latency: float = 0  # milliseconds before each answer of the Okta API

    provisioning: str = "immediate"  # "manual": when provision() is called
    default_email_mapping: str | None = None  # source of `email` in a new SCIM app; Okta documents none
    # "unknown": the API answers UNKNOWN for the connection of every app, as it is known to for custom apps.
    connection_api: str = "works"
    catalog_apps: list[dict] = field(default_factory=list)  # what the catalog lists besides: name, displayName, ...
    activate_tests_credentials: bool = False  # the Admin Console tests them, the API does not

    # What a PUT of an app does to its provisioning: "keep", "needs_features" (off without features in the body), "wipe".
    put_and_scim: str = "keep"

    # What becomes of a group push under a name that the app has already: "refused" with 400, or "error" of the push.
    taken_group_name: str = "refused"

    assigns_suspended: bool = True  # whether a suspended person can be assigned to an app; not known

    failing_deletes: int = 0  # this many app deletes answer 500 and take effect `delete_delay` seconds later
    delete_delay: float = 0.5

    rate_window: float = 60  # seconds
    rate_limits: dict[str, int] = field(default_factory=dict)  # per bucket and window, see http/limits.py

    just_in_time: bool = False  # whoever signs in becomes a member in Claude, without SCIM

    def change(self, **values: object) -> None:
        """Change settings; raises ValueError for an unknown name."""
        for name, value in values.items():
            if name not in self.__dataclass_fields__:
                raise ValueError(f"no setting {name!r}; choose from: {', '.join(self.__dataclass_fields__)}")
            setattr(self, name, value)
