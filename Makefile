# Every target can be run again at any time. `make help` lists them.
# Where the servers come from: STACK=local|docker|external; unset, docker when an engine answers, else local.

SOURCE_FOLDERS := chassis schemas migrations command-api saga projector query-api cli reconcile stack bench k8s tests
SOURCES := $(shell find $(SOURCE_FOLDERS) -type f -not -name '*.test.ts' 2>/dev/null) tsconfig.json tsconfig.build.json package-lock.json

STACK_CLI := node dist/stack/main.js
SHOP := node scripts/shop.mjs
CLI := node cli/flash-sale

# The addresses and the admin token of the running stack, as `up` wrote them.
VARIABLES := .stack/run/variables.env
WITH_STACK = test -f $(VARIABLES) || { echo 'Nothing is running. Start with: make up'; exit 1; }; \
	set -a; . $(abspath $(VARIABLES)); set +a;

.DEFAULT_GOAL := help
.PHONY: help install build up down restart ps logs clean rebuild demo seed seed-item health metrics inventory \
	order-status dlq reconcile test-order test-idempotency test-refusals test test-unit test-int test-e2e test-sale test-reconcile test-saga-members test-redis-loss lint schemas-check k8s-validate \
	console replay bench bench-saga simulate chaos chaos-many chaos-planted chaos-record test-chaos audit generate

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' Makefile

install: ## Install the packages that package-lock.json names, unless they are here
	@command -v node >/dev/null || { echo 'Node is missing: install Node 20.19 or newer.'; exit 1; }
	@node scripts/install.mjs

build: install dist/.built ## Compile what has changed

dist/.built: $(SOURCES)
	@echo 'Compiling'
	@npm run --silent build
	@touch dist/.built

up: build ## Start servers and services in the background and wait until all are ready
	@$(STACK_CLI) up

# Not `build`: code that does not compile at the moment must not keep a running stack from being stopped.
dist/stack/main.js:
	@$(MAKE) build

down: | dist/stack/main.js ## Stop servers and services; their data stays
	@$(STACK_CLI) down

restart: build ## Stop and start again, with the data that is there
	@$(STACK_CLI) down
	@$(STACK_CLI) up

ps: | dist/stack/main.js ## Show what runs, where, in which state and for how long
	@$(STACK_CLI) ps

logs: | dist/stack/main.js ## Follow the logs; NAME=saga shows one
	@$(STACK_CLI) logs $(NAME)

clean: | dist/stack/main.js ## Stop, and remove data, logs and compiled code; downloaded servers stay
	@$(STACK_CLI) clean
	@rm -rf dist coverage

rebuild: ## Compile everything anew; a view is built anew by replay
	@rm -rf dist
	@$(MAKE) build

demo: up ## Start everything, sell to hundreds of buyers at once, and prove that nothing was oversold
	@$(WITH_STACK) node dist/bench/demo/main.js

seed: ## Stock three items; a second time changes nothing
	@$(WITH_STACK) $(SHOP) seed

seed-item: ## Stock one item: make seed-item ITEM=sneaker-red QTY=100
	@test -n '$(ITEM)' -a -n '$(QTY)' || { echo 'Usage: make seed-item ITEM=sneaker-red QTY=100'; exit 64; }
	@$(WITH_STACK) $(CLI) stock add -r 'make seed-item' -- '$(ITEM)' '$(QTY)'

health: ## Show each process, what it does not reach, lag, breaker and dead letters
	@$(WITH_STACK) $(CLI) status

metrics: ## Show the metrics of all processes, or of one: make metrics NAME=saga
	@$(WITH_STACK) $(SHOP) metrics $(NAME)

inventory: ## Show all items, or one: make inventory ITEM=sneaker-red
	@$(WITH_STACK) $(CLI) stock show $(ITEM)

order-status: ## Show an order: make order-status ID=<request_id>
	@test -n '$(ID)' || { echo 'Usage: make order-status ID=<request_id>'; exit 64; }
	@$(WITH_STACK) $(CLI) order '$(ID)'

dlq: ## Show the dead letters, newest first
	@$(WITH_STACK) $(CLI) dlq list

reconcile: build ## Compare Redis, PostgreSQL and the payment journal with an independent fold of the log (needs python3)
	@command -v python3 >/dev/null || { echo 'python3 is missing: install Python 3.9 or newer.'; exit 2; }
	@$(WITH_STACK) $(CLI) reconcile

test-order: ## Stock an item, buy some, then more than there are, and check what is answered
	@$(WITH_STACK) $(SHOP) test-order

test-idempotency: ## Send orders twice and check what is answered
	@$(WITH_STACK) $(SHOP) test-idempotency

test-refusals: ## Press what must be refused (faulty, too often, not on sale) and check what is answered
	@$(WITH_STACK) $(SHOP) test-refusals

console: ## Show the address of the live console
	@$(WITH_STACK) echo "$$QUERY_API_URL/console"

console-pictures: up ## Take the README's pictures of the console during a sale, on the running stack (needs Chromium)
	@$(WITH_STACK) node dist/bench/console-pictures.js

test-rebalance: build ## Two projectors, one of which joins and leaves every 2 s, for some minutes
	@REBALANCE_ROUNDS=$(or $(ROUNDS),60) node node_modules/jest/bin/jest.js tests/projector-crash --selectProjects e2e -t 'joins and leaves'

test-rebuild: build ## Rebuild the orders view while it is read and written, and judge every read: make test-rebuild ORDERS=500000
	@node dist/bench/rebuild/main.js '$(or $(ORDERS),500000)'

