/* import: a kind of activity in Salesforce, from its first record to its last.
 *
 *   {"id": "00T...", "left": n}
 *
 * Read by Id, which nobody can change, with queryAll: what is more than a year
 * old is archived, and query does not show it. */
#include "stages/fetcher/import.h"

#include "common/json.h"
#include "common/log.h"
#include "stages/fetcher/salesforce/activity_event.h"
#include "stages/fetcher/salesforce/activity_query.h"
#include "stages/fetcher/salesforce/mail.h"

#include <stdio.h>
#include <string.h>

/* As in activities.c: a stamp names no version as long as its second lasts. */
#define FRESH_MS 2000

struct reading {
    const struct feed_env *env;
    const struct feed *feed;
    enum activity activity;
    int64_t now; /* of the service, before the query */
    char id[SF_ID_SIZE];
    bool is_held;       /* the next one is too fresh */
    bool has_failed;    /* one could not be given; `err` says why */
    int n;              /* records taken */
    struct mails mails; /* of them, those that are e-mails: given at the end */
    struct error *err;
};

bool
import_knows_salesforce(const char *type)
{
    return activity_parse(type, strlen(type)) != ACTIVITY_NONE;
}

/* One record of a page, in the order of their ids. */
static int
take(void *ctx, const cJSON *record)
{
    struct reading *r = ctx;
    const char *object = activity_facts(r->activity)->object;
    struct place version;

    if (!place_of(record, &version)) {
        r->n++;
        log_write(LOG_WARN, "record left out", "feed", r->feed->name, "id",
                  json_str(record, "Id"), "reason",
                  "without an id or a SystemModstamp", NULL);
        return 0;
    }
    if (version.t > r->now - FRESH_MS) {
        r->is_held = true;
        return 1;
    }
    r->n++;
    snprintf(r->id, sizeof(r->id), "%s", version.id);
    if (activity_event_is_known(r->env, object, &version, FEED_IMPORT))
        return 0;
    if (mail_is_one(object, record))
        mails_add(&r->mails, &version, record);
    else if (activity_event_emit(r->env, object, &version, record, FEED_IMPORT,
                                 r->err) < 0)
        r->has_failed = true;
    return r->has_failed;
}

static int
read_page(struct reading *r, const struct import_wish *wish)
{
    struct text q;
    int rv;

    text_init(&q);
    rv = activity_query_put_existing(&q, r->env->conf, r->activity,
                                     wish->since_ms, r->id, r->err);
    if (rv == 0) {
        rv =
            salesforce_query(r->env->salesforce, q.data, true, take, r, r->err);
        if (rv < 0 && r->err->code == EX_DATAERR)
            r->err->code = EX_NOPERM; /* a field is hidden: see activities.c */
    }
    text_fini(&q);
    if (rv == 0 && !r->has_failed)
        rv = mails_emit(&r->mails, r->env, activity_facts(r->activity)->object,
                        FEED_IMPORT, r->err);
    mails_fini(&r->mails);
    return r->has_failed ? -1 : rv;
}

/* Only for the progress bar: nothing depends on it. */
static int64_t
count(const struct reading *r, const struct import_wish *wish)
{
    int64_t n = 0;
    struct error err;
    struct text q;

    text_init(&q);
    activity_query_put_count(&q, r->activity, wish->since_ms, r->id);
    if (salesforce_count(r->env->salesforce, q.data, true, &n, &err) < 0)
        log_write(LOG_DEBUG, "records cannot be counted", "feed", r->feed->name,
                  "reason", err.text, NULL);
    text_fini(&q);
    return n;
}

int
import_poll_salesforce(const struct feed_env *env, const struct feed *feed,
                       const cJSON *cursor, struct feed_page *page,
                       struct error *err)
{
    const struct import_wish *wish = feed->data;
    struct reading r = {.env = env,
                        .feed = feed,
                        .activity =
                            activity_parse(wish->type, strlen(wish->type)),
                        .now = salesforce_now_ms(env->salesforce),
                        .err = err};
    char before[SF_ID_SIZE];
    int64_t left;

    sf_id_normalise(json_str(cursor, "id"), r.id);
    if (!json_i64(cursor, "left", &left))
        left = count(&r, wish);
    memcpy(before, r.id, sizeof(before));
    if (read_page(&r, wish) < 0)
        return -1;
    if (r.n >= PLACE_PAGE && strcmp(r.id, before) == 0)
        return error_set(err, EX_TEMPFAIL,
                         "Salesforce: a page goes no further than the one "
                         "before");
    left = left > r.n ? left - r.n : 0;
    page->more = r.n >= PLACE_PAGE && !r.is_held;
    page->held = r.is_held;
    page->expected = page->more || r.is_held ? left : 0;
    page->cursor = cJSON_CreateObject();
    cJSON_AddStringToObject(page->cursor, "id", r.id);
    cJSON_AddNumberToObject(page->cursor, "left", (double)left);
    return 0;
}
