/* status: does the chain run, and how is it? */
#include "common/json.h"
#include "common/summary.h"
#include "common/tool.h"
#include "stages/tools/status/gather.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXIT_NOT_RUNNING 3 /* as LSB has it for services */

static const char usage[] = "usage: status [--json] [--conf FILE]\n"
                            "Each stage, the feeds, dead letters, API calls of "
                            "today. Exit 0: the chain\n"
                            "runs; 3: it does not.\n";

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
    printf("\n");
}

static void
print_state(const cJSON *doc)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(doc, "feeds"))
        printf("feed %-28s %s%s%s\n", json_str(item, "feed"),
               json_str(item, "status"),
               json_str(item, "detail")[0] != '\0' ? ": " : "",
               json_str(item, "detail"));
    printf("dead letters %" PRId64 "\n", summary_number(doc, "dead"));
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(doc, "api_calls"))
        printf("api calls today, %s: %.0f\n", item->string, item->valuedouble);
}

static void
print_all(const cJSON *doc, bool running)
{
    const cJSON *stage;

    if (!running) {
        printf("not running\n");
    } else {
        printf("running: process %" PRId64 "\n", summary_number(doc, "pid"));
        printf("%-20s %-9s %8s %9s %9s %9s %8s %9s\n", "stage", "state", "pid",
               "in", "out", "ended", "in hand", "restarts");
    }
    cJSON_ArrayForEach(stage, cJSON_GetObjectItemCaseSensitive(doc, "stages"))
        print_stage(stage);
    print_state(doc);
}

int
main(int argc, char **argv)
{
    bool json = false, running;
    struct tool tool = {
        .name = "status", .usage = usage, .flags = {{"--json", NULL, &json}}};
    struct conf *conf;
    struct error err;
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
    if (doc == NULL)
        return tool_fail(&tool, &err);
    running = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "running"));
    if (json)
        summary_print_json(stdout, doc);
    else
        print_all(doc, running);
    cJSON_Delete(doc);
    return running ? EX_OK : EXIT_NOT_RUNNING;
}
