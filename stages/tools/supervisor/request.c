/* request: see request.h. */
#include "stages/tools/supervisor/request.h"

#include "common/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Kinds of the timeline that are records, not moments. */
static const struct {
    enum kind kind;
    const char *type; /* in HubSpot */
} records[] = {{KIND_TASK, "task"},
               {KIND_SALES_EMAIL_SENT, "email"},
               {KIND_CALL, "call"},
               {KIND_MEETING, "meeting"},
               {KIND_NOTE, "note"}};
#define N_RECORDS (sizeof(records) / sizeof(records[0]))

static bool
is_kept_equal(const struct conf *conf, enum activity a)
{
    return a != ACTIVITY_NONE && conf_bool(conf, conf_activity(a), "sync");
}

/* Why a kind of the timeline cannot be imported. */
static int
refuse_moments(enum kind kind, struct error *err)
{
    bool has_lookback = kind == KIND_FORM_SUBMISSION ||
                        kind == KIND_MARKETING_EMAIL_SENT ||
                        kind == KIND_MARKETING_EMAIL_OPENED ||
                        kind == KIND_MARKETING_EMAIL_CLICKED;

    return error_set(
        err, EX_USAGE,
        has_lookback
            ? "%s is not imported: what there is of it comes by itself when a "
              "contact's sync begins, as far back as [timeline.%s] lookback "
              "says"
            : "%s is not imported: these are moments that HubSpot tells of "
              "while they happen ([timeline.%s]), not records",
        kind_name(kind), kind_name(kind));
}

static int
of_timeline(const struct conf *conf, enum kind kind, const char **type,
            struct error *err)
{
    for (size_t i = 0; i < N_RECORDS; i++) {
        if (records[i].kind != kind)
            continue;
        *type = records[i].type;
        if (is_kept_equal(conf, activity_parse(*type, strlen(*type))))
            return error_set(err, EX_USAGE,
                             "[activity.%s] is on and stands in for %s: ask "
                             "for --kind %s",
                             *type, kind_name(kind), *type);
        if (conf_bool(conf, conf_timeline(kind), "sync"))
            return 0;
        return error_set(err, EX_CONFIG,
                         "%s is switched off: [timeline.%s] sync = on, first",
                         kind_name(kind), kind_name(kind));
    }
    return refuse_moments(kind, err);
}

/* What the fetcher of that side reads for a kind. */
static int
type_of(const struct conf *conf, const char *from, const char *name,
        const char **type, struct error *err)
{
    enum activity a = activity_parse(name, strlen(name));
    enum kind kind = kind_parse(name, strlen(name));

    if (a == ACTIVITY_NONE && kind == KIND_NONE)
        return error_set(err, EX_USAGE,
                         "there is no kind \"%s\" to import; there are task, "
                         "email, call, meeting, and of the timeline "
                         "sales_email_sent and note",
                         name);
    if (is_kept_equal(conf, a)) {
        *type = activity_facts(a)->name;
        return 0;
    }
    if (strcmp(from, "hubspot") == 0 && kind != KIND_NONE)
        return of_timeline(conf, kind, type, err);
    if (a == ACTIVITY_NONE)
        return error_set(err, EX_USAGE,
                         "%s does not come from Salesforce: only task, email, "
                         "call and meeting do",
                         name);
    return error_set(err, EX_CONFIG, "[activity.%s] sync is off%s", name,
                     kind == KIND_NONE
                         ? "; as Tasks of the timeline e-mails are --kind "
                           "sales_email_sent"
                         : ": from Salesforce only what is kept equal on both "
                           "sides comes");
}

static void
add_type(struct request *r, const char *type)
{
    size_t n = strlen(r->types), len = strlen(type);

    for (const char *at = r->types; (at = strstr(at, type)) != NULL; at += len)
        if ((at == r->types || at[-1] == ',') &&
            (at[len] == ',' || at[len] == '\0'))
            return;
    snprintf(r->types + n, sizeof(r->types) - n, "%s%s", n > 0 ? "," : "",
             type);
}

static int
read_kinds(const struct conf *conf, const char *const *kinds, int n,
           struct request *out, struct error *err)
{
    const char *type;
    struct error off;

    for (int i = 0; i < n; i++) {
        if (type_of(conf, out->from, kinds[i], &type, err) < 0)
            return -1;
        add_type(out, type);
    }
    for (size_t i = 0; n == 0 && i < N_RECORDS; i++)
        if (type_of(conf, out->from, records[i].type, &type, &off) == 0 ||
            type_of(conf, out->from, kind_name(records[i].kind), &type, &off) ==
                0)
            add_type(out, type);
    if (out->types[0] == '\0')
        return error_set(err, EX_CONFIG,
                         "no kind is switched on that could be imported from "
                         "%s",
                         out->from);
    return 0;
}

static int
read_since(const char *since, struct request *out, struct error *err)
{
    int64_t ms;

    if (!tool_date(since, &ms))
        return error_set(err, EX_USAGE,
                         "--since is no date: \"%s\"; write 2025-01-31 or "
                         "2025-01-31T08:00:00Z",
                         since);
    snprintf(out->since, sizeof(out->since), "%" PRId64, ms);
    return 0;
}

int
request_read(const struct conf *conf, const char *const *kinds, int n,
             const char *since, const char *from, struct request *out,
             struct error *err)
{
    memset(out, 0, sizeof(*out));
    out->from = from != NULL ? from : "hubspot";
    if (strcmp(out->from, "hubspot") != 0 &&
        strcmp(out->from, "salesforce") != 0)
        return error_set(err, EX_USAGE,
                         "--from is hubspot or salesforce, not \"%s\"", from);
    if (since != NULL && read_since(since, out, err) < 0)
        return -1;
    return read_kinds(conf, kinds, n, out, err);
}
