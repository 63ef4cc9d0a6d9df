# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The knobs of a stand-in org: how large, how slow and how old it is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Settings:
    """Each default is a large, current org in which nothing lags."""

    engine: str = "identity"  # "classic": no access policies, no emOptInStatus, no universalLogout
    user_types: int = 1  # of a fresh org; there is one mapping each way for every user type
    app_limit: int | None = None  # small orgs refuse more apps than this

    list_lag: float = 0  # seconds until a new app shows up in GET /apps
    search_lag: float = 0  # seconds until new people and groups are found by `search`
    log_lag: float = 0  # seconds until an event shows up in the System Log
    stale_priorities: bool = True  # a group assignment is answered with the priority it had for a moment

    provisioning: str | float = "at once"  # "held" until somebody runs it; a number: seconds of delay
    default_email_mapping: str | None = None  # what a fresh SCIM app maps `email` from; undocumented, so nothing
    activate_tests_credentials: bool = False  # the Admin Console does, the API does not

    failing_deletes: int = 0  # this many app deletes answer 500 and take effect `delete_delay` seconds later
    delete_delay: float = 0.5

    rate_window: float = 60  # seconds
    rate_limits: dict[str, int] = field(default_factory=dict)  # bucket -> requests a window, over limits.LIMITS

    just_in_time: bool = False  # Claude makes a member of whoever signs in, without SCIM

    def change(self, **values: object) -> None:
        """Set the named settings; an unknown name is a mistake of the test."""
        for name, value in values.items():
            if name not in self.__dataclass_fields__:
                raise ValueError(f"no setting {name!r}; there are: {', '.join(self.__dataclass_fields__)}")
            setattr(self, name, value)
