/* conflicts: both values of each conflict of activity sync; take the other one
 * later. */
#include "common/conflict.h"
#include "common/json.h"
#include "common/summary.h"
#include "stages/tools/conflicts/flip.h"
#include "stages/tools/conflicts/rows.h"
#include "stages/tools/conflicts/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH 100 /* where it is not known */

static const char usage[] =
    "usage: conflicts [list | show N... | flip N...] [--key ID] [--kind K]\n"
    "                 [--json] [--conf FILE]\n"
    "  list   values that both sides had changed: which was kept, which was "
    "lost\n"
    "  show   these, with their whole values\n"
    "  flip   takes the value that was lost, on both sides; once more: the "
    "one\n"
    "         that was kept. Exit 1: it was changed since, nothing is written\n"
    "--key, --id: a key or an id of either record. --kind: task, email, call, "
    "meeting.\n";

struct request {
    const char *verb;
    struct rows_filter filter;
    bool json;
};

static size_t
width(void)
{
    struct winsize w;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col
                                                                     : WIDTH;
}

static void
print(struct text *t)
{
    fwrite(t->data, 1, t->len, stdout);
    text_fini(t);
}

static void
print_json(const char *name, int64_t n, cJSON *rows)
{
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddNumberToObject(doc, name, (double)n);
    cJSON_AddItemReferenceToObject(doc, "conflicts", rows);
    summary_print_json(stdout, doc);
    cJSON_Delete(doc);
}

static void
look(const struct request *r, cJSON *rows)
{
    const cJSON *row;

    if (r->json) {
        print_json("count", cJSON_GetArraySize(rows), rows);
        return;
    }
    cJSON_ArrayForEach(row, rows)
    {
        struct text t;

        text_init(&t);
        if (strcmp(r->verb, "show") == 0)
            conflict_whole(row, &t);
        else
            conflict_line(row, width(), &t);
        print(&t);
    }
    if (cJSON_GetArraySize(rows) == 0)
        printf("no conflicts\n");
}

static void
print_flip(const cJSON *row)
{
    const char *detail = json_str(row, "detail");
    bool is_ok = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "ok"));
    struct text t;

    text_init(&t);
    text_printf(&t, "conflict %" PRId64 ": ", summary_number(row, "number"));
    if (is_ok)
        text_puts(&t, summary_number(row, "flipped_at") != 0
                          ? "flipped back: both sides have the kept value"
                          : "flipped: both sides have the value that was lost");
    else
        text_printf(&t, "not flipped: %s",
                    words_refusal(json_str(row, "reason")));
    if (!is_ok && detail[0] != '\0')
        text_printf(&t, " (%s)", detail);
    text_putc(&t, '\n');
    print(&t);
}

/* 0, 1: not all were flipped, -1. */
static int
flip(const struct conf *conf, struct store *store, const struct request *r,
     cJSON *rows, struct error *err)
{
    int64_t n = 0;
    const cJSON *row;

    if (flip_all(conf, store, rows, err) < 0)
        return -1;
    cJSON_ArrayForEach(row, rows)
    {
        n += cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "ok"));
        if (!r->json)
            print_flip(row);
    }
    if (r->json)
        print_json("flipped", n, rows);
    return n < cJSON_GetArraySize(rows);
}

/* Is there one of each number? The exit code. */
static int
check_numbers(const struct request *r, const cJSON *rows)
{
    int code = EX_OK;

    for (int i = 0; i < r->filter.n_numbers; i++)
        if (rows_find(rows, r->filter.numbers[i]) == NULL) {
            fprintf(stderr, "conflicts: there is no conflict %" PRId64 "%s\n",
                    r->filter.numbers[i],
                    r->filter.kind != NULL || r->filter.id != NULL
                        ? " of that kind or key"
                        : "");
            code = 1;
        }
    return code;
}

/* The exit code, or -1. */
static int
run(const struct conf *conf, const struct request *r, struct error *err)
{
    struct store *store = NULL;
    char url[4200];
    cJSON *rows;
    int code;

    if (tool_state_url(conf, url, sizeof(url)) &&
        store_open(url, STORE_READ, &store, err) < 0)
        return -1;
    rows = rows_read(store, &r->filter, err);
    code = rows != NULL ? check_numbers(r, rows) : -1;
    if (code == EX_OK && strcmp(r->verb, "flip") == 0)
        code = flip(conf, store, r, rows, err);
    else if (code == EX_OK)
        look(r, rows);
    cJSON_Delete(rows);
    store_close(store);
    return code;
}

/* The words behind the verb are numbers. 0, or the exit code. */
static int
read_request(const struct tool *tool, struct request *r)
{
    static const char *const verbs[] = {"list", "show", "flip", NULL};

    r->verb = tool_verb(tool, verbs);
    if (r->verb == NULL)
        return EX_USAGE;
    for (int i = 1; i < tool->n_words; i++)
        if (!tool_number(tool->words[i],
                         &r->filter.numbers[r->filter.n_numbers++]))
            return tool_misuse(tool, "%s is no number of a conflict",
                               tool->words[i]);
    return strcmp(r->verb, "list") == 0 || r->filter.n_numbers > 0
               ? 0
               : tool_misuse(tool, "%s which conflict? Its number", r->verb);
}

int
main(int argc, char **argv)
{
    struct request r = {0};
    struct tool tool = {.name = "conflicts",
                        .usage = usage,
                        .flags = {{"--key", &r.filter.id, NULL},
                                  {"--id", &r.filter.id, NULL},
                                  {"--kind", &r.filter.kind, NULL},
                                  {"--json", NULL, &r.json}}};
    struct conf *conf;
    struct error err;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    code = read_request(&tool, &r);
    if (code != 0)
        return code;
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    code = run(conf, &r, &err);
    conf_free(conf);
    return code < 0 ? tool_fail(&tool, &err) : code;
}
