# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether people can use a service: a usable email that is not shared, in a verified domain. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import check, check_names, pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.people import is_usable_email, to_person


def to_persons(users: typing.Iterable[dict], email_field: str, domains: list[str]) -> list[dict]:
    """People as modules return them, each with the problem that keeps them from using the service, or None."""
    persons = [to_person(user, email_field) for user in users]
    for person in persons:
        person["problem"] = find_problem(person, domains)
    return persons


def find_problem(person: dict, domains: list[str]) -> str | None:
    """Why this person cannot use the service, or None."""
    if not person["able"]:
        return f"cannot sign in to Okta ({person['status']})"
    if not is_usable_email(person["email"]):
        return "has no usable email"
    if is_outside_domains(person["email"], domains):
        return "is outside the verified domains"
    return None


def is_outside_domains(email: str, domains: list[str]) -> bool:
    """Whether the domain of an email is none of these; False if there are none."""
    domain = email.rpartition("@")[2].lower()
    return bool(domains) and domain not in {verified.lower() for verified in domains}


def check_people(
    persons: list[dict], email_field: str, domains: list[str], sharing: list[dict] | None = None
) -> list[dict]:
    """The checks of everybody who can sign in; the others are not provisioned.

    sharing: all among whom nobody may share an email, if these are more than persons.
    """
    able = [person for person in persons if person["able"]]
    checks = [check_usable_emails(able, email_field), *check_shared_emails(persons if sharing is None else sharing)]
    if domains:
        checks.append(check_domains(able, domains))
    return checks


def check_shared_emails(persons: list[dict]) -> list[dict]:
    """A failed check if people who can sign in share an email, or none."""
    shared = find_shared_emails([person for person in persons if person["able"]])
    return [check("people_shared_email", "failed", names=summarize(shared))] if shared else []


def check_usable_emails(persons: list[dict], email_field: str) -> dict:
    wrong = [person["login"] for person in persons if not is_usable_email(person["email"])]
    return check_names("people_email", sorted(wrong), people=count_people(persons), field=email_field)


def check_domains(persons: list[dict], domains: list[str]) -> dict:
    wrong = [person["email"] for person in persons if is_outside_domains(person["email"], domains)]
    return check_names("people_domain", sorted(wrong), people=count_people(persons), domains=", ".join(domains))


def find_shared_emails(persons: list[dict]) -> list[str]:
    """The emails of several people, with their logins. Okta allows that, and to Claude they are one person."""
    logins_by_email: dict[str, list[str]] = {}
    for person in persons:
        logins_by_email.setdefault(person["email"].casefold(), []).append(person["login"])
    shared = []
    for email, logins in sorted(logins_by_email.items()):
        if email and len(logins) > 1:
            shared.append(f"{email} ({', '.join(sorted(logins))})")
    return shared


def count_people(persons: list[dict]) -> str:
    return pluralize(len(persons), "person", "people")
