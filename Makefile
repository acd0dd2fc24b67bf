# Each target is a door to one command; what it does is in infra/cli, what it needs is installed first by .ci/setup.
.DEFAULT_GOAL := help

PLATFORM := .venv/bin/platform
PORT := 3000
# What a rehearsal on the stand-ins asked, and was answered.
ON_STAND_INS := .local/rehearsal/on_stand_ins.json
# Lint, types and tests look at all of the code, so they need all that it imports.
DEVELOPMENT := dev snowflake databricks infra deploy rehearsal

.PHONY: help setup land demo dev clone build diff doctor up preview destroy images deploy launch launch-domains close settings organisation-settings infra-diff remove permissions cost bench rehearsal account-rehearsal clean test test-fast lint format types check demo-environment infra-environment deploy-environment removal-environment development-environment

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-21s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: demo-environment ## install what the demo needs, make the local stores, write .env
	@$(PLATFORM) provision

demo: demo-environment ## land the input and build every table of all code locations on this machine
	@$(PLATFORM) demo

dev: demo-environment ## the Dagster UI on http://localhost:3000 (PORT=3001 for another; AUTOMATION=1: sensors and schedules run)
	@$(PLATFORM) dev --port $(PORT) $(if $(AUTOMATION),--automation)

land: demo-environment ## land the input and load the raw tables of every domain, which is all that `dbt build` needs
	@$(PLATFORM) land

doctor: $(if $(STACK),removal,demo)-environment ## what is right and what is missing on this machine, or for a stack: STACK=prod
	@$(PLATFORM) doctor $(if $(STACK),--stack "$(STACK)")

clean: demo-environment ## remove a deployment's tables, files and runs from this machine (YES=1 does not ask)
	@$(PLATFORM) clean $(if $(YES),--yes)

clone: demo-environment ## copy the tables of `local`, which stands for production here, into a pull request: DEPLOYMENT=pr-7
	@$(PLATFORM) clone --deployment "$(DEPLOYMENT)"

build: demo-environment ## build what a pull request changes in its clone, and all that depends on it: DEPLOYMENT=pr-7
	@$(PLATFORM) build --deployment "$(DEPLOYMENT)"

diff: demo-environment ## say what a pull request does to the data, gold table by gold table: DEPLOYMENT=pr-7
	@$(PLATFORM) diff --deployment "$(DEPLOYMENT)"

preview: infra-environment ## say what `make up` would do to a stack: STACK=local, dev, … or pr-<n> (DRIFT=1: fail on any difference)
	@$(PLATFORM) preview --stack "$(STACK)" $(if $(DRIFT),--drift)

up: infra-environment ## preview a stack, ask, and bring it up: STACK=dev before prod, prod before pr-<n> (YES=1 does not ask)
	@$(PLATFORM) up --stack "$(STACK)" $(if $(YES),--yes)

destroy: infra-environment ## take a stack away: STACK=local, dev or pr-<n>, never one that protects its data (YES=1 does not ask)
	@$(PLATFORM) destroy --stack "$(STACK)" $(if $(YES),--yes)

images: deploy-environment ## build and push every code location's image: DEPLOYMENTS="dev prod" or pr-<n>, TAG=<commit>
	@$(PLATFORM) images $(addprefix --deployment ,$(DEPLOYMENTS)) --tag "$(TAG)"

deploy: deploy-environment ## serve all code locations in Dagster+: DEPLOYMENT=dev, … or pr-<n>, IMAGES=<what `make images` printed> (LINK_FILE=file: write the link there)
	@$(PLATFORM) deploy --deployment "$(DEPLOYMENT)" $(if $(LINK_FILE),--link-file "$(LINK_FILE)")

launch: deploy-environment ## run a job in Dagster+ and wait: DEPLOYMENT=pr-<n> LOCATION=databricks_delta JOB=<job> (SINCE=folder: what differs from it)
	@$(PLATFORM) launch --deployment "$(DEPLOYMENT)" --location "$(LOCATION)" --job "$(JOB)" $(if $(SINCE),--since "$(SINCE)")

launch-domains: deploy-environment ## run a job of every domain in Dagster+ and wait: DEPLOYMENT=pr-<n> JOB=clone (SINCE=folder: what differs from it)
	@$(PLATFORM) launch-domains --deployment "$(DEPLOYMENT)" --job "$(JOB)" $(if $(SINCE),--since "$(SINCE)")

close: deploy-environment ## close and delete a pull request's branch deployment: DEPLOYMENT=pr-<n>
	@$(PLATFORM) close --deployment "$(DEPLOYMENT)"

settings: deploy-environment ## apply settings and alert policies in .dagster_plus: DEPLOYMENT=dev
	@$(PLATFORM) settings --deployment "$(DEPLOYMENT)"

organisation-settings: deploy-environment ## apply what all branch deployments of Dagster+ run by, in .dagster_plus
	@$(PLATFORM) organisation-settings

infra-diff: infra-environment ## what the code declares for what stands that a commit does not: BASE=main. No account needed
	@$(PLATFORM) infra-diff --base "$(BASE)"

remove: removal-environment ## remove all that a pull request has, in Dagster+, in both clouds and in the state: DEPLOYMENT=pr-7
	@$(PLATFORM) remove --deployment "$(DEPLOYMENT)" --because asked

permissions: infra-environment ## who may do what where in a stack, and why, and the proof that no grant is missing or idle
	@$(PLATFORM) permissions --stack "$(STACK)"

cost: infra-environment ## what a stack can cost in its worst month, item by item, and what nothing caps
	@$(PLATFORM) cost --stack "$(STACK)"

bench: development-environment ## measure the commands, medians of three
	@$(PLATFORM) bench

rehearsal: development-environment ## production without an account: infrastructure, pipelines, gold against the demo's, destroy
	@.venv/bin/pytest -q -s -m rehearsal --disable-warnings tests/rehearsal

account-rehearsal: development-environment ## production on your own accounts, in names to be thrown away: DEPLOYMENT=pr-901 (YES=1 does not ask)
	@ACCOUNT_REHEARSAL_TRACE="$(CURDIR)/$(ON_STAND_INS)" .venv/bin/pytest -q --disable-warnings tests/rehearsal/account
	@.venv/bin/python -m tests.rehearsal.account --deployment "$(DEPLOYMENT)" $(if $(YES),--yes) --compare-with $(ON_STAND_INS)

test: development-environment ## every test
	@.venv/bin/pytest --numprocesses auto --maxprocesses 4

test-fast: development-environment ## the tests that take no more than a moment
	@.venv/bin/pytest -m "not slow" --numprocesses auto --maxprocesses 4

check: lint types test ## everything that must hold before a change lands

lint: development-environment ## style, and formatting
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

format: development-environment ## put the code into the one format
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

types: development-environment ## static types
	@NODE_OPTIONS=--max-old-space-size=8192 .venv/bin/pyright

demo-environment:
	@.ci/setup

infra-environment:
	@.ci/setup infra

deploy-environment:
	@.ci/setup deploy

removal-environment:
	@.ci/setup infra deploy

development-environment:
	@.ci/setup $(DEVELOPMENT)
