# Accel: every task a person or a machine runs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

CONFIGURATION ?= Release
OUT ?= build/demo
FAULTS ?= --seeds 1000 --served 25 --proofs build/dotnet/bin/Accel.Cli/release/accel.dll

.PHONY: help setup demo build native aot aot-host check test test-long test-avx512 test-rtl test-contracts coverage formal faults firmware riscv-tests synth trace lint fmt gen sim sim-libraries bench clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing (apt, npm) and say what
	@scripts/setup.sh

build: setup ## Build everything; leaves a runnable build/accel
	@dotnet build Accel.sln -c $(CONFIGURATION) -v quiet -nologo -clp:NoSummary
	@ln -sfn dotnet/bin/Accel.Cli/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/accel build/accel
	@node scripts/compile-contracts.mjs build/contracts
	@echo "built build/accel"

native: setup ## Compile the optional AVX-512 IFMA kernels, and their portable twin for tests, into build/native
	@scripts/native.sh

aot: setup ## Compile accel ahead of time, for every x86-64 level, into build/aot; prints sizes and start-up
	@scripts/aot.sh all

aot-host: build
	@scripts/aot.sh host

demo: build ## Settle the bundled book, prove it, verify it, and submit it to a local EVM
	@scripts/demo.sh $(OUT)

check: build lint ## The desk's guarantee in a few minutes: build, lint, fast tests
	@scripts/run-tests.sh fast

test: build native aot-host sim-libraries lint ## Every test; ends with 'N passed, N failed'
	@scripts/run-tests.sh all

test-long: build native aot sim-libraries lint ## The same tests with the long counts, and the benchmark bars
	@ACCEL_TEST_SCALE=long scripts/run-tests.sh all
	@build/dotnet/bin/Accel.Benchmarks/release/Accel.Benchmarks circuit-bar
	@build/dotnet/bin/Accel.Benchmarks/release/Accel.Benchmarks link-bar

test-avx512: build native ## Run the AVX-512 code's tests in an emulator, on any x86-64 machine
	@scripts/setup.sh avx512
	@scripts/aot.sh x86-64-v4
	@scripts/avx512.sh

lint: ## Formatting, stale generated files, shell scripts
	@scripts/lint.sh

fmt: ## Format the sources
	@dotnet format whitespace Accel.sln
	@dotnet format style Accel.sln

gen: build ## Regenerate generated files
	@node scripts/gen-params.mjs
	@node scripts/gen-vector-field.mjs
	@build/dotnet/bin/Accel.GoldenVectors/release/Accel.GoldenVectors sim/vectors
	@node scripts/gen-registers.mjs
	@node scripts/gen-kat-vectors.mjs
	@node scripts/gen-selftest.mjs
	@scripts/gen-cli-docs.sh

faults: build sim-libraries ## The fault matrix: serial and USB x 9 faults, 1000 seeds a cell, served cards, proofs; an hour [FAULTS="--seeds 100 --served 2"]
	@build/dotnet/bin/Accel.Faults/release/Accel.Faults $(FAULTS)

test-rtl: setup ## Build and run the RTL testbenches [FILTER=field/]
	@node scripts/rtl.mjs test $(FILTER)

test-contracts: setup ## Test the contracts on forge; prints line and branch coverage, fails below 95 %
	@node scripts/contracts.mjs test

coverage: setup ## Line and toggle coverage of hdl/ by the testbenches; fails below 95 % of lines
	@node scripts/rtl.mjs coverage

synth: setup ## Synthesise units for UltraScale+ and write hdl/SYNTHESIS.md [UNIT=point_adder]
	@node scripts/synth.mjs $(UNIT)

formal: setup ## Prove the control blocks' properties (yosys-smtbmc, z3) and the link's protocol (spin)
	@node scripts/formal.mjs

firmware: setup ## Build the soft core's firmware, run its unit tests, print and check its size and coverage
	@node scripts/firmware.mjs test

riscv-tests: setup ## Run riscv-tests' rv32ui and rv32um programs on the soft core [RISCV_TESTS=CHECKOUT]
	@node scripts/riscv-tests.mjs

trace: setup ## Write an FST trace of one bench run: make trace TEST=fifo-wide
	@node scripts/rtl.mjs trace $(TEST)

sim: sim-libraries ## Build the simulated card, build/sim/libaccel_sim*.so, and print its busy and idle cycles/s
	@node scripts/sim.mjs speed

sim-libraries: setup
	@node scripts/sim.mjs build

bench: build ## Benchmarks of the kernels (BenchmarkDotNet)
	@build/dotnet/bin/Accel.Benchmarks/release/Accel.Benchmarks --filter '*' --artifacts build/benchmarks

clean: ## Remove build products
	@rm -rf build
