/* deletes: deletions that are held back because they were too many at once. */
#include "common/clock.h"
#include "common/json.h"
#include "common/store.h"
#include "common/summary.h"
#include "common/timetext.h"
#include "common/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: deletes [show | allow | forget] [--json] [--conf FILE]\n"
    "When many records were deleted at once on one side, nothing is deleted on "
    "the\n"
    "other until a person has decided.\n"
    "  show    what is held back: the record that is gone, and the one that "
    "would be\n"
    "          deleted\n"
    "  allow   lets what is held now go, with the next poll or sync\n"
    "  forget  ends it: the other records stay\n";

static int
collect(void *ctx, const struct store_deletion *d)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "record", d->key);
    cJSON_AddStringToObject(o, "other", d->other);
    cJSON_AddStringToObject(o, "kind", d->kind);
    cJSON_AddNumberToObject(o, "found_at", (double)d->found_at);
    cJSON_AddItemToArray(ctx, o);
    return 0;
}

static void
print_rows(const cJSON *rows)
{
    char when[TIMETEXT_SIZE];
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        printf("%s  %-8s %-40s is gone: would delete %s\n",
               timetext_plain(summary_number(row, "found_at"), when),
               json_str(row, "kind"), json_str(row, "record"),
               json_str(row, "other"));
    }
    if (cJSON_GetArraySize(rows) == 0)
        printf("no deletions are held back\n");
    else
        printf("%d held back: deletes allow lets them go, deletes forget ends "
               "them\n",
               cJSON_GetArraySize(rows));
}

static int
show(struct store *store, bool json, struct error *err)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *rows = cJSON_CreateArray();
    int rv = store != NULL ? store_deletion_each(store, NULL, STORE_HELD,
                                                 collect, rows, err)
                           : 0;

    cJSON_AddNumberToObject(doc, "count", cJSON_GetArraySize(rows));
    cJSON_AddItemToObject(doc, "held", rows);
    if (rv == 0 && json)
        summary_print_json(stdout, doc);
    else if (rv == 0)
        print_rows(rows);
    cJSON_Delete(doc);
    return rv;
}

/* The fetchers find it in the state, whether they run now or later. */
static int
decide(struct store *store, const char *verdict, bool json, struct error *err)
{
    bool is_allowed = strcmp(verdict, STORE_ALLOWED) == 0;
    int n = store != NULL ? store_deletion_judge(store, NULL, STORE_HELD,
                                                 verdict, clock_now_ms(), err)
                          : 0;

    if (n < 0)
        return -1;
    if (json)
        printf("{\"%s\":%d}\n", verdict, n);
    else
        printf("%d %s: %s by the running chain, or with the next sync\n", n,
               verdict,
               is_allowed ? "deleted on the other side"
                          : "noted, and nothing is deleted,");
    return 0;
}

static int
run(const struct conf *conf, const char *verb, bool json, struct error *err)
{
    bool shows = strcmp(verb, "show") == 0;
    struct store *store = NULL;
    char url[4200];
    int rv;

    if (tool_state_url(conf, url, sizeof(url)) &&
        store_open(url, STORE_WRITE, &store, err) < 0)
        return -1;
    if (shows)
        rv = show(store, json, err);
    else
        rv = decide(
            store, strcmp(verb, "allow") == 0 ? STORE_ALLOWED : STORE_FORGOTTEN,
            json, err);
    store_close(store);
    return rv;
}

int
main(int argc, char **argv)
{
    static const char *const verbs[] = {"show", "allow", "forget", NULL};
    bool json = false;
    struct tool tool = {
        .name = "deletes", .usage = usage, .flags = {{"--json", NULL, &json}}};
    struct conf *conf;
    struct error err;
    const char *verb;
    int code, rv;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    verb = tool_verb(&tool, verbs);
    if (verb == NULL)
        return EX_USAGE;
    if (tool.n_words > 1)
        return tool_misuse(&tool, "unknown argument: %s", tool.words[1]);
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    rv = run(conf, verb, json, &err);
    conf_free(conf);
    return rv < 0 ? tool_fail(&tool, &err) : EX_OK;
}
