/* summary: see summary.h. */
#include "common/summary.h"
#include "common/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (4u * 1024 * 1024)

static const char *const numbers[] = {"fetched",      "skipped",  "written",
                                      "unchanged",    "dead",     "conflicts",
                                      "held_deletes", "held_dead"};
static const char *const maps[] = {"dropped", "api_calls"};

#define N_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

cJSON *
summary_new(void)
{
    cJSON *sum = cJSON_CreateObject();

    for (size_t i = 0; i < N_NUMBERS; i++) {
        if (i == 4)
            cJSON_AddObjectToObject(sum, "dropped");
        cJSON_AddNumberToObject(sum, numbers[i], 0);
    }
    cJSON_AddObjectToObject(sum, "api_calls");
    cJSON_AddArrayToObject(sum, "feeds");
    return sum;
}

static void
add_number(cJSON *object, const char *name, double n)
{
    cJSON *have = cJSON_GetObjectItemCaseSensitive(object, name);

    if (have == NULL)
        cJSON_AddNumberToObject(object, name, n);
    else
        cJSON_SetNumberValue(have, have->valuedouble + n);
}

static void
add_map(cJSON *sum, const cJSON *part, const char *name)
{
    cJSON *to = cJSON_GetObjectItemCaseSensitive(sum, name);
    const cJSON *from = cJSON_GetObjectItemCaseSensitive(part, name);
    const cJSON *item;

    if (!cJSON_IsObject(from))
        return;
    cJSON_ArrayForEach(item, from) if (cJSON_IsNumber(item))
        add_number(to, item->string, item->valuedouble);
}

static void
put_feed(cJSON *feeds, const cJSON *feed)
{
    const char *name = json_str(feed, "feed");
    cJSON *have;

    cJSON_ArrayForEach(have, feeds)
    {
        const char *known = json_str(have, "feed");

        if (name == NULL || known == NULL || strcmp(known, name) != 0)
            continue;
        cJSON_ReplaceItemViaPointer(feeds, have, cJSON_Duplicate(feed, true));
        return;
    }
    cJSON_AddItemToArray(feeds, cJSON_Duplicate(feed, true));
}

void
summary_add(cJSON *sum, const cJSON *part)
{
    cJSON *feeds = cJSON_GetObjectItemCaseSensitive(sum, "feeds");
    const cJSON *item;

    for (size_t i = 0; i < N_NUMBERS; i++) {
        item = cJSON_GetObjectItemCaseSensitive(part, numbers[i]);
        if (cJSON_IsNumber(item))
            add_number(sum, numbers[i], item->valuedouble);
    }
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
        add_map(sum, part, maps[i]);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(part, "feeds"))
        put_feed(feeds, item);
}

void
summary_add_calls(cJSON *sum, const cJSON *part)
{
    add_map(sum, part, "api_calls");
}

int
summary_add_file(cJSON *sum, const char *path, struct error *err)
{
    FILE *f = fopen(path, "re");
    char *text;
    size_t len;
    cJSON *part;

    if (f == NULL)
        return error_set(err, EX_NOINPUT, "%s: %s", path, strerror(errno));
    text = malloc(FILE_MAX);
    if (text == NULL)
        abort();
    len = fread(text, 1, FILE_MAX, f);
    fclose(f);
    part = json_parse(text, len, err);
    free(text);
    if (part == NULL)
        return error_wrap(err, "%s", path);
    summary_add(sum, part);
    cJSON_Delete(part);
    return 0;
}

void
summary_count(cJSON *sum, const char *outcome, const char *reason)
{
    bool is_drop = strcmp(outcome, "dropped") == 0;
    cJSON *map =
        is_drop ? cJSON_GetObjectItemCaseSensitive(sum, "dropped") : sum;
    const char *name = is_drop ? reason : outcome;
    const cJSON *have = cJSON_GetObjectItemCaseSensitive(map, name);

    if (have == NULL || cJSON_IsNumber(have))
        add_number(map, name, 1);
}

