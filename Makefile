# `make run` starts the assistant, `make test` proves it. Both set up everything they need.

SHELL := /bin/sh
PYTHON := .venv/bin/python
# Where the assistant listens; HOST=0.0.0.0 lets other machines reach it.
PORT ?= 5005
HOST ?= 127.0.0.1
ACTIONS_PORT ?= 5055
# The staff console; for other machines put a proxy with TLS in front (docs/clinic-staff.md).
CONSOLE_PORT ?= 5080
CONSOLE_HOST ?= 127.0.0.1
# For operators on this machine: /live, /ready and /metrics.
OPERATIONS_PORT ?= 9105

# Nothing phones home; libraries keep their start-up chatter to themselves.
export RASA_TELEMETRY_ENABLED := false
export HF_HUB_OFFLINE := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export OMP_NUM_THREADS := 1
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
# Not PORT: the process runner gives each process a PORT of its own.
export ASSISTANT_PORT := $(PORT)
export ASSISTANT_HOST := $(HOST)
export ACTIONS_PORT CONSOLE_PORT CONSOLE_HOST OPERATIONS_PORT
# The action server is for the assistant on this machine.
export SANIC_HOST := 127.0.0.1

.PHONY: run test setup audit sbom soak widget train lint shell console console-account evaluate bench lock clean

run: widget train  ## Start the assistant and its action server; Ctrl-C stops both.
	@$(PYTHON) -m honcho start --no-prefix

test: lint widget train  ## Check the code and the content, then run every test.
	@tools/setup_browser.sh
	@tools/setup_servers.sh
	@tools/setup_tools.sh
	@$(PYTHON) -m pytest

setup:  ## Make the environment .venv with the locked packages.
	@tools/setup.sh
	@mkdir -p var

widget: setup  ## Build the chat widget if its sources changed.
	@PYTHONPATH=. $(PYTHON) tools/build_widget.py

train: setup  ## Train the model if a question, rule or setting changed.
	@$(PYTHON) tools/train.py

lint: setup  ## Check style, types and all content.
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m ketaguide.content lint
	@$(PYTHON) -m ketaguide.safety lint

console: setup  ## Start the staff console at CONSOLE_PORT; Ctrl-C stops it.
	@ASSISTANT_URL=http://127.0.0.1:$(PORT) $(PYTHON) -m console serve

console-account: setup  ## Make the console's first account, or set a lost password anew.
	@$(PYTHON) -m console account

shell: train  ## Talk to the assistant in the terminal.
	@$(PYTHON) -m rasa shell --port 5006 --model models/assistant.tar.gz

evaluate: train  ## Measure understanding and crisis detection on held-out messages.
	@$(PYTHON) -m tests.evaluate
	@$(PYTHON) -m tests.evaluate_conversations
	@$(PYTHON) -m benchmarks.crisis tests/safety/corpus/must*.yml
	@$(PYTHON) -m benchmarks.crisis tests/safety/corpus/spanish*.yml
	@for set in fresh set_a set_b set_c; do \
		echo "Messages that no rule was tuned on ($$set):"; \
		$(PYTHON) -m benchmarks.crisis tests/safety/corpus/$${set}_must*.yml; \
	done

bench: widget train  ## Compare speed and size with a stock Rasa bot, in one run.
	@$(PYTHON) -m benchmarks.serving
	@$(PYTHON) -m benchmarks.widget

audit: setup  ## Check the locked packages for known vulnerabilities; needs the package index.
	@tools/setup_tools.sh
	@PYTHONPATH=. $(PYTHON) tools/audit.py

sbom: setup  ## Write the list of packages that are served, as CycloneDX, to var/sbom.json.
	@tools/setup_tools.sh
	@.venv-tools/bin/cyclonedx-py requirements deploy/requirements.lock --output-format JSON --output-file var/sbom.json
	@echo "Written: var/sbom.json"

soak: train  ## Load two workers for half an hour while what they share is killed in turn (MINUTES=30).
	@tools/setup_servers.sh
	@$(PYTHON) -m benchmarks.soak --minutes $(or $(MINUTES),30)

lock: setup  ## Write the lock file anew from pyproject.toml.
	@$$(command -v .uv/bin/uv || command -v uv) pip compile pyproject.toml --extra dev --python-version 3.10 \
		--generate-hashes --quiet --output-file requirements.lock
	@$$(command -v .uv/bin/uv || command -v uv) pip compile pyproject.toml --python-version 3.10 \
		--generate-hashes --quiet --constraint requirements.lock --output-file deploy/requirements.lock

clean:  ## Remove everything that was made, but no conversation.
	rm -rf .venv .uv .rasa .cache models results web/dist web/src/generated web/node_modules .pytest_cache .mypy_cache .ruff_cache
