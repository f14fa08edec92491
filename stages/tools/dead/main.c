/* dead: the dead letters: events that were given up, kept whole. */
#include "common/json.h"
#include "common/store.h"
#include "common/summary.h"
#include "common/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] =
    "usage: dead [list | show N | retry | drop] [N...] [--kind K] [--reason "
    "R]\n"
    "            [--id ID] [--all] [--json] [--conf FILE]\n"
    "  list   what was given up, and why (all, or what fits)\n"
    "  show   one letter with its whole event\n"
    "  retry  sends what fits through the chain again\n"
    "  drop   takes what fits away for good\n"
    "retry and drop want numbers, a filter, or --all.\n";

struct request {
    const char *verb;
    struct store_dead_filter filter;
    int64_t numbers[TOOL_WORDS_MAX];
    int n_numbers;
    bool all, json;
};

static cJSON *
letter_json(const struct store_dead *d, bool with_event)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddNumberToObject(o, "number", (double)d->number);
    cJSON_AddStringToObject(o, "id", d->id);
    cJSON_AddStringToObject(o, "key", d->key);
    cJSON_AddStringToObject(o, "kind", d->kind);
    cJSON_AddStringToObject(o, "stage", d->stage);
    cJSON_AddStringToObject(o, "reason", d->reason);
    cJSON_AddStringToObject(o, "detail", d->detail);
    cJSON_AddNumberToObject(o, "tries", (double)d->tries);
    cJSON_AddNumberToObject(o, "at", (double)d->at);
    cJSON_AddBoolToObject(o, "is_retrying", d->is_retrying);
    if (with_event && d->event.data != NULL)
        cJSON_AddItemToObject(o, "event", json_from_mp(d->event));
    return o;
}

struct collecting {
    cJSON *letters;
    bool with_event;
};

static int
collect(void *ctx, const struct store_dead *d)
{
    struct collecting *c = ctx;

    cJSON_AddItemToArray(c->letters, letter_json(d, c->with_event));
    return 0;
}

static void
print_letter(const cJSON *letter)
{
    time_t at = (time_t)(summary_number(letter, "at") / 1000);
    struct tm tm;
    char when[32];

    gmtime_r(&at, &tm);
    strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%SZ", &tm);
    printf("%5" PRId64 "  %s  %-22s %s\n       %s%s%s%s\n",
           summary_number(letter, "number"), when, json_str(letter, "kind"),
           json_str(letter, "id"), json_str(letter, "reason"),
           json_str(letter, "detail")[0] != '\0' ? ": " : "",
           json_str(letter, "detail"),
           cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(letter, "is_retrying"))
               ? "  (is tried again)"
               : "");
}

static void
print_event(const cJSON *letter)
{
    const cJSON *event = cJSON_GetObjectItemCaseSensitive(letter, "event");
    char *text = event != NULL ? cJSON_Print(event) : NULL;

    printf("       stage %s, %" PRId64 " tries\n", json_str(letter, "stage"),
           summary_number(letter, "tries"));
    if (text != NULL)
        printf("%s\n", text);
    free(text);
}

static void
print_letters(const struct request *r, cJSON *letters)
{
    const cJSON *letter;
    cJSON *doc;

    if (r->json) {
        doc = cJSON_CreateObject();
        cJSON_AddNumberToObject(doc, "count", cJSON_GetArraySize(letters));
        cJSON_AddItemReferenceToObject(doc, "dead", letters);
        summary_print_json(stdout, doc);
        cJSON_Delete(doc);
        return;
    }
    cJSON_ArrayForEach(letter, letters)
    {
        print_letter(letter);
        if (strcmp(r->verb, "show") == 0)
            print_event(letter);
    }
    if (cJSON_GetArraySize(letters) == 0)
        printf("no dead letters\n");
}

/* list and show. */
static int
look(struct store *store, struct request *r, struct error *err)
{
    struct collecting c = {cJSON_CreateArray(), strcmp(r->verb, "show") == 0};
    int rv = 0;

    for (int i = 0; rv == 0 && i < (r->n_numbers > 0 ? r->n_numbers : 1); i++) {
        r->filter.number = r->n_numbers > 0 ? r->numbers[i] : 0;
        if (store != NULL)
            rv = store_dead_each(store, &r->filter, collect, &c, err);
    }
    if (rv == 0 && c.with_event && cJSON_GetArraySize(c.letters) == 0)
        rv = error_set(err, EX_DATAERR, "there is no such dead letter");
    if (rv == 0)
        print_letters(r, c.letters);
    cJSON_Delete(c.letters);
    return rv;
}

/* retry and drop. */
static int
change(struct store *store, struct request *r, struct error *err)
{
    bool is_retry = strcmp(r->verb, "retry") == 0;
    int64_t n = 0;

    for (int i = 0; i < (r->n_numbers > 0 ? r->n_numbers : 1); i++) {
        int did = 0;

        r->filter.number = r->n_numbers > 0 ? r->numbers[i] : 0;
        if (store != NULL)
            did = is_retry ? store_dead_retry(store, &r->filter, err)
                           : store_dead_drop(store, &r->filter, err);
        if (did < 0)
            return -1;
        n += did;
    }
    if (r->json)
        printf("{\"%s\":%" PRId64 "}\n", is_retry ? "retried" : "dropped", n);
    else if (is_retry)
        printf("%" PRId64 " to be tried again: by the running chain, or with "
               "the next sync\n",
               n);
    else
        printf("%" PRId64 " dropped\n", n);
    return 0;
}

static int
run(const struct conf *conf, struct request *r, struct error *err)
{
    bool is_change =
        strcmp(r->verb, "retry") == 0 || strcmp(r->verb, "drop") == 0;
    struct store *store = NULL;
    char url[4200];
    int rv;

    if (tool_state_url(conf, url, sizeof(url)) &&
        store_open(url, is_change ? STORE_WRITE : STORE_READ, &store, err) < 0)
        return -1;
    rv = is_change ? change(store, r, err) : look(store, r, err);
    store_close(store);
    return rv;
}

/* The words behind the verb are numbers. 0, or the exit code. */
static int
read_request(struct tool *tool, struct request *r)
{
    bool narrows;

    r->verb = tool->n_words > 0 ? tool->words[0] : "list";
    for (int i = 1; i < tool->n_words; i++) {
        char *end;

        r->numbers[r->n_numbers] = strtoll(tool->words[i], &end, 10);
        if (*end != '\0' || r->numbers[r->n_numbers++] <= 0)
            return tool_misuse(tool, "%s is no number of a letter",
                               tool->words[i]);
    }
    narrows = r->n_numbers > 0 || r->filter.kind != NULL ||
              r->filter.reason != NULL || r->filter.text != NULL;
    if (strcmp(r->verb, "list") == 0)
        return 0;
    if (strcmp(r->verb, "show") == 0)
        return narrows ? 0 : tool_misuse(tool, "show which letter?");
    if (strcmp(r->verb, "retry") != 0 && strcmp(r->verb, "drop") != 0)
        return tool_misuse(tool, "%s is none of list, show, retry and drop",
                           r->verb);
    return narrows || r->all
               ? 0
               : tool_misuse(tool,
                             "%s which letters? Numbers, a filter, or "
                             "--all",
                             r->verb);
}

int
main(int argc, char **argv)
{
    struct request r = {0};
    struct tool tool = {.name = "dead",
                        .usage = usage,
                        .flags = {{"--kind", &r.filter.kind, NULL},
                                  {"--reason", &r.filter.reason, NULL},
                                  {"--id", &r.filter.text, NULL},
                                  {"--all", NULL, &r.all},
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
