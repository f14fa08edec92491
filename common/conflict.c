/* conflict: see conflict.h. */
#include "common/conflict.h"

#include "common/json.h"
#include "common/mapping.h"
#include "common/shown.h"
#include "common/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define INDENT    "       " /* as wide as a number */
#define VALUE_MIN 12

/* "call" of "hubspot:call:512". */
static void
type_of(const char *key, char *buf, size_t size)
{
    const char *type = strchr(key, ':');

    type = type != NULL ? type + 1 : "";
    snprintf(buf, size, "%.*s", (int)strcspn(type, ":"), type);
}

cJSON *
conflict_json(const struct store_conflict *c, const char *target)
{
    enum side kept = strcmp(c->kept_side, side_name(SIDE_HUBSPOT)) == 0
                         ? SIDE_HUBSPOT
                         : SIDE_SALESFORCE;
    cJSON *row = cJSON_CreateObject();
    char kind[32];

    type_of(c->key, kind, sizeof(kind));
    cJSON_AddNumberToObject(row, "number", (double)c->number);
    cJSON_AddNumberToObject(row, "at", (double)c->at);
    cJSON_AddStringToObject(row, "kind", kind);
    cJSON_AddStringToObject(row, "key", c->key);
    cJSON_AddStringToObject(row, "target", target);
    cJSON_AddBoolToObject(row, "is_linked", target[0] != '\0');
    cJSON_AddStringToObject(row, "property", c->property);
    cJSON_AddStringToObject(row, "kept", c->kept);
    cJSON_AddStringToObject(row, "kept_side", side_name(kept));
    cJSON_AddStringToObject(row, "lost", c->lost);
    cJSON_AddStringToObject(row, "lost_side", side_name(side_other(kept)));
    cJSON_AddNumberToObject(row, "flipped_at", (double)c->flipped_at);
    return row;
}

static const char *
text_of(const cJSON *conflict, const char *name)
{
    const char *s = json_str(conflict, name);

    return s != NULL ? s : "";
}

static void
put_time(const cJSON *conflict, const char *name, struct text *out)
{
    time_t at = (time_t)(summary_number(conflict, name) / 1000);
    struct tm tm;
    char when[32];

    gmtime_r(&at, &tm);
    strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%SZ", &tm);
    text_puts(out, when);
}

static const char *
service(const cJSON *conflict, const char *name)
{
    return strcmp(text_of(conflict, name), "hubspot") == 0 ? "HubSpot"
                                                           : "Salesforce";
}

static void
put_records(const cJSON *conflict, struct text *out)
{
    shown_record(out, text_of(conflict, "key"));
    if (text_of(conflict, "target")[0] == '\0') {
        text_puts(out, " (not linked any more)");
        return;
    }
    text_puts(out, " = ");
    shown_record(out, text_of(conflict, "target"));
}

static void
put_side(const cJSON *conflict, const char *verb, const char *side,
         const char *value, size_t max, struct text *out)
{
    text_printf(out, "%s %s's ", verb, service(conflict, side));
    shown_quoted(out, text_of(conflict, value), max);
}

void
conflict_line(const cJSON *conflict, size_t width, struct text *out)
{
    const char *property = text_of(conflict, "property");
    size_t other = strlen(INDENT) + strlen(property) +
                   strlen(": kept Salesforce's \"\", lost HubSpot's \"\"");
    size_t max = width > other ? (width - other) / 2 : 0;

    if (max < VALUE_MIN)
        max = VALUE_MIN;
    text_printf(out, "%5" PRId64 "  ", summary_number(conflict, "number"));
    put_time(conflict, "at", out);
    text_puts(out, "  ");
    put_records(conflict, out);
    text_puts(out, "\n" INDENT);
    shown_put(out, property, strlen(property));
    text_puts(out, property[0] != '\0' ? ": " : "the whole record: ");
    put_side(conflict, "kept", "kept_side", "kept", max, out);
    put_side(conflict, ", lost", "lost_side", "lost", max, out);
    if (summary_number(conflict, "flipped_at") != 0) {
        text_puts(out, "\n" INDENT "flipped ");
        put_time(conflict, "flipped_at", out);
        text_printf(out, ": %s's stands", service(conflict, "lost_side"));
    }
    text_putc(out, '\n');
}

static void
put_whole(const cJSON *conflict, const char *verb, const char *side,
          const char *value, struct text *out)
{
    text_printf(out, "  %s, %s's:\n", verb, service(conflict, side));
    if (text_of(conflict, value)[0] == '\0')
        text_puts(out, "    (empty)\n");
    else
        shown_lines(out, text_of(conflict, value), "    ");
}

void
conflict_whole(const cJSON *conflict, struct text *out)
{
    const char *property = text_of(conflict, "property");
    int64_t number = summary_number(conflict, "number");
    bool is_flipped = summary_number(conflict, "flipped_at") != 0;

    text_printf(out, "conflict %" PRId64 ", ", number);
    put_time(conflict, "at", out);
    text_puts(out, "\n  ");
    put_records(conflict, out);
    text_puts(out, "\n  ");
    if (property[0] != '\0')
        shown_put(out, property, strlen(property));
    else
        text_puts(out, "the whole record");
    text_putc(out, '\n');
    put_whole(conflict, "kept", "kept_side", "kept", out);
    put_whole(conflict, "lost", "lost_side", "lost", out);
    if (is_flipped) {
        text_puts(out, "  flipped ");
        put_time(conflict, "flipped_at", out);
        text_printf(out, ": %s's stands now\n", service(conflict, "lost_side"));
    }
    text_printf(out, "  To take %s's: ./run.sh conflicts flip %" PRId64 "\n",
                service(conflict, is_flipped ? "kept_side" : "lost_side"),
                number);
}
