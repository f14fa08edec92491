/* dead: the dead letters: events that were given up, kept whole. */
#include "common/clock.h"
#include "common/json.h"
#include "common/summary.h"
#include "stages/tools/dead/rows.h"
#include "stages/tools/dead/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ASK_OVER 20 /* letters that a filter may drop unasked */

static const char usage[] =
    "usage: dead [list | show | retry | drop] [ID...] [--class C] [--kind K]\n"
    "            [--reason R] [--stage S] [--source hubspot | salesforce]\n"
    "            [--key KEY] [--since DATE | DURATION] [--limit N] [--all]\n"
    "            [--yes] [--json] [--conf FILE]\n"
    "  list   what was given up, why, and what to do about it\n"
    "  show   one letter with its whole event\n"
    "  retry  sends what fits through the chain again\n"
    "  drop   takes what fits away for good; more than 20 by a filter: asks, "
    "or\n"
    "         wants --yes\n"
    "ID is a letter's number, an event's id or a record's key; --key, --id: "
    "the same,\n"
    "or the service's own id. Classes: retryable (may succeed by itself), user "
    "(wants\n"
    "something mended first), never. --since: given up since 2025-01-31, or in "
    "the last\n"
    "2d, 3h. --limit: the first N. retry and drop want an ID, a filter, or "
    "--all.\n";

struct request {
    const char *verb;
    struct rows_filter filter;
    const char *class, *since, *limit;
    int64_t max; /* letters; 0: all */
    bool all, yes, json;
};

static bool
is_verb(const struct request *r, const char *verb)
{
    return strcmp(r->verb, verb) == 0;
}

/* ---- list and show ---- */

static void
print(struct text *t)
{
    fwrite(t->data, 1, t->len, stdout);
    text_fini(t);
}

/* `n`: with those that --limit has cut off. */
static void
print_json(cJSON *rows, int n, cJSON *groups)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddNumberToObject(doc, "count", n);
    cJSON_AddItemReferenceToObject(doc, "dead", rows);
    cJSON_AddItemReferenceToObject(doc, "groups", groups);
    summary_print_json(stdout, doc);
    cJSON_Delete(doc);
}

static void
print_words(const struct request *r, const cJSON *rows, int n,
            const cJSON *groups)
{
    bool is_list = is_verb(r, "list");
    const cJSON *item;
    struct text t;

    if (n == 0) {
        printf("no dead letters\n");
        return;
    }
    text_init(&t);
    if (is_list)
        words_head(&t);
    cJSON_ArrayForEach(item, rows)
    {
        (is_list ? words_row : words_whole)(item, &t);
    }
    if (cJSON_GetArraySize(rows) < n)
        text_printf(&t, "%d more\n", n - cJSON_GetArraySize(rows));
    if (is_list)
        text_putc(&t, '\n');
    if (is_list)
        cJSON_ArrayForEach(item, groups) words_group(item, &t);
    print(&t);
}

static int
look(const struct request *r, cJSON *rows, struct error *err)
{
    int n = cJSON_GetArraySize(rows);
    cJSON *groups;

    if (n == 0 && is_verb(r, "show"))
        return error_set(err, EX_DATAERR, "there is no such dead letter");
    groups = rows_groups(rows);
    if (r->max > 0)
        rows_cut(rows, r->max);
    if (r->json)
        print_json(rows, n, groups);
    else
        print_words(r, rows, n, groups);
    cJSON_Delete(groups);
    return 0;
}

/* ---- retry and drop ---- */

/* What is dropped is gone: ask a person, if there is one. 0: go on. */
static int
may_drop(const struct request *r, int n, struct error *err)
{
    if (r->yes || r->filter.n_words > 0 || n <= ASK_OVER)
        return 0;
    if (!tool_can_ask())
        return error_set(err, EX_USAGE,
                         "that would drop %d letters for good: say --yes, or "
                         "look with list first",
                         n);
    fprintf(stderr, "Drop %d letters for good (y/n)? ", n);
    if (tool_hears_yes())
        return 0;
    return error_set(err, EX_USAGE, "nothing was dropped");
}

/* All or none. How many, or -1. */
static int
change_all(struct store *store, bool is_retry, const cJSON *rows,
           struct error *err)
{
    const cJSON *row;
    int n = 0, did;

    if (store_begin(store, err) < 0)
        return -1;
    cJSON_ArrayForEach(row, rows)
    {
        int64_t number = summary_number(row, "number");

        did = is_retry ? store_dead_retry(store, number, err)
                       : store_dead_drop(store, number, err);
        if (did < 0) {
            store_rollback(store);
            return -1;
        }
        n += did;
    }
    if (store_commit(store, err) == 0)
        return n;
    store_rollback(store);
    return -1;
}

static int
change(struct store *store, const struct request *r, cJSON *rows,
       struct error *err)
{
    bool is_retry = is_verb(r, "retry");
    int n = 0;

