/* verify: proves that both sides are equal, or tells where they are not; with
 * --repair it sends that through the chain and looks once more. */
#include "common/clock.h"
#include "common/log.h"
#include "common/summary.h"
#include "common/tool.h"
#include "stages/tools/verify/repair.h"
#include "stages/tools/verify/sweep.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_MS       INT64_C(86400000)
#define ASK_PERCENT  10 /* of what is left of the day's calls */
#define LOOK_MAX_MS  INT64_C(60000)
#define LOOK_MORE_MS INT64_C(5000)

static const char usage[] =
    "usage: verify [--repair] [--kind K]... [--yes] [--json] [--conf FILE]\n"
    "Compares all linked records of both sides, and looks for records that no\n"
    "link knows. Says first how many API calls that takes. --repair sends "
    "what\n"
    "was found through the chain, and looks again. --kind: only these kinds.\n"
    "Exit 0: nothing was found; 1: something was, or is left after a repair.\n";

struct options {
    bool repair, yes, json;
    struct kinds kinds;
    const char *names[KIND_COUNT + ACTIVITY_COUNT];
};

/* What the report says besides the findings. */
struct report {
    int64_t told[SIDE_COUNT]; /* calls, in all */
    int64_t made[SIDE_COUNT]; /* before what was told last */
    int64_t asked;            /* records; -1: no repair */
    cJSON *before;            /* counts before the repair; NULL: none */
};

/* ---- beforehand ---- */

static int
calls_left(struct sweep *s, enum side side, int64_t *left, struct error *err)
{
    const char *service = side_name(side);
    int64_t spent;

    if (store_api_add(s->store, service, clock_now_ms() / DAY_MS, 0, &spent,
                      err) < 0)
        return -1;
    *left = conf_int(s->conf, service, "daily_api_limit") - spent;
    return 0;
}

/* Ask a person, if there is one. 1: go on. */
static int
may_go_on(struct sweep *s, const struct options *options, struct error *err)
{
    bool is_much = false;

    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t more = s->told[side] - sweep_calls(s, (enum side)side), left;

        if (calls_left(s, (enum side)side, &left, err) < 0)
            return -1;
        is_much = is_much || more * 100 > left * ASK_PERCENT;
    }
    if (!is_much || options->yes || !tool_can_ask())
        return 1;
    fprintf(stderr,
            "That is more than %d %% of what is left of the day's calls. Go on "
            "(y/n)? ",
            ASK_PERCENT);
    return tool_hears_yes();
}

/* ---- a sweep ---- */

static void
pause_ms(int64_t ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

/* What may be under way gets the time to arrive, if there is a chain that would
 * bring it. */
static void
wait_a_little(const struct conf *conf)
{
    int64_t a = conf_ms(conf, "hubspot", "poll_interval");
    int64_t b = conf_ms(conf, "salesforce", "poll_interval");
    int64_t ms = (a > b ? a : b) + LOOK_MORE_MS;

    if (!repair_chain_runs(conf))
        return;
    if (ms > LOOK_MAX_MS)
        ms = LOOK_MAX_MS;
    fprintf(stderr, "it comes in %" PRId64 " s\n", ms / 1000);
    pause_ms(ms);
}

/* Say how many calls follow, and take note of it. */
static void
tell_calls(const struct sweep *s, const char *what, struct report *report)
{
    int64_t more[SIDE_COUNT];

    for (int side = 0; side < SIDE_COUNT; side++) {
        more[side] = s->told[side] - report->made[side];
        report->told[side] += more[side];
    }
    fprintf(stderr,
            "%s; about %" PRId64 " HubSpot and %" PRId64 " Salesforce calls\n",
            what, more[SIDE_HUBSPOT], more[SIDE_SALESFORCE]);
}

static void
note_made(const struct sweep *s, struct report *report)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        report->made[side] = sweep_calls(s, (enum side)side);
}

static int
look_twice(struct sweep *s, struct report *report, struct error *err)
{
    if (sweep_look(s, err) < 0)
        return -1;
    if (s->findings.n == 0)
        return 0;
    note_made(s, report);
    sweep_plan_again(s);
    tell_calls(s, "a second look, for what may be under way", report);
    wait_a_little(s->conf);
    return sweep_look_again(s, err);
}

/* Tell the calls, and make them. */
static int
sweep_once(struct sweep *s, const struct options *options, bool asks,
           struct report *report, struct error *err)
{
    char links[64];
    int rv;

    note_made(s, report);
    if (sweep_begin(s, err) < 0)
        return -1;
    snprintf(links, sizeof(links), "%zu links", s->n_wanted);
    tell_calls(s, links, report);
    rv = asks ? may_go_on(s, options, err) : 1;
    if (rv == 0)
        return error_set(err, EX_TEMPFAIL, "not verified: it was not wanted");
    return rv < 0 ? -1 : look_twice(s, report, err);
}

static int
repair(struct sweep *s, const struct options *options, const char *conf_file,
       struct report *report, struct error *err)
{
    report->before = findings_counts(&s->findings);
    if (repair_ask(s->store, &s->findings, &report->asked, err) < 0)
        return -1;
    fprintf(stderr, "%" PRId64 " records are sent through the chain\n",
            report->asked);
    if (report->asked == 0)
        return 0;
    return repair_wait(s->store, s->conf, conf_file, err) < 0
               ? -1
               : sweep_once(s, options, false, report, err);
}

