# The front door. `make` builds; everything else is one word more.
#
#   make            build into build/; build/bin/ holds ds01 and every command name
#   make deps       install what building and testing need (root, Debian)
#   make demo       the whole story on a real engine, in under three minutes
#   make check      all tests, also under the sanitizers
#   make bench      figures: how fast, how much memory
#   make install    PREFIX=/usr/local DESTDIR=
#   make format     lay out the sources; `make lint` looks deeper
#   make fuzz       every parser's fuzzer, or FUZZERS="dockerfile name", FUZZ_SECONDS=20 each
#   make clean

PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 20
FUZZERS ?=

sources = $(shell find src tests demo -name '*.[ch]')
scripts = .ci/run demo/demo tests/check tests/rooms tests/e2e/call tests/e2e/sequences $(wildcard scripts/* tests/ground/* \
	tests/bench/bench tests/bench/update tests/e2e/*.bash)

all: build/bin

build/build.ninja:
	@scripts/dependencies require build
	@meson setup build >build-setup.log 2>&1 || { cat build-setup.log; exit 1; }
	@rm build-setup.log

build/bin: program
	@scripts/link-commands build/src/ds01 build/bin

program: build/build.ninja
	@ninja -C build $(NINJAFLAGS)

# The same with AddressSanitizer and UndefinedBehaviorSanitizer: any report ends the program.
sanitized: build-asan/build.ninja
	@ninja -C build-asan $(NINJAFLAGS)
	@scripts/link-commands build-asan/src/ds01 build-asan/bin

build-asan/build.ninja:
	@scripts/dependencies require build
	@meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 \
		-Dc_args=-fno-omit-frame-pointer >build-setup.log 2>&1 || { cat build-setup.log; exit 1; }
	@rm build-setup.log

build-fuzz/build.ninja: deps
	@CC=clang meson setup build-fuzz -Dfuzzers=true -Db_lundef=false \
		-Db_sanitize=address,undefined -Dc_args=-fsanitize=fuzzer-no-link >/dev/null

deps:
	@scripts/dependencies install

demo:
	@scripts/dependencies install build demo
	@$(MAKE) --no-print-directory NINJAFLAGS=--quiet all
	@demo/demo build/bin

check: deps
	@$(MAKE) --no-print-directory NINJAFLAGS=--quiet all sanitized
	@tests/check

bench: deps
	@$(MAKE) --no-print-directory NINJAFLAGS=--quiet all
	@tests/bench/bench build
	@tests/bench/update build

install: all
	@meson configure build -Dprefix=$(abspath $(PREFIX))
	@DESTDIR=$(DESTDIR) meson install -C build --quiet
	@scripts/link-commands --names-only build/src/ds01 $(DESTDIR)$(PREFIX)/bin

format:
	@clang-format -i $(sources)

format-check:
	@clang-format --dry-run --Werror $(sources)
	@shellcheck $(scripts)
	@shellcheck --shell=bats $(wildcard tests/e2e/*.bats)

# Without glibc's macros for tolower() and the like, whose inner blocks would count as ours.
lint: build/build.ninja
	@ninja -C build >/dev/null
	@printf '%s\n' $(filter-out tests/fuzz/%,$(filter %.c,$(sources))) | xargs -n 4 -P $$(nproc) \
		clang-tidy --quiet --extra-arg=-D__NO_CTYPE --extra-arg=-Wno-error -p build

fuzz: build-fuzz/build.ninja
	@ninja -C build-fuzz
	@scripts/run-fuzzers build-fuzz $(FUZZ_SECONDS) $(FUZZERS)

clean:
	@rm -rf build build-asan build-fuzz

.PHONY: all program build/bin sanitized deps demo check bench install format format-check lint \
	fuzz clean