    if (r->max > 0)
        rows_cut(rows, r->max);
    if (!is_retry && may_drop(r, cJSON_GetArraySize(rows), err) < 0)
        return -1;
    if (store != NULL)
        n = change_all(store, is_retry, rows, err);
    if (n < 0)
        return -1;
    if (r->json)
        printf("{\"%s\":%d}\n", is_retry ? "retried" : "dropped", n);
    else if (is_retry)
        printf("%d to be tried again: by the running chain, or with the next "
               "sync\n",
               n);
    else
        printf("%d dropped\n", n);
    return 0;
}

/* ---- the command ---- */

static int
run(const struct conf *conf, const struct request *r, struct error *err)
{
    bool is_change = is_verb(r, "retry") || is_verb(r, "drop");
    struct store *store = NULL;
    char url[4200];
    cJSON *rows;
    int rv = -1;

    if (tool_state_url(conf, url, sizeof(url)) &&
        store_open(url, is_change ? STORE_WRITE : STORE_READ, &store, err) < 0)
        return -1;
    rows = rows_read(store, &r->filter, is_verb(r, "show"), err);
    if (rows != NULL)
        rv = is_change ? change(store, r, rows, err) : look(r, rows, err);
    cJSON_Delete(rows);
    store_close(store);
    return rv;
}

/* A date, or how long ago. false: it is neither. */
static bool
read_since(const char *word, int64_t *since)
{
    int64_t ms;

    if (tool_date(word, since))
        return true;
    if (conf_duration(word, &ms) < 0)
        return false;
    *since = clock_now_ms() - ms;
    return true;
}

/* The values of the flags. 0, or the exit code. */
static int
read_flags(const struct tool *tool, struct request *r)
{
    const char *source = r->filter.in_store.source;

    r->filter.class =
        r->class != NULL ? dead_class_parse(r->class) : DEAD_CLASSES;
    if (r->class != NULL && r->filter.class == DEAD_CLASSES)
        return tool_misuse(tool, "--class is retryable, user or never, not %s",
                           r->class);
    if (source != NULL && strcmp(source, "hubspot") != 0 &&
        strcmp(source, "salesforce") != 0)
        return tool_misuse(tool, "--source is hubspot or salesforce, not %s",
                           source);
    if (r->since != NULL && !read_since(r->since, &r->filter.in_store.since))
        return tool_misuse(tool, "--since: %s is neither 2025-01-31 nor 2d",
                           r->since);
    if (r->limit != NULL && !tool_number(r->limit, &r->max))
        return tool_misuse(tool, "--limit: %s is no number above 0", r->limit);
    return 0;
}

/* 0, or the exit code. */
static int
read_request(const struct tool *tool, struct request *r)
{
    static const char *const verbs[] = {"list", "show", "retry", "drop", NULL};
    const struct store_dead_filter *f = &r->filter.in_store;
    int code;

    r->verb = tool_verb(tool, verbs);
    if (r->verb == NULL)
        return EX_USAGE;
    code = read_flags(tool, r);
    if (code != 0)
        return code;
    if (tool->n_words > 1 && f->text != NULL)
        return tool_misuse(tool, "an ID or --key, not both");
    if (tool->n_words > 1) {
        r->filter.words = tool->words + 1;
        r->filter.n_words = tool->n_words - 1;
    }
    if (is_verb(r, "list") || r->all || r->filter.n_words > 0 ||
        r->class != NULL || f->since != 0 || f->kind != NULL ||
        f->reason != NULL || f->stage != NULL || f->source != NULL ||
        f->text != NULL)
        return 0;
    return tool_misuse(tool, "%s which letters? Their IDs, a filter, or --all",
                       r->verb);
}

int
main(int argc, char **argv)
{
    struct request r = {0};
    struct store_dead_filter *f = &r.filter.in_store;
    struct tool tool = {.name = "dead",
                        .usage = usage,
                        .flags = {{"--class", &r.class, NULL},
                                  {"--kind", &f->kind, NULL},
                                  {"--reason", &f->reason, NULL},
                                  {"--stage", &f->stage, NULL},
                                  {"--source", &f->source, NULL},
                                  {"--key", &f->text, NULL},
                                  {"--id", &f->text, NULL},
                                  {"--since", &r.since, NULL},
                                  {"--limit", &r.limit, NULL},
                                  {"--all", NULL, &r.all},
                                  {"--yes", NULL, &r.yes},
                                  {"--json", NULL, &r.json}}};
    struct conf *conf;
    struct error err;
    int code, rv;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    code = read_request(&tool, &r);
    if (code != 0)
        return code;
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    rv = run(conf, &r, &err);
    conf_free(conf);
    return rv < 0 ? tool_fail(&tool, &err) : EX_OK;
}
