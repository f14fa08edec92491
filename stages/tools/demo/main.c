/* demo: a sandbox full of sample data, two passes over it, and a look at what
 * came of it in the sandbox's own store. */
#include "common/json.h"
#include "common/summary.h"
#include "common/tool.h"
#include "stages/tools/demo/both_ways.h"
#include "stages/tools/demo/verify.h"
#include "stages/tools/demo/world.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PASSES_MAX 6

static const char usage[] =
    "usage: demo [--json]\n"
    "Sample data in a sandbox's HubSpot becomes tasks in its Salesforce; then\n"
    "tasks, e-mails, calls and meetings are kept equal on both sides.\n";

static volatile sig_atomic_t is_stopped;

static void
on_signal(int signal_number)
{
    is_stopped = signal_number;
}

static void
say(const char *text)
{
    fprintf(stderr, "\n== %s\n", text);
}

/* One pass; *part are its figures. */
static int
pass_alone(struct world *w, const char *what, cJSON **part, struct error *err)
{
    int code;

    say(what);
    *part = world_sync(w, &code, err);
    if (*part == NULL)
        return error_wrap(err, "the pass has failed");
    if (code == 0)
        return 0;
    error_set(err, code, "the pass has failed: %s",
              json_str(*part, "error") != NULL ? json_str(*part, "error") : "");
    cJSON_Delete(*part);
    return -1;
}

/* One pass; its figures are added to `sum`. */
static int
pass(struct world *w, cJSON *sum, const char *what, struct error *err)
{
    const cJSON *seconds;
    cJSON *part;

    if (pass_alone(w, what, &part, err) < 0)
        return -1;
    summary_add(sum, part);
    seconds = cJSON_GetObjectItemCaseSensitive(part, "seconds");
    cJSON_SetNumberValue(
        cJSON_GetObjectItemCaseSensitive(sum, "seconds"),
        cJSON_GetObjectItemCaseSensitive(sum, "seconds")->valuedouble +
            (seconds != NULL ? seconds->valuedouble : 0));
    cJSON_Delete(part);
    return 0;
}

static int
simulate(struct world *w, struct error *err)
{
    cJSON *answer = world_call(w->hubspot_port, "/__sandbox/simulate",
                               "{\"activities\":60}", err);

    if (answer == NULL)
        return -1;
    cJSON_Delete(answer);
    return 0;
}

/* What a pass brings is read back from both sides. */
static int
look(struct world *w, struct verdict *v, struct error *err)
{
    cJSON *dump =
        world_call(w->salesforce_port, "/__sandbox/dump?type=Task", NULL, err);
    int rv;

    if (dump == NULL)
        return -1;
    rv = verify(w->conf, dump, v, err);
    cJSON_Delete(dump);
    return rv;
}

static void
forget(struct verdict *v)
{
    cJSON_Delete(v->by_kind);
    cJSON_Delete(v->not_come);
    memset(v, 0, sizeof(*v));
}

static bool
agrees(const struct verdict *v, const cJSON *sum)
{
    return v->strange == 0 && v->tasks > 0 &&
           v->writes == summary_number(sum, "written");
}

static int
play(struct world *w, cJSON *sum, struct verdict *v, struct error *err)
{
    if (pass(w, sum,
             "first sync: contacts are tied; forms of a year and "
             "marketing e-mail of 30 days come over",
             err) < 0)
        return -1;
    say("people go on working in HubSpot");
    if (simulate(w, err) < 0 ||
        pass(w, sum, "second sync: what happened since", err) < 0 ||
        look(w, v, err) < 0)
        return -1;
    /* HubSpot's search shows a record only some seconds after its change. */
    for (int i = 2; i < PASSES_MAX && v->n_missing > 0 && is_stopped == 0;
         i++) {
        forget(v);
        sleep(2);
        if (pass(w, sum, "one more sync: some was not in the search index yet",
                 err) < 0 ||
            look(w, v, err) < 0)
            return -1;
    }
    return 0;
}

static void
print_arrivals(const struct verdict *v, const cJSON *sum)
{
    const cJSON *item;

    printf("\nwhat arrived in Salesforce\n");
    cJSON_ArrayForEach(item, v->by_kind)
        printf("  %-26s %6.0f\n", item->string, item->valuedouble);
    printf("\nwhat did not, and why\n");
    cJSON_ArrayForEach(item, v->not_come)
        printf("  %-26s %6" PRId64 "   %s %s\n", json_str(item, "kind"),
               summary_number(item, "n"), json_str(item, "outcome"),
               json_str(item, "reason"));
    printf("\nall passes together\n");
    summary_print(stdout, sum);
}

/* The last word. 0 when all is as it should be. */
static int
judge(const struct verdict *v, const cJSON *sum, struct error *err)
{
    if (!agrees(v, sum))
        return error_set(err, EX_SOFTWARE,
                         "the counts disagree: %" PRId64 " written, Salesforce "
                         "holds %" PRId64 " tasks made by %" PRId64
                         " writes, %" PRId64 " of them unknown to us",
                         summary_number(sum, "written"), v->tasks, v->writes,
                         v->strange);
    if (v->n_missing > 0)
        return error_set(err, EX_SOFTWARE, "nothing was written of%s",
                         v->missing);
    return 0;
}

static void
report(cJSON *sum, struct verdict *v, const cJSON *both_ways, bool ok,
       bool json)
{
    cJSON_AddBoolToObject(sum, "ok", ok);
    cJSON_AddBoolToObject(sum, "dry_run", false);
    cJSON_AddBoolToObject(sum, "verified", ok);
    cJSON_AddNumberToObject(sum, "tasks_in_salesforce", (double)v->tasks);
    if (v->by_kind != NULL)
        cJSON_AddItemReferenceToObject(sum, "by_kind", v->by_kind);
    if (both_ways != NULL)
        cJSON_AddItemToObject(sum, "both_ways",
                              cJSON_Duplicate(both_ways, true));
    if (json) {
        summary_print_json(stdout, sum);
    } else if (v->by_kind != NULL) {
        print_arrivals(v, sum);
        if (ok)
            printf("\nverified: the sandbox's Salesforce holds %" PRId64
                   " tasks from HubSpot; its store agrees with the %" PRId64
                   " writes that crmpipe counted, and every kind is among "
                   "them\n",
                   v->tasks, v->writes);
        if (both_ways != NULL)
            both_ways_print(both_ways);
    }
    fflush(stdout);
}

int
main(int argc, char **argv)
{
    bool json = false;
    struct tool tool = {
        .name = "demo", .usage = usage, .flags = {{"--json", NULL, &json}}};
    struct sigaction act = {.sa_handler = on_signal};
    struct verdict v = {0};
    struct world world;
    struct error err = {0};
    cJSON *sum, *both_ways = NULL;
    int code, rv;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    say("a sandbox with sample data is started");
    if (world_open(&world, &err) < 0)
        return tool_fail(&tool, &err);
    sum = summary_new();
    cJSON_AddNumberToObject(sum, "seconds", 0);
    rv = play(&world, sum, &v, &err);
    if (rv == 0)
        rv = judge(&v, sum, &err);
    if (rv == 0)
        rv = both_ways_play(&world, pass_alone, &both_ways, &err);
    report(sum, &v, both_ways, rv == 0, json);
    world_close(&world);
    forget(&v);
    cJSON_Delete(both_ways);
    cJSON_Delete(sum);
    return rv < 0 ? tool_fail(&tool, &err) : EX_OK;
}
