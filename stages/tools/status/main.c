/* status: does the chain run, and how is it? */
#include "common/clock.h"
#include "common/json.h"
#include "common/summary.h"
#include "common/timetext.h"
#include "common/tool.h"
#include "stages/tools/status/calls.h"
#include "stages/tools/status/gather.h"
#include "stages/tools/status/trouble.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXIT_NOT_RUNNING 3 /* as LSB has it for services */

static const char usage[] = "usage: status [--json] [--conf FILE]\n"
                            "Each stage, the feeds with their last success, "
                            "dead letters, API calls of\n"
                            "today, and what goes wrong for long. Exit 0: the "
                            "chain runs; 3: it does not;\n"
                            "else the state cannot be read.\n";

static void
print_stage(const cJSON *s)
{
    const cJSON *ended = cJSON_GetObjectItemCaseSensitive(s, "ended");
    int64_t pid = summary_number(s, "pid");
    char id[24] = "-";

    if (pid > 0)
        snprintf(id, sizeof(id), "%" PRId64, pid);
    printf("%-20s %-9s %8s %9" PRId64 " %9" PRId64 " %9" PRId64 " %8" PRId64
           " %9" PRId64,
           s->string, json_str(s, "state"), id, summary_number(s, "in"),
           summary_number(s, "out"), summary_total(ended),
           summary_number(s, "in_hand"), summary_number(s, "restarts"));
    if (strcmp(json_str(s, "state"), "failed") == 0)
        printf("   exit code %" PRId64 ": a restart cannot help, see the log",
               summary_number(s, "exit"));
    else if (strcmp(json_str(s, "state"), "waiting") == 0)
        printf("   ended with exit code %" PRId64 ", is started again: see the "
               "log",
               summary_number(s, "exit"));
    else if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(s, "answers")))
        printf("   does not answer");
    if (summary_number(s, "bad") > 0)
        printf("   %" PRId64 " refused that were no events: see the log",
               summary_number(s, "bad"));
    printf("\n");
}

/* "4 s ago"; 0: "never". */
static const char *
age(int64_t at, char *buf, size_t size)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};
    int64_t ms = clock_now_ms() - at;
    size_t i = 0;

    if (at == 0)
        return "never";
    if (ms < 0)
        ms = 0;
    while (i < 3 && ms < 2 * units[i].ms)
        i++;
    snprintf(buf, size, "%" PRId64 " %s ago", ms / units[i].ms, units[i].unit);
    return buf;
}

static void
print_feed(const cJSON *f)
{
    char ago[32], since[TIMETEXT_SIZE];

    printf("%-34s %-8s %-12s %s%s%s\n", json_str(f, "feed"),
           json_str(f, "status"),
           age(summary_number(f, "ok_at"), ago, sizeof(ago)),
           timetext_plain(summary_number(f, "since"), since),
           json_str(f, "detail")[0] != '\0' ? "  " : "", json_str(f, "detail"));
}

/* "in 4 s"; past: "now". */
static const char *
due(int64_t at, char *buf, size_t size)
{
    int64_t s = (at - clock_now_ms() + 999) / 1000;

    if (s <= 0)
        return "now";
    if (s < 120)
        snprintf(buf, size, "in %" PRId64 " s", s);
    else
        snprintf(buf, size, "in %" PRId64 " min", s / 60);
    return buf;
}

/* What a stage waits for; it goes on by itself. */
static void
print_wait(const cJSON *w)
{
    char since[TIMETEXT_SIZE], next[32];

    printf("%s waits for %s since %s, tries again %s: %s\n",
           json_str(w, "stage"), json_str(w, "service"),
           timetext_plain(summary_number(w, "since"), since),
           due(summary_number(w, "next"), next, sizeof(next)),
           json_str(w, "reason"));
}

/* Those whose event waits for room, in all fetchers. */
static int64_t
held_dead(const cJSON *doc)
{
    const cJSON *stage;
    int64_t n = 0;

    cJSON_ArrayForEach(stage, cJSON_GetObjectItemCaseSensitive(doc, "stages"))
    {
        n += summary_number(stage, "held_dead");
    }
    return n;
}

static void
print_dead(const cJSON *doc)
{
    const cJSON *n;

    printf("dead letters %" PRId64, summary_number(doc, "dead"));
    cJSON_ArrayForEach(n,
                       cJSON_GetObjectItemCaseSensitive(doc, "dead_by_class"))
    {
        if (n->valuedouble > 0)
            printf("  %.0f %s", n->valuedouble, n->string);
    }
    printf("\n");
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "dead_full")))
        printf("FULL         no more dead letters than %" PRId64
               " ([delivery] dead_letters_max): %" PRId64
               " events wait\n             until some are dropped, or retried "
               "with success: see ./run.sh dead\n",
               summary_number(doc, "dead_max"), held_dead(doc));
}

static void
print_state(const cJSON *doc)
{
    const cJSON *feeds = cJSON_GetObjectItemCaseSensitive(doc, "feeds");
    const cJSON *item;

    if (cJSON_GetArraySize(feeds) > 0)
        printf("\n%-34s %-8s %-12s %s\n", "feed", "status", "last read",
               "status since");
    cJSON_ArrayForEach(item, feeds) print_feed(item);
    printf("\n");
    print_dead(doc);
    if (summary_number(doc, "held_deletes") > 0)
        printf("held back    %" PRId64 " deletions, too many at once: see "
               "./run.sh deletes\n",
               summary_number(doc, "held_deletes"));
    calls_print(doc);
}

static void
print_all(const cJSON *doc, bool running)
{
    const cJSON *stage, *wait;

    if (!running) {
        printf("not running\n");
    } else {
        printf("running: process %" PRId64 "\n", summary_number(doc, "pid"));
        printf("%-20s %-9s %8s %9s %9s %9s %8s %9s\n", "stage", "state", "pid",
               "in", "out", "ended", "in hand", "restarts");
    }
    cJSON_ArrayForEach(stage, cJSON_GetObjectItemCaseSensitive(doc, "stages"))
        print_stage(stage);
    cJSON_ArrayForEach(wait, cJSON_GetObjectItemCaseSensitive(doc, "waits"))
        print_wait(wait);
    trouble_print(doc);
    print_state(doc);
}

int
main(int argc, char **argv)
{
    bool json = false, running;
    struct tool tool = {
        .name = "status", .usage = usage, .flags = {{"--json", NULL, &json}}};
    struct conf *conf;
    struct error err = {0};
    cJSON *doc;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words > 0)
        return tool_misuse(&tool, "unknown argument: %s", tool.words[0]);
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    doc = gather(conf, &err);
    conf_free(conf);
    running = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "running"));
    if (json)
        summary_print_json(stdout, doc);
    else
        print_all(doc, running);
    cJSON_Delete(doc);
    if (err.code != 0)
        return tool_fail(&tool, &err);
    return running ? EX_OK : EXIT_NOT_RUNNING;
}
