# Everything lives below .cache; `make clean` removes it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
# The newest ansible-core that this Python can have.
CORE ?= $(shell $(PYTHON) -c 'import sys; print({10: 2.17, 11: 2.19}.get(sys.version_info[1], 2.21) if sys.version_info >= (3, 10) else "")')
ifeq ($(strip $(CORE)),)
$(error Python 3.10 or newer is needed: name one with PYTHON=python3.12)
endif

VENV := .cache/venv/$(CORE)
RUN := $(VENV)/.run
CONFORMANCE := .cache/venv/conformance
REPORT := .cache/venv/report
BENCHMARK := .cache/venv/benchmark
LOWEST := .cache/venv/lowest
DEV := $(VENV)/.done
TREE := .cache/collections/ansible_collections/idops
STAGE = .cache/stage/$(CORE)/$@/ansible_collections/idops/okta
DOCS := .cache/docs

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.cache/collections
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test dev lint format unit coverage conformance report picture playbooks mutation benchmark sanity units integration molecule import artifact lowest docs clean

help: ## Show this list
	@echo "ansible-core $(CORE); another with CORE=, another Python with PYTHON="
	@awk -F ':.*## ' '/^[a-z]+( [a-z]+)*:.*## / { printf "  make %-26s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUN) ## Set up Claude in an emulated org on this machine, twice
	@python examples/demo.py

# The longest first, so that both cores have something to do until the end.
test: $(DEV) ## What a change has to pass: lint, unit, sanity, integration and molecule, two at a time
	@echo "Two targets run at a time; the output of each follows when it ends."
	@$(MAKE) --no-print-directory -j 2 --keep-going --output-sync=target molecule sanity integration lint unit

# Enough to run playbooks: what a user of the collection installs.
$(RUN): requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install -q 'ansible-core==$(CORE).*' -r requirements.txt
	mkdir -p $(TREE)
	ln -sfn ../../../.. $(TREE)/okta
	touch $@

$(DEV): $(RUN) requirements-dev.txt
	$(VENV)/bin/python -m pip install -q 'ansible-core==$(CORE).*' -r requirements.txt -r requirements-dev.txt
	touch $@

dev: $(DEV) ## Install the tools for the targets below (Python 3.11 or newer)

lint: $(DEV) ## ruff, yamllint, ansible-lint, mypy; documentation and changelog
	ruff check .
	ruff format --check .
	yamllint -s .
	ansible-lint
	antsibull-changelog lint
	antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self --check-extra-docs-refs .
	mypy -p ansible_collections.idops.okta.plugins.module_utils

format: $(DEV) ## Let ruff correct what it can
	ruff check --fix .
	ruff format .

unit: $(DEV) ## Unit tests
	python -m pytest -n 2 tests/unit

coverage: $(DEV) ## Unit tests, and what of plugins/ they reach
	python -m pytest -n 2 --cov --cov-report=term:skip-covered tests/unit

# Their many dependencies stay away from everybody else's.
$(CONFORMANCE)/.done: requirements.txt requirements-conformance.txt
	$(PYTHON) -m venv $(CONFORMANCE)
	$(CONFORMANCE)/bin/python -m pip install -q 'ansible-core==$(CORE).*' -r requirements.txt -r requirements-conformance.txt
	mkdir -p $(TREE)
	ln -sfn ../../../.. $(TREE)/okta
	touch $@

conformance: $(CONFORMANCE)/.done ## The emulator against Okta's recordings, API description and SDK, SCIM and SAML (Python 3.11 or newer)
	$(CONFORMANCE)/bin/python -m pytest -rs tests/conformance

# Of axe-playwright-python only the file axe.min.js is wanted, not the browsers that it would bring.
$(REPORT)/.done: $(RUN) requirements.txt tests/report/requirements.txt
	$(PYTHON) -m venv $(REPORT)
	$(REPORT)/bin/python -m pip install -q 'ansible-core==$(CORE).*' -r requirements.txt -r tests/report/requirements.txt
	$(REPORT)/bin/python -m pip install -q --no-deps axe-playwright-python==0.1.8
	touch $@

report: $(REPORT)/.done ## The report in a browser (Debian packages chromium and chromium-driver)
	$(REPORT)/bin/python -m pytest tests/report

picture: demo ## docs/report.png, from the report of the demo (Debian package chromium)
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-color-profile=srgb \
	  --window-size=1200,1180 --screenshot=docs/report.png file://$(CURDIR)/.cache/demo-report/report.html

playbooks: $(DEV) ## The playbooks: previews, refusals, plans, drift that is named and repaired, removal
	python -m pytest -n 2 --dist loadfile tests/playbooks