void
summary_set(cJSON *sum, const char *name, int64_t n)
{
    cJSON_SetNumberValue(cJSON_GetObjectItemCaseSensitive(sum, name),
                         (double)n);
}

int
summary_write(const cJSON *sum, const char *path, struct error *err)
{
    FILE *f = path != NULL ? fopen(path, "we") : stdout;
    bool ok;

    if (f == NULL)
        return error_set(err, EX_CANTCREAT, "%s cannot be written", path);
    summary_print_json(f, sum);
    ok = fflush(f) == 0;
    if (path != NULL)
        ok = fclose(f) == 0 && ok;
    return ok ? 0 : error_set(err, EX_IOERR, "the summary cannot be written");
}

int64_t
summary_number(const cJSON *sum, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(sum, name);

    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

int64_t
summary_total(const cJSON *map)
{
    const cJSON *item;
    double n = 0;

    cJSON_ArrayForEach(item, map) n +=
        cJSON_IsNumber(item) ? item->valuedouble : 0;
    return (int64_t)n;
}

/* "kind-off 3, no-contact 12" behind a figure. */
static void
print_map(FILE *out, const cJSON *map)
{
    const cJSON *item;
    const char *comma = "   ";

    cJSON_ArrayForEach(item, map)
    {
        fprintf(out, "%s%s %.0f", comma, item->string, item->valuedouble);
        comma = ", ";
    }
}

static void
print_feeds(FILE *out, const cJSON *feeds)
{
    const cJSON *feed;

    cJSON_ArrayForEach(feed, feeds)
    {
        const char *name = json_str(feed, "feed");
        const char *status = json_str(feed, "status");
        const char *detail = json_str(feed, "detail");

        if (name == NULL || status == NULL || strcmp(status, "ok") == 0)
            continue;
        fprintf(out, "feed %s: %s%s%s\n", name, status,
                detail != NULL && detail[0] != '\0' ? ": " : "",
                detail != NULL ? detail : "");
    }
}

void
summary_print(FILE *out, const cJSON *sum)
{
    static const char *const rows[] = {"fetched", "written", "unchanged",
                                       "dropped", "dead",    "conflicts"};
    const cJSON *dropped = cJSON_GetObjectItemCaseSensitive(sum, "dropped");
    const cJSON *seconds = cJSON_GetObjectItemCaseSensitive(sum, "seconds");

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_map = strcmp(rows[i], "dropped") == 0;

        fprintf(out, "%-10s %9" PRId64, rows[i],
                is_map ? summary_total(dropped) : summary_number(sum, rows[i]));
        if (is_map)
            print_map(out, dropped);
        fputc('\n', out);
    }
    fprintf(out, "%-10s %9" PRId64, "api calls",
            summary_total(cJSON_GetObjectItemCaseSensitive(sum, "api_calls")));
    print_map(out, cJSON_GetObjectItemCaseSensitive(sum, "api_calls"));
    fputc('\n', out);
    if (summary_number(sum, "held_deletes") > 0)
        fprintf(out,
                "held back  %9" PRId64 "   deletions, too many at once: see "
                "./run.sh deletes\n",
                summary_number(sum, "held_deletes"));
    if (summary_number(sum, "held_dead") > 0)
        fprintf(out,
                "held back  %9" PRId64 "   events, for the dead letters are "
                "full: see ./run.sh dead\n",
                summary_number(sum, "held_dead"));
    if (cJSON_IsNumber(seconds))
        fprintf(out, "%-10s %9.1f\n", "seconds", seconds->valuedouble);
    print_feeds(out, cJSON_GetObjectItemCaseSensitive(sum, "feeds"));
}

void
summary_print_json(FILE *out, const cJSON *sum)
{
    char *text = cJSON_PrintUnformatted(sum);

    if (text == NULL)
        abort();
    fprintf(out, "%s\n", text);
    free(text);
}
