/* conf_test: values, paths and wiring; every kind of mistake gets file, line
 * and a hint; the shipped pipeline.conf says what the table says. */
#include "common/conf.h"
#include "common/conf_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[64];
static char file[128];

static int
load(const char *text, struct conf **conf, struct error *err)
{
    FILE *f = fopen(file, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return conf_load(file, conf, err);
}

struct mistake {
    const char *name;
    const char *text;
    int line;
    const char *says;
};

static const struct mistake mistakes[] = {
    {"unknown section", "\n[hubspto]\ntoken = env:X\n", 3, "[hubspot]"},
    {"unknown kind", "[timeline.cal]\nsync = on\n", 2, "[timeline.call]"},
    {"unknown key", "[hubspot]\npol_interval = 5s\n", 2, "\"poll_interval\""},
    {"key without section", "token = env:X\n", 1, "nearest"},
    {"no key at all", "[hubspot]\nnonsense\n", 2, "key = value"},
    {"open bracket", "[hubspot\n", 1, "[section]"},
    {"duration without unit", "[hubspot]\npoll_interval = 5\n", 2, "duration"},
    {"duration of words", "[hubspot]\npoll_interval = soon\n", 2, "duration"},
    {"duration out of range", "[hubspot]\npoll_interval = 1ms\n", 2, "range"},
    {"negative duration", "[hubspot]\noverlap = -5s\n", 2, "duration"},
    {"number with letters", "[hubspot]\ndaily_api_limit = 10k\n", 2, "whole"},
    {"number too large", "[hubspot]\ndaily_api_limit = 99999999999999999999\n",
     2, "whole"},
    {"number out of range", "[delivery]\nmax_in_flight = 0\n", 2, "range"},
    {"size", "[stage.writer]\ncapture_max = 5 apples\n", 2, "size"},
    {"boolean", "[timeline.call]\nsync = yes\n", 2, "on nor off"},
    {"choice", "[contacts]\nmatch = phone\n", 2, "salesforce_id|email"},
    {"plain http to the world", "[hubspot]\napi_base = http://example.com\n", 2,
     "https://"},
    {"no address", "[hubspot]\napi_base = api.hubapi.com\n", 2, "https://"},
    {"password in the address",
     "[salesforce]\nlogin_url = https://a:b@example.com\n", 2, "HOST"},
    {"hubspot version", "[hubspot]\napi_version = v9000\n", 2, "2026-09"},
    {"salesforce version", "[salesforce]\napi_version = 67\n", 2, "67.0"},
    {"field name", "[salesforce]\nexternal_id_field = My Field\n", 2,
     "HubSpot_Id__c"},
    {"no field name", "[salesforce]\nexternal_id_field =\n", 2,
     "HubSpot_Id__c"},
    {"another field name", "[salesforce]\nical_uid_field = a b\n", 2,
     "HubSpot_Id__c"},
    {"captured mail", "[salesforce]\neac = maybe\n", 2, "skip|sync"},
    {"time zone", "[salesforce]\ntime_zone = Mars/Olympus\n", 2,
     "Europe/Berlin"},
    {"state", "[state]\nurl = mysql://x\n", 2, "sqlite:PATH"},
    {"wire", "[stage.writer]\ninput = carrier-pigeon\n", 2, "ipc://PATH"},
    {"tcp to the world", "[stage.writer]\ninput = tcp://10.0.0.1:5\n", 2,
     "loopback"},
    {"empty secret", "[hubspot]\ntoken =\n", 2, "env:NAME"},
    {"env without name", "[hubspot]\ntoken = env:\n", 2, "env:NAME"},
    {"stage name", "[stage.My Stage]\ncommand = x\n", 2, "stage."},
    {"event types where there are none", "[timeline.call]\nevent_types = e_*\n",
     2, "unknown key"},
    {"set twice", "[hubspot]\nrate = 5\n; again\nrate = 6\n", 4, "line 2"},
    {"unknown placeholder", "[timeline.call]\nsubject = {titel}\n", 2,
     "subject: {titel} is no property of an activity; the nearest known one is "
     "{title}"},
    {"unknown placeholder further down",
     "[timeline.call]\ndescription = {title}\n  {body}\n  {bdoy} {title}\n", 4,
     "description: {bdoy}"},
    {"brace that is not closed", "[timeline.note]\ndescription =\n  a {body\n",
     3, "not closed"},
    {"brace that closes nothing", "[timeline.note]\nsubject = body}\n", 2,
     "written }}"},
    {"empty subject", "[timeline.call]\nsubject =\n", 2, "needs a subject"},
    {"subject of two lines", "[timeline.call]\nsubject = a\n  b\n", 3,
     "subject: its value is one line"},
    {"indented key", "[hubspot]\nrate = 5\n  search_rate = 6\n", 3,
     "rate: its value is one line"},
    {"filter", "[timeline.call]\nonly = onwer:ann@example.com\n", 2,
     "only: \"onwer:\" is no term; the nearest known one is \"owner:\""},
    {"filter further down",
     "[activity.call]\nonly = owner:51\n  company:maybe\n", 3,
     "only: company: \"maybe\""},
    {"filter that a comment cuts",
     "[activity.task]\nonly = subject:\"a ; b\"\n", 2, "not closed"},
    {"filter of what the kind has not",
     "[timeline.form_submission]\nonly = owner:51\n", 2,
     "no form_submission has an owner"},
    {"log level", "[log]\nlevel = loud\n", 2, "debug|info|warn|error"},
};

static void
mistake(void **state)
{
    const struct mistake *r = *state;
    struct conf *conf = NULL;
    struct error err = {0};
    char where[160];

    assert_int_equal(load(r->text, &conf, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    snprintf(where, sizeof(where), "%s:%d:", file, r->line);
    if (strncmp(err.text, where, strlen(where)) != 0 ||
        strstr(err.text, r->says) == NULL)
        fail_msg("%s", err.text);
}

static void
line_too_long(void **state)
{
    char text[600] = "[hubspot]\ntoken = ";
    struct conf *conf;
    struct error err;

    (void)state;
    memset(text + strlen(text), 'x', 300);
    assert_int_equal(load(text, &conf, &err), -1);
    assert_non_null(strstr(err.text, ":2: line is too long"));
}

static void
missing_file(void **state)
{
    struct conf *conf;
    struct error err;

    (void)state;
    assert_int_equal(conf_load("/nonexistent/x.conf", &conf, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
}

static void
empty_file_is_all_defaults(void **state)
{
    struct conf *conf;
    struct error err;

    (void)state;
    assert_int_equal(load("", &conf, &err), 0);
    assert_string_equal(conf_str(conf, "hubspot", "api_base"),
                        "https://api.hubapi.com");
    assert_true(conf_ms(conf, "hubspot", "poll_interval") == 5000);
    assert_true(conf_bool(conf, "timeline.note", "sync"));
    assert_true(conf_ms(conf, "timeline.form_submission", "lookback") ==
                365LL * 86400000);
    assert_true(conf_ms(conf, "timeline.marketing_email_opened", "lookback") ==
                30LL * 86400000);
    assert_true(conf_ms(conf, "timeline.call", "lookback") == 0);
    assert_true(conf_size(conf, "stage.writer", "capture_max") == 256 << 20);
    conf_free(conf);
}

static void
values(void **state)
{
    struct conf *conf;
    struct error err;
    char where[160];

    (void)state;
    assert_int_equal(
        load("[hubspot]\napi_base = http://127.0.0.1:8080/ ; local\n"
             "poll_interval = 250ms\n[delivery]\nresend_after=2h\n"
             "[timeline.call]\nlookback = 0\n"
             "subject = a;b #c {{;}} \\n {title} ; comment\n"
             "description = one ; comment\n  two;2\n\n\t{title}\t; comment\n"
             "  # comment\n  [x] = y: z\n"
             "[timeline.note]\ndescription = ; {nosuch}\n",
             &conf, &err),
        0);
    assert_string_equal(conf_str(conf, "hubspot", "api_base"),
                        "http://127.0.0.1:8080");
    assert_true(conf_ms(conf, "hubspot", "poll_interval") == 250);
    assert_true(conf_ms(conf, "delivery", "resend_after") == 7200000);
    assert_string_equal(conf_str(conf, "timeline.call", "description"),
                        "one\ntwo;2\n{title}\n[x] = y: z");
    assert_string_equal(conf_str(conf, "timeline.call", "subject"),
                        "a;b #c {{;}} \\n {title}");
    assert_string_equal(conf_str(conf, "timeline.note", "description"), "");
    assert_non_null(strstr(
        conf_where(conf, "delivery", "resend_after", where, sizeof(where)),
        ":5"));
    conf_free(conf);
}

static void
paths(void **state)
{
    struct conf *conf;
    struct error err;
    struct conf_stage st;
    char want[200];
    char *p;

    (void)state;
    assert_int_equal(load("[state]\nurl = sqlite:/srv/a/state.db\n"
                          "[stage.writer]\ncapture = var/capture/w.events\n"
                          "[stage.mine]\ncommand = x\noutput = file:out\n",
                          &conf, &err),
                     0);
    assert_string_equal(conf_state_dir(conf), "/srv/a");
    assert_string_equal(conf_run_dir(conf), "/srv/a/run");
    p = conf_resolve(conf, "var/x/y");
    assert_string_equal(p, "/srv/a/x/y");
    free(p);
    p = conf_resolve(conf, "build/writer");
    snprintf(want, sizeof(want), "%s/build/writer", dir);
    assert_string_equal(p, want);
    free(p);
    assert_int_equal(conf_stage(conf, "writer", &st, &err), 0);
    assert_string_equal(st.input, "ipc:///srv/a/run/writer.in");
    assert_string_equal(st.output, "");
    assert_string_equal(st.capture, "/srv/a/capture/w.events");
    assert_string_equal(st.outcomes,
                        "ipc:///srv/a/run/fetcher-{source}.outcomes");
    conf_stage_fini(&st);
    assert_int_equal(conf_stage(conf, "mine", &st, &err), 0);
    snprintf(want, sizeof(want), "file:%s/out", dir);
    assert_string_equal(st.output, want);
    conf_stage_fini(&st);
    conf_free(conf);
}

static void
wiring(void **state)
{
    struct conf *conf;
    struct error err;
    struct conf_stage st;
    const char *const *names;

    (void)state;
    assert_int_equal(load("[state]\nurl = sqlite:/s/state.db\n"
                          "[stage.window-filter]\n"
                          "input = tcp://127.0.0.1:7001\n",
                          &conf, &err),
                     0);
    assert_int_equal(conf_stage(conf, "fetcher-hubspot", &st, &err), 0);
    assert_string_equal(st.command, "build/fetcher --service hubspot");
    assert_string_equal(st.input, "");
    assert_string_equal(st.output, "ipc:///s/run/normalizer.in");
    assert_string_equal(st.outcomes, "ipc:///s/run/fetcher-hubspot.outcomes");
    conf_stage_fini(&st);
    assert_int_equal(conf_stage(conf, "normalizer", &st, &err), 0);
    assert_string_equal(st.output, "tcp://127.0.0.1:7001");
    conf_stage_fini(&st);
    names = conf_stages(conf);
    assert_string_equal(names[0], "fetcher-salesforce");
    assert_string_equal(names[5], "writer");
    assert_null(names[6]);
    assert_int_equal(conf_stage(conf, "No Such", &st, &err), -1);
    conf_free(conf);
}

static char *
slurp(FILE *f)
{
    char *text = calloc(1, 65536);

    if (f != NULL) {
        assert_true(fread(text, 1, 65535, f) > 0);
        fclose(f);
    }
    return text;
}

/* Run from the repository's root, as the Makefile does. After a change of the
 * table: cp build/pipeline.conf . */
static void
shipped_file_agrees(void **state)
{
    FILE *made = tmpfile();
    struct conf *conf;
    struct error err;
    char *want, *have;

    (void)state;
    conf_print(made);
    rewind(made);
    want = slurp(made);
    have = slurp(fopen("pipeline.conf", "r"));
    if (strcmp(want, have) != 0) {
        FILE *out = fopen("build/pipeline.conf", "w");

        if (out != NULL) {
            fputs(want, out);
            fclose(out);
        }
        fail_msg("pipeline.conf differs from the table; what it should be is "
                 "in build/pipeline.conf");
    }
    assert_int_equal(conf_load("pipeline.conf", &conf, &err), 0);
    conf_free(conf);
    free(want);
    free(have);
}

/* The shipped file sets each key, and to its default. */
static void
shipped_file_is_complete(void **state)
{
    struct conf *conf;
    struct error err;
    char where[160];

    (void)state;
    assert_int_equal(conf_load("pipeline.conf", &conf, &err), 0);
    for (size_t i = 0; i < conf_n_rows; i++) {
        const struct conf_row *r = &conf_rows[i];
        bool of_kinds = strcmp(r->section, "timeline.*") == 0;

        if (strcmp(r->section, "stage.*") == 0)
            continue;
        for (int k = 0; k < (of_kinds ? KIND_COUNT : 1); k++) {
            const char *section =
                of_kinds ? conf_timeline((enum kind)k) : r->section;

            if (conf_row_find(section, r->key) == NULL)
                continue; /* event_types of a kind without */
            conf_where(conf, section, r->key, where, sizeof(where));
            assert_non_null(strstr(where, "pipeline.conf:"));
            assert_string_equal(conf_str(conf, section, r->key),
                                conf_default(section, r->key));
        }
    }
    conf_free(conf);
}

/* And wires the stages as no file at all does. */
static void
shipped_file_wires_as_built_in(void **state)
{
    char *text = slurp(fopen("pipeline.conf", "r"));
    struct conf *shipped, *empty;
    struct conf_stage a, b;
    struct error err;

    (void)state;
    assert_int_equal(load(text, &shipped, &err), 0);
    assert_int_equal(load("", &empty, &err), 0);
    for (const char *const *name = conf_stages(empty); *name != NULL; name++) {
        assert_int_equal(conf_stage(shipped, *name, &a, &err), 0);
        assert_int_equal(conf_stage(empty, *name, &b, &err), 0);
        assert_string_equal(a.command, b.command);
        assert_string_equal(a.input, b.input);
        assert_string_equal(a.output, b.output);
        assert_string_equal(a.outcomes, b.outcomes);
        assert_string_equal(a.capture, b.capture);
        assert_true(a.capture_max == b.capture_max);
        conf_stage_fini(&a);
        conf_stage_fini(&b);
    }
    conf_free(shipped);
    conf_free(empty);
    free(text);
}

static int
make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/conf_test.XXXXXX");
    if (mkdtemp(dir) == NULL)
        return -1;
    snprintf(file, sizeof(file), "%s/pipeline.conf", dir);
    return 0;
}

static int
remove_dir(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(dir);
}

int
main(void)
{
    enum { N = sizeof(mistakes) / sizeof(mistakes[0]), M = 9 };
    struct CMUnitTest tests[M + N] = {
        cmocka_unit_test(line_too_long),
        cmocka_unit_test(missing_file),
        cmocka_unit_test(empty_file_is_all_defaults),
        cmocka_unit_test(values),
        cmocka_unit_test(paths),
        cmocka_unit_test(wiring),
        cmocka_unit_test(shipped_file_agrees),
        cmocka_unit_test(shipped_file_is_complete),
        cmocka_unit_test(shipped_file_wires_as_built_in),
    };

    for (size_t i = 0; i < N; i++)
        tests[M + i] =
            (struct CMUnitTest){.name = mistakes[i].name,
                                .test_func = mistake,
                                .initial_state = (void *)&mistakes[i]};
    return cmocka_run_group_tests_name("conf", tests, make_dir, remove_dir);
}
