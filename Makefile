# make run     build, and serve on the embedded store in ./.ambit
# make test    every test, with the real AWS CLI (installed where it is missing)
# make check   format, vet, lint, arrows, generated files, go.mod
# make bench   performance goals beside measured figures
# make profile what the compiler optimises the command by, from the load tests
# make soak    the long versions: hours
.PHONY: build run test check fmt vet lint arrows tidy bench profile race fuzz soak

SHELL    := /bin/bash
CACHE    := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/ambit
GOLANGCI := v2.15.0
LINT     := $(CACHE)/golangci-lint-$(GOLANGCI)/golangci-lint

AMBIT_CASES    ?= 1000000
AMBIT_SOAK     ?= 200
AMBIT_SOAK_FOR ?= 10m
AMBIT_FUZZTIME ?= 10m

build:
	go build -o bin/ambit ./cmd/ambit

run: build
	./bin/ambit serve --data .ambit

# A test that cannot run for want of a client is skipped; it is said before and
# after, because go test keeps quiet about it.
test:
	@skipped=; test/walkthrough/aws.sh || skipped=1; test/conformance/clients.sh || skipped=1; \
	go test -count=1 ./... || exit 1; \
	if [ -n "$$skipped" ]; then echo 'SKIPPED: tests with real clients that are missing (see above). Everything else passed.'; \
	else echo 'All tests passed, those with the AWS CLI, boto3, Ansible and the AWS SDKs among them.'; fi

check: fmt vet lint arrows tidy

fmt:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { printf 'not formatted (gofmt -w mends it):\n%s\n' "$$out"; exit 1; }

vet:
	go vet ./...

lint: $(LINT)
	$(LINT) run ./...

$(LINT):
	@echo 'installing golangci-lint $(GOLANGCI) into $(@D): about two minutes, once'
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)

# The arrows between rooms, and the generated files against their generators.
arrows:
	go test -count=1 . ./tools/...

tidy:
	go mod tidy -diff

bench:
	go run ./tools/bench $(BENCH)

# cmd/ambit/default.pgo says where the processor's time goes under load; go build
# finds it by its name and inlines by it. It need not be new to be right, only to
# be good. -trimpath keeps this machine out of it; -pgo=off, what the last one did.
PROFILED := -trimpath -pgo=off
profile:
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && set -ex && \
	AMBIT_PROFILES=$$dir GOFLAGS='$(PROFILED) -tags=profile' go test -run '^$$' -bench '^Benchmark(H1|S1|GetItem|PutItem)$$' -benchtime 6s ./test/load && \
	for pkg in policy internal/authz; do \
		go test $(PROFILED) -run '^$$' -bench '^BenchmarkW[123]' -benchtime 1s -cpuprofile $$dir/$$(basename $$pkg).pprof -o $$dir/bench.test ./$$pkg; \
	done && \
	go tool pprof -proto -output $$dir/all $$dir/*.pprof && mv $$dir/all cmd/ambit/default.pgo

race:
	CGO_ENABLED=1 go test -race -count=1 ./...

fuzz:
	AMBIT_FUZZTIME=$(AMBIT_FUZZTIME) tools/fuzz

# Engine against oracle, kills of the store, mixed load with faults, races, then every parser.
soak:
	AMBIT_CASES=$(AMBIT_CASES) AMBIT_SOAK=$(AMBIT_SOAK) AMBIT_SOAK_FOR=$(AMBIT_SOAK_FOR) go test -count=1 -timeout 12h ./...
	$(MAKE) race fuzz
