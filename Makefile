# make | make test | make bench | make first-sync ARGS= | make simulate SEEDS= | make chaos SEEDS= | make soak MINUTES= | make conformance | make fuzz | make format-check | make install PREFIX=
# SAN=1 builds with the sanitizers, into build/san.
PKGS   := libzmq libcurl msgpack libcjson sqlite3 inih gumbo libmicrohttpd libcrypto
B      ?= build
O      := $B$(if $(SAN),/san)
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
FLAGS   = -std=c11 -D_GNU_SOURCE -I. -MMD -MP \
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror \
  $(PKG_CFLAGS) $(CFLAGS) \
  $(if $(SAN),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
LIBS    = -Wl,--as-needed $(PKG_LIBS) -lm
obj     = $(patsubst %.c,$O/%.o,$(shell find $1 -name '*.c'))
tests  := $(patsubst %.c,$O/%,$(shell find tests/common tests/stages tests/sandbox -name '*_test.c'))
fuzzers := $(patsubst %.c,$O/%,$(wildcard tests/fuzz/*_fuzz.c))
scenarios := $(sort $(wildcard tests/contract/*_test.py tests/scenarios/*_test.py tests/chaos/*_test.py tests/conformance/*_test.py))
FUZZ    := B=build/fuzz CC=clang CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" fuzzers
# A main.c makes its folder a program: stages/writer -> build/writer.
dirs   := $(patsubst %/main.c,%,$(shell find stages tests -name main.c))
progs  := $(foreach d,$(dirs),$O/$(notdir $d))
src    := $(shell find stages common tests -name '*.[ch]')

all: $(progs)
# It links its own folder and common/: reaching into another does not link.
define program
$O/$(notdir $1): $(filter-out %_test.o,$(call obj,$1)) $O/libcommon.a
endef
$(foreach d,$(dirs),$(eval $(call program,$d)))
# A test links the folder that its own mirrors: tests/stages/writer/x_test.c
# links stages/writer; and what it is too large without, x_*.c beside it.
part = $(word $2,$(subst /, ,$1))
home = $(if $(filter stages,$(call part,$1,2)),stages/$(if $(filter tools,$(call part,$1,3)),tools/$(call part,$1,4),$(call part,$1,3)),$(filter tests/sandbox,$(patsubst %/,%,$(dir $1))))
own  = $(if $(call home,$1),$(filter-out %/main.o %_test.o,$(call obj,$(call home,$1))))
beside = $(patsubst %.c,$O/%.o,$(filter-out %_test.c,$(wildcard $(1:%_test=%_*.c))))
$(foreach t,$(tests),$(eval $t: $t.o $(call beside,$(t:$O/%=%)) $(call own,$(t:$O/%=%)) $O/libcommon.a))
# A fuzz target of answers links the fetcher, the others the normalizer.
fuzzed = $(filter-out %/main.o,$(call obj,$(if $(findstring answers,$1),stages/fetcher tests/fuzz/answers,stages/normalizer)))
$(foreach f,$(fuzzers),$(eval $f: $f.o $(call fuzzed,$f) $O/libcommon.a))
$(tests): LIBS += -lcmocka
$(fuzzers): LIBS += -fsanitize=fuzzer
$(progs) $(tests) $(fuzzers):
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $(filter-out %.h,$^) $(LIBS)
$O/libcommon.a: $(call obj,common)
	$(AR) rcs $@ $^
$O/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c -o $@ $<

tests: all $(tests)
fuzzers: $(fuzzers)
deps:
	@./run.sh deps
# Programs and tests with sanitizers, the fuzz targets for a short while; clang
# has to take all of it, too.
test: deps
	@$(MAKE) -s -j2 all
	@$(MAKE) -s -j2 B=build/clang CC=clang CFLAGS=-O0 all tests
	@$(MAKE) -s -j2 SAN=1 tests
	@$(MAKE) -s -j2 $(FUZZ)
	@tests/run -j 6 $(scenarios) $(tests:$O/%=$B/san/%) $(if $(fuzzers),tests/fuzz/fuzz_test.py)
bench: deps
	@$(MAKE) -s -j2 all
	@tests/bench/bench.py
first-sync: deps
	@$(MAKE) -s -j2 all
	@tests/bench/first_sync.py $(ARGS)
simulate: $O/tests/stages/conflict-resolver/simulate_test
	@$< $(or $(SEEDS),100000)
chaos: deps
	@$(MAKE) -s -j2 all
	@CRMPIPE_BUILD=$(abspath $O) tests/chaos/run $(or $(SEEDS),1 2 3)
soak: deps
	@$(MAKE) -s -j2 all
	@CRMPIPE_BUILD=$(abspath $O) tests/chaos/soak.py --minutes $(or $(MINUTES),10)
# The vendors' own clients, installed by npm into build/conformance.
conformance: deps
	@$(MAKE) -s -j2 all
	@CRMPIPE_BUILD=$(abspath $O) tests/conformance/run $(SUITES)
fuzz: deps
	@$(MAKE) -s -j2 $(FUZZ)
	@tests/fuzz/run $(or $(SECONDS),60) $(fuzzers:$O/%=build/fuzz/%)
format:
	clang-format -i $(src)
format-check:
	@clang-format --dry-run --Werror $(src)
install: all
	install -d $(DESTDIR)$(PREFIX)/lib/crmpipe/build $(DESTDIR)$(PREFIX)/bin
	install $(foreach d,$(filter stages/%,$(dirs)),$O/$(notdir $d)) $O/sandbox $(DESTDIR)$(PREFIX)/lib/crmpipe/build
	install run.sh $(DESTDIR)$(PREFIX)/lib/crmpipe/
	install -m 644 pipeline.conf README.md LICENSE $(DESTDIR)$(PREFIX)/lib/crmpipe/
	ln -sf ../lib/crmpipe/run.sh $(DESTDIR)$(PREFIX)/bin/crmpipe
clean:
	rm -rf $B
.PHONY: all tests fuzzers deps test bench first-sync simulate chaos soak conformance fuzz format format-check install clean
-include $(shell find $O -name '*.d' 2>/dev/null)
