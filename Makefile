# make            build/dbxc
# make test       all that must pass before a push: every suite below, plain and again under the sanitizers
# make unit       the unit tests alone
# make golden     the golden cases alone; CASE=pattern picks some, UPDATE=1 writes what they say now, to be read as a diff
# make asan       build/asan/dbxc and its tests, under the address and undefined-behaviour sanitizers
# make corpus     what the Databricks CLI makes of other people's bundles, beside this repository, and what is wrong in them
# make mistakes   mistakes planted in bundles that are fine: each must be told, at its line; ARGS='--kind cron -v' picks some
# make fuzz       every reader of outside text, fed by libFuzzer (clang) for FUZZ_SECONDS each
# make bench      time and memory beside those of a bare YAML parse
# make demo       the orchestrator in both run modes, as JSON and as a picture in text
# make install    to PREFIX (/usr/local), under DESTDIR
# make clean
#
# WERROR=1 or CI=1 turns warnings into errors; V=1 shows the commands. What is missing is installed by tests/needs.sh.

LIBS     = libfyaml libcjson libpcre2-8
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wwrite-strings -Wcast-qual -Wpointer-arith -Wundef -Wformat=2 -Wvla
OPTIMIZE = -O2
CFLAGS   = -std=c17 $(OPTIMIZE) -g $(WARN) $(if $(CI)$(WERROR),-Werror) $(SANITIZE)
CPPFLAGS = -I. -Icompiler -D_XOPEN_SOURCE=700 $(call pkg,--cflags $(LIBS))
PREFIX   = /usr/local
B        = build
Q        = $(if $(V),,@)
FUZZ_SECONDS = 60

# Asked in recipes only, when tests/needs.sh has seen to it that there is a pkg-config to ask.
pkg      = $(shell pkg-config $1)
# libfyaml parses a fifth faster when linked statically; the others get security updates, so stay shared.
STATIC   = $(wildcard $(call pkg,--variable=libdir libfyaml)/libfyaml.a)
LDLIBS   = $(if $(STATIC),-Wl$(,)-Bstatic -lfyaml -Wl$(,)-Bdynamic,-lfyaml) $(call pkg,--libs libcjson libpcre2-8)
,        = ,

ifdef SAN
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPTIMIZE = -O1
CPPFLAGS += -DDBXC_SOUND
B        = build/asan
endif
ifdef FUZZER
CC       = clang
SANITIZE = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
B        = build/fuzz
endif
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j2
endif

SOURCES := $(wildcard grammar/*.c compiler/*/*.c)
MODULES := $(filter-out compiler/driver/main.c,$(SOURCES))
UNITS   := $(wildcard tests/unit/test_*.c)
TARGETS := $(wildcard tests/fuzz/fuzz_*.c)
PAGES   := $(sort $(filter-out docs/rules/README.md,$(wildcard docs/rules/*.md)))

all: $B/dbxc

$B/dbxc: $B/compiler/driver/main.o $B/dbxc.a
	@echo link $@
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# All but main(), for dbxc and for the tests alike.
$B/dbxc.a: $(MODULES:%.c=$B/%.o) $B/docs/pages.o
	@rm -f $@
	$Q$(AR) rcs $@ $^

$B/%.o: %.c Makefile | needs
	@mkdir -p $(@D)
	@echo $(CC) $<
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(SOURCES:%.c=$B/%.d) $(UNITS:%.c=$B/%.d) $(TARGETS:%.c=$B/%.d)

# The rules' pages, built in.
$B/docs/pages.c: docs/pages.awk $(PAGES)
	@mkdir -p $(@D)
	@echo awk $@
	$QLC_ALL=C awk -f docs/pages.awk $(PAGES) >$@

$B/docs/pages.o: $B/docs/pages.c compiler/driver/driver.h Makefile | needs
	@echo $(CC) $<
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# ---- tests

$B/tests/unit/%: $B/tests/unit/%.o $B/dbxc.a | needs-test
	@echo link $@
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(call pkg,--libs cmocka)

$B/tests/fuzz/replay_%: $B/tests/fuzz/fuzz_%.o $B/tests/fuzz/replay.o $B/dbxc.a
	@echo link $@
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/tests/fuzz/fuzz_%: $B/tests/fuzz/fuzz_%.o $B/dbxc.a
	@echo link $@
	$Q$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

programs: $B/dbxc $(UNITS:%.c=$B/%) $(TARGETS:tests/fuzz/fuzz_%.c=$B/tests/fuzz/replay_%)

test: needs-test
	@$(MAKE) --no-print-directory programs
	@$(MAKE) --no-print-directory programs SAN=1
	@tests/all.sh build build/asan

asan: needs-test
	@$(MAKE) --no-print-directory programs SAN=1
	@tests/all.sh build/asan

unit: programs
	@tests/unit.sh $B

golden: $B/dbxc
	@CASE='$(CASE)' UPDATE='$(UPDATE)' tests/golden.sh $B/dbxc

corpus: $B/dbxc
	@tests/corpus.sh $B/dbxc

mistakes: $B/dbxc
	@tests/mistakes.sh $B/dbxc $(ARGS)

fuzz:
	+@tests/fuzz.sh $(FUZZ_SECONDS) $(TARGETS)

bench: $B/dbxc
	@tests/bench/run.sh $B/dbxc

demo: $B/dbxc
	@tests/demo.sh $B/dbxc

# ---- the rest

needs:
	@tests/needs.sh

needs-test:
	@tests/needs.sh test

install: $B/dbxc
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $B/dbxc $(DESTDIR)$(PREFIX)/bin/dbxc

clean:
	rm -rf build

.PHONY: all programs test asan unit golden corpus mistakes fuzz bench demo needs needs-test install clean
.SECONDARY:
.DELETE_ON_ERROR:
