/* salesforce_query: SOQL to its end over all its pages, texts in SOQL, and the
 * one query that everybody needs: the org's time zone. */
#include "common/chance.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/log.h"
#include "common/paging.h"
#include "common/salesforce_private.h"
#include "common/text.h"
#include "common/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE_MS     50
#define PATH_LEN_MAX 16384 /* what Salesforce takes as a whole */

/* false: the caller wants to end. */
static bool
pause_for(struct salesforce *sf, int64_t ms)
{
    int64_t until = clock_monotonic_ms() + ms;
    struct timespec slice = {0, SLICE_MS * 1000000L};

    while (clock_monotonic_ms() < until) {
        if (sf->breathe != NULL && !sf->breathe(sf->ctx))
            return false;
        nanosleep(&slice, NULL);
    }
    return true;
}

/* A call with tries for what passes by. */
static void
try_call(struct salesforce *sf, const char *path, struct salesforce_answer *out)
{
    for (int tries = 1;; tries++) {
        salesforce_call(sf, "GET", path, NULL, out);
        sf->rest_ms = out->end == SALESFORCE_PAUSE && out->status > 0
                          ? BACKOFF_SPENT_MS
                          : out->retry_after_ms;
        if (out->end != SALESFORCE_RETRY || tries >= sf->max_tries ||
            out->retry_after_ms > BACKOFF_LONG_MS ||
            !around_again(&sf->around, tries))
            break;
        if (!pause_for(sf, backoff_ms(&sf->backoff, tries, chance_bits(),
                                      out->retry_after_ms)))
            break;
        salesforce_answer_fini(out);
    }
}

static int
judge(const struct salesforce_answer *out, struct error *err)
{
    switch (out->end) {
    case SALESFORCE_OK:
        return 0;
    case SALESFORCE_CONFIG:
        return error_set(err, EX_CONFIG, "Salesforce: %s: %.400s", out->code,
                         out->message);
    case SALESFORCE_REFUSED:
        /* The service has given up a query between two of its pages. */
        if (strcmp(out->code, "INVALID_QUERY_LOCATOR") == 0)
            break;
        return error_set(
            err,
            out->status == 403 ||
                    strncmp(out->code, "INSUFFICIENT_ACCESS", 19) == 0
                ? EX_NOPERM
                : EX_DATAERR,
            "Salesforce: %s: %.400s", out->code, out->message);
    case SALESFORCE_RETRY:
    case SALESFORCE_PAUSE:
        break;
    }
    return error_set(err, EX_TEMPFAIL, "Salesforce: %s: %.400s", out->code,
                     out->message);
}

static int
ask(struct salesforce *sf, const char *path, struct salesforce_answer *out,
    struct error *err)
{
    int rv;

    salesforce_answer_init(out);
    if (around_before(&sf->around, err) < 0)
        return around_after(&sf->around, -1, err);
    try_call(sf, path, out);
    rv = judge(out, err);
    return around_after(&sf->around, rv, err);
}

int
salesforce_get(struct salesforce *sf, const char *path, cJSON **out,
               struct error *err)
{
    struct salesforce_answer answer;
    int rv = ask(sf, path, &answer, err);

    *out = NULL;
    if (rv == 0) {
        *out = answer.json;
        answer.json = NULL;
    }
    salesforce_answer_fini(&answer);
    return rv;
}

/* Where the next page is; NULL: this was the last. false: it makes no sense. */
static bool
next_page(const cJSON *json, struct paging *paging, char **out)
{
    const char *next = json_str(json, "nextRecordsUrl");

    *out = NULL;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "done")))
        return true;
    if (next == NULL || strncmp(next, "/services/data/", 15) != 0 ||
        strlen(next) > PATH_LEN_MAX || !paging_goes_on(paging, next))
        return false;
    for (const char *p = next; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~')
            return false;
    *out = strdup(next);
    if (*out == NULL)
        abort();
    return true;
}

/* One page. 1: there is another at *next; 0: the end; -1. */
static int
query_page(struct salesforce *sf, const char *path, struct paging *paging,
           int (*fn)(void *ctx, const cJSON *record), void *ctx, char **next,
           struct error *err)
{
    struct salesforce_answer answer;
    const cJSON *records, *record;
    int rv;