replay: build ## Build a view anew from the log, verify it and switch: make replay VIEW=orders
	@test -n '$(VIEW)' || { echo 'Usage: make replay VIEW=orders'; exit 64; }
	@$(WITH_STACK) node dist/projector/replay/main.js run '$(VIEW)'

test: build ## Lint, then all tests on real servers; the last line counts them
	@node scripts/test.mjs

test-unit: install ## Tests without servers
	@node scripts/test.mjs unit

test-int: build ## Tests of one part on real servers
	@node scripts/test.mjs int

test-e2e: build ## Tests of the whole system on real servers
	@node scripts/test.mjs e2e

test-sale: build ## A pause under 1,000 orders a second: SALE_RATE=1000
	@SALE_RATE=$${SALE_RATE:-1000} npx jest --selectProjects e2e --testPathPatterns tests/sale-control

test-reconcile: build ## Three runs of reconcile without a difference under 500 orders a second: make test-reconcile RATE=500
	@RECONCILE_RATE=$(or $(RATE),500) node node_modules/jest/bin/jest.js --selectProjects e2e --testPathPatterns tests/reconcile.e2e -t 'three runs'

lint: install ## Types, lint rules and formatting
	@node scripts/test.mjs lint

bench: up ## Measure the command API beside a bare server, on the running stack
	@$(WITH_STACK) node dist/bench/command-api/main.js

.PHONY: bench-projector bench-query-api bench-crowd bench-services bench-latency console-pictures test-rebalance test-rebuild test-letters test-targets bench-rebuild
bench-projector: build ## Measure the projector, live and in a rebuild, on servers of its own: make bench-projector ORDERS=200000
	@node dist/bench/projector.js '$(or $(ORDERS),500000)'

bench-query-api: up ## Measure reads of one query API beside raw selects, on the running stack
	@$(WITH_STACK) node dist/bench/query-api/main.js

bench-crowd: build ## Time from an outcome in the log to the answers of all who wait for it, on servers of its own: make bench-crowd SIZE=2000 ROUNDS=5 READS=5
	@node dist/bench/query-api/crowds.js '$(or $(SIZE),2000)' '$(or $(ROUNDS),5)' '$(or $(READS),0)'

bench-services: up ## Measure CPU and memory of each service at a steady rate, on the running stack: make bench-services RATE=500 SECONDS=60
	@$(WITH_STACK) node dist/bench/services/main.js '$(or $(RATE),500)' '$(or $(SECONDS),60)'

bench-latency: build ## Time from the 202 to the terminal answer on servers of its own: make bench-latency RATE=1000 SECONDS=20 ROUNDS=3
	@node dist/bench/latency/main.js '$(or $(RATE),1000)' '$(or $(SECONDS),20)' '$(or $(ROUNDS),3)'

bench-saga: build ## Measure one saga on servers of its own: make bench-saga ORDERS=200000 ROUNDS=1
	@node dist/bench/saga/main.js '$(or $(ORDERS),200000)' '$(or $(ROUNDS),1)'

bench-rebuild: build ## Measure a rebuild of Redis from the log on servers of its own: make bench-rebuild EVENTS=1000000 ROUNDS=3
	@node dist/bench/saga/rebuild.js '$(or $(EVENTS),1000000)' '$(or $(ROUNDS),3)'

simulate: build ## Run the saga's own code under simulated faults: make simulate SEEDS=20000 FROM=1
	@node dist/saga/simulation/main.js '$(or $(SEEDS),20000)' '$(or $(FROM),1)'

chaos: build ## Break the whole system and judge it: make chaos SCENARIO=F2 SEED=7, or MINUTES=30 at random
	@node dist/tests/chaos/main.js $(SCENARIO)

chaos-many: build ## Many short random runs: make chaos-many RUNS=200 SECONDS=60 SEED=1 PARALLEL=3
	@RUNS=$(or $(RUNS),200) DURATION=$(or $(SECONDS),60)s node dist/tests/chaos/main.js random

chaos-record: build ## Keep the results of FOLDER in docs/chaos, and write docs/chaos.md
	@node dist/tests/chaos/main.js record $(FOLDER) && npx prettier --log-level warn --write docs/chaos.md

chaos-planted: build ## Plant each of 14 known bugs and see that the checker calls it by its name
	@node dist/tests/chaos/planted/main.js $(BUG)

test-letters: build ## Redrive 10,000 dead letters at 500 a second, with a kill in the middle
	@LETTERS=10000 LETTERS_RATE=500 npx jest --selectProjects e2e --testPathPatterns tests/redrive

test-targets: install ## Type up, restart, demo, down, clean and their like in a copy of this checkout, on ports of its own
	@node scripts/try-targets.mjs

test-saga-members: install ## Sagas join, leave and are killed, eight times, at 300 orders a second
	@SAGA_MEMBERS=full node node_modules/jest/bin/jest.js --selectProjects e2e --testPathPatterns saga-members

test-redis-loss: install ## Redis flushed, killed and emptied at 500 orders a second, one saga of two stopped for 20 s
	@REDIS_LOSS=full node node_modules/jest/bin/jest.js --selectProjects e2e --testPathPatterns saga-redis-loss

test-chaos: build ## The short set of chaos scenarios
	@node dist/tests/chaos/main.js smoke

audit: install ## Ask whether a runtime package has a known vulnerability; exit code 2 when nobody can be asked
	@node scripts/audit.mjs

schemas-check: build ## Check that every schema version can read all others
	@node dist/schemas/gate/main.js

k8s-validate: build ## Check the Kubernetes overlays against the API's own schemas
	@node dist/k8s/check/main.js

generate: build ## Write anew what is generated: manifests, dashboards, docs/cli.md, the table of settings in docs/OPERATIONS.md
	@node dist/k8s/generate/main.js
