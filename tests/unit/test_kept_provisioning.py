# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SCIM that a person switched on outlives every write of an app's settings, or the run says at once that it is gone.

What a PUT does to it is not known: each behavior that was reported is a setting of the emulator.
"""

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import (
    app_with_expiring_key,
    ask,
    connect,
    create_people,
    saml_app,
    scim_app,
)  # fmt: skip


def custom_app(okta):
    """A SAML app on which a person has completed SCIM."""
    app = {"app": saml_app(okta)["id"]}
    switch_scim_on(okta, app)
    return app["app"]


def switch_scim_on(okta, app):
    okta.control.switch_scim_on(app)
    okta.control.enter_connection({**app, "base_url": okta.scim_url, "token": okta.scim_token})
    okta.control.set_features({**app, "create": True, "update": True, "deactivate": True})


def catalog_app(okta):
    app = scim_app(okta)
    connect(okta, app)
    create_people(okta, app)
    return app["id"]


def app_with_a_new_key(okta):
    """A SAML app with SCIM whose key expires, and the next one."""
    app_id = app_with_expiring_key(okta)["app_id"]
    switch_scim_on(okta, {"app": app_id})
    ask(okta, "POST", f"apps/{app_id}/credentials/keys/generate?validityYears=10")
    return app_id


WRITES = {
    "app_saml": (custom_app, "id", {"audience": "https://auth.example.com/another"}),
    "app_catalog": (catalog_app, "id", {"name": "scim2testapp", "hidden": True}),
    "app_signing_key": (app_with_a_new_key, "app_id", {"activate": True}),
}


@pytest.fixture(params=WRITES)
def write(request, okta, run):
    """The name of a module that writes an app with SCIM, its options, and the path and the features of the app."""
    make_app, option, options = WRITES[request.param]
    app_id = make_app(okta)
    features = set(ask(okta, "GET", f"apps/{app_id}")["features"])
    assert features
    return request.param, {option: app_id, **options}, f"apps/{app_id}", features


def current_features(okta, path):
    return set(ask(okta, "GET", path)["features"])


@pytest.mark.parametrize("behavior", ["keep", "needs_features"])
def test_scim_outlives_a_write(okta, run, write, behavior):
    okta.settings.change(put_and_scim=behavior)
    module, options, path, features = write
    outcome = run(module, **options)
    assert outcome.methods == ["PUT"] and outcome.states["scim_kept"] == "ok"
    assert current_features(okta, path) == features
    again = run(module, **options)
    assert not again.changed and "scim_kept" not in again.states


@pytest.mark.parametrize("kind", ["reset before", "reset after"])
@pytest.mark.parametrize("behavior", ["keep", "needs_features"])
def test_scim_outlives_a_run_that_is_interrupted_anywhere(okta, run, waits, write, behavior, kind):
    okta.settings.change(put_and_scim=behavior)
    module, options, path, features = write
    for number in range(4):
        fault = okta.fault("*", "/api/v1/", kind, after=number, times=None)
        run(module, **options)
        okta.faults.remove(fault)
        assert current_features(okta, path) == features
    run(module, **options)
    assert current_features(okta, path) == features and not run(module, **options).changed


@pytest.mark.parametrize("write", ["app_saml", "app_signing_key"], indirect=True)  # seen with custom apps alone
@pytest.mark.parametrize("fault", [None, "reset after"])
def test_every_module_says_at_once_that_scim_is_gone(okta, run, waits, write, fault):
    okta.settings.change(put_and_scim="wipe")
    module, options, path, features = write
    if fault:
        okta.fault("PUT", f"/{path}$", fault)
    outcome = run(module, **options)
    lost = features - current_features(okta, path)
    assert outcome.methods == ["PUT"] and lost
    assert outcome.failed and outcome.states == {"scim_kept": "failed"}
    assert all(feature in outcome.msg for feature in lost)


@pytest.mark.parametrize("fault", [None, "reset after"])
def test_scim_that_is_gone_ends_the_run_with_what_brings_it_back(okta, run, fault):
    app = custom_app(okta)
    okta.settings.change(put_and_scim="wipe")
    if fault:
        okta.fault("PUT", f"/apps/{app}$", fault)
    outcome = run("app_saml", id=app, audience="https://auth.example.com/another", status="inactive")
    assert "PUSH_USER_DEACTIVATION" in outcome.msg and outcome.states["scim_kept"] == "failed"
    assert "Under General, App Settings, set Provisioning to SCIM." in outcome.msg
    assert outcome.methods == ["PUT"]
    switch_scim_on(okta, {"app": app})
    assert not run("app_saml", id=app, audience="https://auth.example.com/another", status="active").changed


def test_a_preview_names_the_risk(run, write):
    module, options, _path, _features = write
    preview = run(module, check=True, **options)
    assert preview.states["scim_kept"] == "skipped" and "stops if SCIM is gone" in str(preview["warnings"])


def test_features_that_okta_refuses_end_the_run(okta, run):
    app = custom_app(okta)
    cause = [{"errorSummary": "Provisioning is not supported."}]
    body = {"errorCode": "E0000001", "errorSummary": "Api validation failed: feature", "errorCauses": cause}
    okta.fault("PUT", f"/apps/{app}$", "status", status=400, body=body)
    outcome = run("app_saml", id=app, audience="https://auth.example.com/another")
    assert outcome.methods == ["PUT"] and "They were not changed" in outcome.msg