    *next = NULL;
    if ((rv = ask(sf, path, &answer, err)) < 0)
        goto out;
    records = cJSON_GetObjectItemCaseSensitive(answer.json, "records");
    if (!cJSON_IsArray(records)) {
        rv = error_set(err, EX_TEMPFAIL,
                       "Salesforce: an answer to a query without records");
        goto out;
    }
    cJSON_ArrayForEach(record, records)
    {
        if (fn(ctx, record) != 0)
            goto out;
    }
    if (!next_page(answer.json, paging, next))
        rv = error_set(err, EX_TEMPFAIL,
                       "Salesforce: a page of a query that is neither the last "
                       "nor names a new one");
    else
        rv = *next != NULL;
out:
    salesforce_answer_fini(&answer);
    return rv;
}

int
salesforce_query(struct salesforce *sf, const char *soql, bool all,
                 int (*fn)(void *ctx, const cJSON *record), void *ctx,
                 struct error *err)
{
    char *encoded = http_encode(soql);
    struct paging paging = {0};
    char *path, *next;
    int rv;

    if (asprintf(&path, "/%s?q=%s", all ? "queryAll" : "query", encoded) < 0)
        abort();
    free(encoded);
    do {
        rv = query_page(sf, path, &paging, fn, ctx, &next, err);
        free(path);
        path = next;
    } while (rv == 1);
    free(path);
    return rv;
}

int
salesforce_count(struct salesforce *sf, const char *soql, bool all,
                 int64_t *out, struct error *err)
{
    char *encoded = http_encode(soql);
    char *path;
    cJSON *answer;
    int rv;

    if (asprintf(&path, "/%s?q=%s", all ? "queryAll" : "query", encoded) < 0)
        abort();
    free(encoded);
    rv = salesforce_get(sf, path, &answer, err);
    free(path);
    if (rv == 0 && (!json_i64(answer, "totalSize", out) || *out < 0))
        rv = error_set(err, EX_TEMPFAIL,
                       "Salesforce: an answer to a count without a number");
    cJSON_Delete(answer);
    return rv;
}

char *
salesforce_quote(const char *text)
{
    static const char special[] = "\\'\"\n\r\t\b\f";
    static const char letter[] = "\\'\"nrtbf";
    struct text t;
    const char *at;

    text_init(&t);
    text_putc(&t, '\'');
    for (const char *p = text; *p != '\0'; p++) {
        if ((at = strchr(special, *p)) != NULL) {
            text_putc(&t, '\\');
            text_putc(&t, letter[at - special]);
        } else if ((unsigned char)*p < ' ') {
            text_printf(&t, "\\u%04x", (unsigned char)*p);
        } else {
            text_putc(&t, *p);
        }
    }
    text_putc(&t, '\'');
    text_putc(&t, '\0');
    return t.data;
}

static int
take_zone(void *ctx, const cJSON *record)
{
    struct salesforce *sf = ctx;
    const char *zone = json_str(record, "TimeZoneSidKey");

    if (zone != NULL && strlen(zone) < sizeof(sf->zone))
        snprintf(sf->zone, sizeof(sf->zone), "%s", zone);
    return 1;
}

/* One try: whoever asks has its own way of waiting for a service that is away.
 */
static int
ask_zone(struct salesforce *sf, struct error *err)
{
    int max_tries = sf->max_tries;
    int rv;

    sf->max_tries = 1;
    rv = salesforce_query(sf, "SELECT TimeZoneSidKey FROM Organization", false,
                          take_zone, sf, err);
    sf->max_tries = max_tries;
    return rv;
}

int
salesforce_time_zone(struct salesforce *sf, const char **out, struct error *err)
{
    struct error why = {0, "it has none"};

    if (sf->zone[0] == '\0') {
        if (ask_zone(sf, &why) < 0 &&
            (why.code == EX_TEMPFAIL || why.code == EX_CONFIG)) {
            if (err != NULL)
                *err = why;
            return -1;
        }
        if (!zone_known(sf->zone)) {
            log_write(LOG_WARN,
                      "the time zone of the Salesforce org cannot be had: UTC "
                      "is taken; set [salesforce] time_zone",
                      "zone", sf->zone, "reason", why.text, NULL);
            snprintf(sf->zone, sizeof(sf->zone), "UTC");
        }
    }
    *out = sf->zone;
    return 0;
}