/* ---- the report ---- */

static void
print_json(const struct sweep *s, const struct report *report)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *told = cJSON_CreateObject(), *made = cJSON_CreateObject();

    for (int side = 0; side < SIDE_COUNT; side++) {
        const char *name = side_name((enum side)side);

        cJSON_AddNumberToObject(told, name, (double)report->told[side]);
        cJSON_AddNumberToObject(made, name,
                                (double)sweep_calls(s, (enum side)side));
    }
    cJSON_AddNumberToObject(doc, "links", (double)s->links.n);
    cJSON_AddNumberToObject(doc, "checked", (double)s->n_checked);
    cJSON_AddItemToObject(doc, "findings", findings_json(&s->findings));
    cJSON_AddItemToObject(doc, "counts", findings_counts(&s->findings));
    cJSON_AddItemToObject(doc, "api_calls_told", told);
    cJSON_AddItemToObject(doc, "api_calls", made);
    if (report->before != NULL) {
        cJSON_AddNumberToObject(doc, "asked", (double)report->asked);
        cJSON_AddItemReferenceToObject(doc, "counts_before", report->before);
    }
    cJSON_AddBoolToObject(doc, "ok", s->findings.n == 0);
    summary_print_json(stdout, doc);
    cJSON_Delete(doc);
}

static void
print_counts(const cJSON *counts)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, counts)
        printf("%s%s %.0f", item == counts->child ? "" : ", ", item->string,
               item->valuedouble);
    printf("\n");
}

static void
print_people(const struct sweep *s, const struct report *report)
{
    cJSON *counts = findings_counts(&s->findings);

    findings_print(stdout, &s->findings);
    if (report->before != NULL) {
        printf("before the repair: ");
        print_counts(report->before);
    }
    printf("%zu of %zu links checked, with %" PRId64 " HubSpot and %" PRId64
           " Salesforce calls: ",
           s->n_checked, s->links.n, sweep_calls(s, SIDE_HUBSPOT),
           sweep_calls(s, SIDE_SALESFORCE));
    if (s->findings.n == 0)
        printf("both sides are equal");
    print_counts(counts);
    cJSON_Delete(counts);
}

/* ---- the command ---- */

static int
run(const struct tool *tool, const struct conf *conf, struct store *store,
    const struct options *options)
{
    struct report report = {.asked = -1};
    struct sweep s;
    struct error err;
    int rv = sweep_open(&s, conf, store, &options->kinds, &err);

    if (rv == 0)
        rv = sweep_once(&s, options, true, &report, &err);
    if (rv == 0 && options->repair && s.findings.n > 0)
        rv = repair(&s, options, tool->conf, &report, &err);
    if (rv < 0)
        rv = tool_fail(tool, &err);
    else {
        if (options->json)
            print_json(&s, &report);
        else
            print_people(&s, &report);
        rv = fflush(stdout) != 0 ? EX_IOERR : s.findings.n > 0;
    }
    cJSON_Delete(report.before);
    sweep_close(&s);
    return rv;
}

static bool
is_kind(const char *name)
{
    return kind_parse(name, strlen(name)) != KIND_NONE ||
           activity_parse(name, strlen(name)) != ACTIVITY_NONE;
}

/* --kind may come several times, which a flag of the common kind may not.
 * false: wrong usage. */
static bool
take_kinds(int *argc, char **argv, struct options *o)
{
    size_t max = sizeof(o->names) / sizeof(o->names[0]);
    int n = 1;

    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--kind") != 0) {
            argv[n++] = argv[i];
            continue;
        }
        if (i + 1 == *argc || !is_kind(argv[i + 1]) || o->kinds.n == max)
            return false;
        o->names[o->kinds.n++] = argv[++i];
    }
    o->kinds.names = o->names;
    *argc = n;
    return true;
}

static int
open_state(const struct conf *conf, struct store **store, struct error *err)
{
    char url[PATH_MAX + 16];

    if (!tool_state_url(conf, url, sizeof(url)))
        return error_set(err, EX_NOINPUT,
                         "there is no state yet: nothing was synced");
    return store_open(url, STORE_WRITE, store, err);
}

int
main(int argc, char **argv)
{
    struct options options = {0};
    struct tool tool = {.name = "verify",
                        .usage = usage,
                        .flags = {{"--repair", NULL, &options.repair},
                                  {"--yes", NULL, &options.yes},
                                  {"--json", NULL, &options.json}}};
    enum log_level level;
    struct store *store;
    struct conf *conf;
    struct error err;
    int code;

    if (!take_kinds(&argc, argv, &options))
        return tool_misuse(&tool, "--kind: not one of the kinds");
    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words > 0)
        return tool_misuse(&tool, "unknown argument: %s", tool.words[0]);
    log_name("verify");
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    if (log_level_parse(conf_str(conf, "log", "level"), &level) == 0)
        log_set_level(level);
    if (open_state(conf, &store, &err) < 0) {
        conf_free(conf);
        return tool_fail(&tool, &err);
    }
    code = run(&tool, conf, store, &options);
    store_close(store);
    conf_free(conf);
    return code;
}