mutation: $(DEV) ## Each fact about Okta removed from the emulator: its unit test must fail
	python -m pytest -n 2 tests/mutation

$(BENCHMARK)/.done: tests/benchmark/requirements.txt
	$(PYTHON) -m venv $(BENCHMARK)
	$(BENCHMARK)/bin/python -m pip install -q -r tests/benchmark/requirements.txt
	touch $@

benchmark: $(RUN) $(BENCHMARK)/.done ## The playbook beside uri tasks and a script on Okta's SDK; OPTIONS="--rounds 2 --goals"
	python tests/benchmark/benchmark.py $(OPTIONS)

# ansible-test takes neither a checkout outside of ansible_collections nor a symbolic link to it. Each target gets a copy of
# its own, so that they can run side by side; what ansible-test has installed in it is kept.
define stage
mkdir -p $(STAGE)/tests
find $(STAGE) -mindepth 1 -maxdepth 1 ! -name .git ! -name tests -exec rm -rf {} +
find $(STAGE)/tests -mindepth 1 -maxdepth 1 ! -name output -exec rm -rf {} +
git ls-files -z -co --exclude-standard \
  | while IFS= read -r -d '' file; do if [ -e "$$file" ]; then printf '%s\0' "$$file"; fi; done \
  | tar --null -T - -cf - | tar -xf - -C $(STAGE)
git init -q $(STAGE)
endef

define ansible-test
$(stage)
python tests/tools/pip_for_ansible_test.py
cd $(STAGE) && ansible-test $@ --venv --color no \
  --python $$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
endef

sanity: $(RUN) ## Sanity tests by ansible-test
	$(ansible-test)

# With the oldest ansible-core and, of each library, the version that requirements.txt names.
$(LOWEST)/.done: requirements.txt
	$(PYTHON) -m venv $(LOWEST)
	sed 's/>=/==/' requirements.txt >$(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pip install -q 'ansible-core==2.16.*' -r $(LOWEST)/requirements.txt pytest pytest-xdist hypothesis jsonschema
	mkdir -p $(TREE)
	ln -sfn ../../../.. $(TREE)/okta
	touch $@

lowest: $(LOWEST)/.done ## Unit tests with the oldest libraries that requirements.txt allows
	$(LOWEST)/bin/python -m pytest -n 2 tests/unit/plugins tests/unit/test_invariants.py

units: $(RUN) ## Unit tests by ansible-test
	$(ansible-test)

integration: $(RUN) ## Each module through Ansible, by ansible-test
	$(ansible-test)

molecule: $(DEV) ## The role's scenarios: converge, idempotence, verify
	rm -rf .cache/molecule-home # with what molecule remembers of a run that was interrupted
	ANSIBLE_HOME=$(CURDIR)/.cache/molecule-home molecule test --all --workers 2 --continue-on-failure

import: $(DEV) ## Build the artifact and check it as Galaxy does
	$(stage)
	rm -rf .cache/dist
	ansible-galaxy collection build $(STAGE) --output-path .cache/dist
	printf '[galaxy-importer]\nCHECK_REQUIRED_TAGS=True\nRUN_ANSIBLE_TEST=False\n' > .cache/galaxy-importer.cfg
	cd .cache/dist && GALAXY_IMPORTER_CONFIG=../galaxy-importer.cfg \
	  python -m galaxy_importer.main idops-okta-*.tar.gz --output-path . 2>&1 | tee import.log
	! grep -E 'WARNING|ERROR|not present' .cache/dist/import.log

artifact: $(RUN) ## Build the artifact, install it, and run the demo from it
	$(stage)
	rm -rf .cache/dist .cache/installed
	ansible-galaxy collection build $(STAGE) --output-path .cache/dist
	export ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.cache/installed; \
	ansible-galaxy collection install --offline -p .cache/installed .cache/dist/idops-okta-*.tar.gz; \
	python examples/demo.py

docs: $(RUN) ## Reference of modules and role as HTML, in .cache/docs/build/html
	$(PYTHON) -m venv $(DOCS)/venv
	$(DOCS)/venv/bin/python -m pip install -q 'ansible-core==$(CORE).*' antsibull-docs ansible-pygments sphinx sphinx-ansible-theme
	export PATH=$(CURDIR)/$(DOCS)/venv/bin:$$PATH; \
	antsibull-docs sphinx-init --use-current --dest-dir $(DOCS) --lenient --fail-on-error idops.okta; \
	cd $(DOCS) && ./build.sh

clean: ## Remove what these targets made
	rm -rf .cache .ansible
