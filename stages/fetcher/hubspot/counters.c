/* counters: see counters.h.
 *
 *   {"since": ms, "first": true, "after": "ID"}
 *
 * Without the events API an open shows only as a number on the e-mail. The feed
 * goes through the e-mails of the last 30 days that have such a number, by id,
 * and makes an event of each step since it looked last. What an e-mail of
 * before `since` has at the `first` round was opened before anybody looked: it
 * is only noted. When the step happened is not told; the e-mail's own last
 * change is nearest.
 *
 * The numbers that were seen stand in the state ("email_open:ID"). They change
 * only after all calls of a poll went well, as what a failed poll has put into
 * the state stays there. */
#include "stages/fetcher/hubspot/counters.h"

#include "common/json.h"
#include "stages/fetcher/hubspot/contacts.h"
#include "stages/fetcher/hubspot/email_contacts.h"
#include "stages/fetcher/hubspot/moments.h"
#include "stages/fetcher/hubspot/more_feeds.h"
#include "stages/fetcher/hubspot/occurrences.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE 100
#define STEPS_MAX 100    /* events of one e-mail in a poll; the rest later */
#define COUNT_MAX 100000 /* more opens than any one message has */
#define REACH_MS  (30 * INT64_C(86400000))

static const struct counter {
    const char *property, *type;
} counters[] = {
    {"hs_email_open_count", "email_open"},
    {"hs_email_click_count", "email_click"},
};
#define N_COUNTERS (sizeof(counters) / sizeof(counters[0]))

struct round {
    const struct feed_env *env;
    int64_t since;
    bool is_first;
    char after[24]; /* id of the last e-mail seen; "0" at the beginning */
    bool has_rest;  /* an e-mail has more steps than one poll takes */
};

/* One e-mail of a page. */
struct mail {
    const cJSON *object;
    char id[24];
    int64_t at;            /* its last change */
    bool is_noted;         /* its steps are old */
    int64_t n[N_COUNTERS]; /* the numbers now, and as they were */
    int64_t was[N_COUNTERS];
};

static int64_t
time_of(const cJSON *object, const char *name)
{
    int64_t at;

    return json_time(object, name, &at) ? at : 0;
}

static void
add_filter(cJSON *filters, const char *property, const char *operator,
           const char * value)
{
    cJSON *filter = cJSON_CreateObject();

    cJSON_AddStringToObject(filter, "propertyName", property);
    cJSON_AddStringToObject(filter, "operator", operator);
    cJSON_AddStringToObject(filter, "value", value);
    cJSON_AddItemToArray(filters, filter);
}

static cJSON *
search_body(const struct round *r)
{
    static const char *const properties[] = {
        "hs_email_open_count", "hs_email_click_count", "hs_email_subject",
        "hs_email_from_email", "hs_email_to_email",    "hs_timestamp",
        "hs_createdate",       "hs_lastmodifieddate",  "hubspot_owner_id",
        "hs_engagement_source"};
    cJSON *body = cJSON_CreateObject();
    cJSON *groups = cJSON_AddArrayToObject(body, "filterGroups");
    cJSON *sorts = cJSON_AddArrayToObject(body, "sorts");
    cJSON *sort = cJSON_CreateObject();
    char from[24];

    snprintf(from, sizeof(from), "%" PRId64,
             hubspot_now_ms(r->env->hubspot) - REACH_MS);
    for (size_t i = 0; i < N_COUNTERS; i++) {
        cJSON *group = cJSON_CreateObject();
        cJSON *filters = cJSON_AddArrayToObject(group, "filters");

        add_filter(filters, counters[i].property, "GTE", "1");
        add_filter(filters, "hs_timestamp", "GTE", from);
        add_filter(filters, "hs_object_id", "GT", r->after);
        cJSON_AddItemToArray(groups, group);
    }
    cJSON_AddStringToObject(sort, "propertyName", "hs_object_id");
    cJSON_AddStringToObject(sort, "direction", "ASCENDING");
    cJSON_AddItemToArray(sorts, sort);
    cJSON_AddItemToObject(
        body, "properties",
        cJSON_CreateStringArray(properties,
                                sizeof(properties) / sizeof(properties[0])));
    cJSON_AddNumberToObject(body, "limit", PAGE_SIZE);
    return body;
}

/* 1: there is something new on it; 0; -1. */
static int
take_mail(struct round *r, const cJSON *object, struct mail *m,
          struct error *err)
{
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(object, "properties");
    int64_t sent = time_of(properties, "hs_timestamp");
    bool is_new = false;
    char name[64];

    *m = (struct mail){.object = object};
    m->at = time_of(properties, "hs_lastmodifieddate");
    if (m->at == 0)
        m->at = time_of(object, "updatedAt");
    if (!json_id(object, "id", m->id, sizeof(m->id)) ||
        m->id[strspn(m->id, "0123456789")] != '\0' || m->at <= 0) {
        moment_skip(counters_feed.name, m->id,
                    "an e-mail without an id or a time");
        m->id[0] = '\0';
        return 0;
    }
    m->is_noted = r->is_first && sent < r->since;
    for (size_t i = 0; i < N_COUNTERS; i++) {
        if (!json_i64(properties, counters[i].property, &m->n[i]) ||
            m->n[i] < 0 || m->n[i] > COUNT_MAX)
            m->n[i] = 0;
        snprintf(name, sizeof(name), "%s:%s", counters[i].type, m->id);
        if (store_counter_get(r->env->store, name, &m->was[i], err) < 0)
            return -1;
        is_new = is_new || m->n[i] > m->was[i];
    }
    return is_new;
}

static int
emit_step(const struct feed_env *env, const struct mail *m, const char *type,
          int64_t n, const struct store_contact *contact, struct error *err)
{
    struct moment moment;
    cJSON *native;
    int r;

    if (!moment_name(&moment, m->at, "%s:%s:%" PRId64, type, m->id, n))
        return 0;
    native = cJSON_CreateObject();
    cJSON_AddItemToObject(native, "email", cJSON_Duplicate(m->object, true));
    cJSON_AddNumberToObject(native, "n", (double)n);
    cJSON_AddNumberToObject(native, "at", (double)m->at);
    r = moment_emit(env, &moment, contact, native, err);
    cJSON_Delete(native);
    return r;
}

/* Emit the steps of one e-mail, or only note them. */
static int
take_steps(struct round *r, const struct mail *m,
           const struct associations *tied, struct error *err)
{
    struct store_contact c;
    int has = 0;

    if (!m->is_noted)
        has = email_contacts_choose(r->env, tied, m->id, m->object, &c, err);
    if (has < 0)
        return -1;
    for (size_t i = 0; i < N_COUNTERS; i++) {
        int64_t n = m->was[i], end = m->n[i];
        char name[64];

        if (!m->is_noted && end - n > STEPS_MAX) {
            end = n + STEPS_MAX;
            r->has_rest = true;
        }
        while (!m->is_noted && n < end)
            if (emit_step(r->env, m, counters[i].type, ++n, has > 0 ? &c : NULL,
                          err) < 0)
                return -1;
        snprintf(name, sizeof(name), "%s:%s", counters[i].type, m->id);
        if (end > m->was[i] &&
            store_counter_put(r->env->store, name, end, err) < 0)
            return -1;
    }
    return 0;
}

/* 1: there is more of this round; 0: it is over; -1. */
static int
take_page(struct round *r, const cJSON *results, struct error *err)
{
    struct mail *mails = calloc(PAGE_SIZE, sizeof(*mails));
    const char *ids[PAGE_SIZE];
    struct associations tied = {.n = 0};
    const cJSON *object;
    size_t n = 0, n_ids = 0;
    int seen = 0, rv = mails != NULL ? 0 : -1;

    cJSON_ArrayForEach(object, results)
    {
        if (rv < 0 || seen++ == PAGE_SIZE)
            break;
        rv = take_mail(r, object, &mails[n], err);
        if (mails[n].id[0] != '\0')
            memcpy(r->after, mails[n].id, sizeof(r->after));
        if (rv > 0 && !mails[n].is_noted)
            ids[n_ids++] = mails[n].id;
        n += rv > 0;
    }
    if (rv >= 0 && n_ids > 0)
        rv = email_contacts_read(r->env, ids, n_ids, &tied, err);
    for (size_t i = 0; rv >= 0 && i < n; i++)
        rv = take_steps(r, &mails[i], &tied, err);
    associations_fini(&tied);
    free(mails);
    return rv < 0 ? -1 : seen >= PAGE_SIZE;
}

static void
read_round(const struct feed_env *env, const cJSON *cursor, struct round *r)
{
    *r = (struct round){.env = env};
    if (!json_i64(cursor, "since", &r->since)) {
        r->since = hubspot_now_ms(env->hubspot);
        r->is_first = true;
    } else {
        r->is_first =
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(cursor, "first"));
    }
    if (!json_id(cursor, "after", r->after, sizeof(r->after)))
        strcpy(r->after, "0");
}

static cJSON *
write_round(const struct round *r, bool is_over)
{
    cJSON *cursor = cJSON_CreateObject();

    cJSON_AddNumberToObject(cursor, "since", (double)r->since);
    if (r->is_first && !is_over)
        cJSON_AddTrueToObject(cursor, "first");
    if (!is_over)
        cJSON_AddStringToObject(cursor, "after", r->after);
    return cursor;
}

static int
poll_counters(const struct feed_env *env, const struct feed *feed,
              const cJSON *cursor, struct feed_page *page, struct error *err)
{
    struct round r;
    char before[24];
    cJSON *answer = NULL, *body;
    int rv;

    (void)feed;
    if (occurrences_keep_refused(env, err) < 0)
        return -1;
    if (!occurrences_refused(env)) {
        /* The events tell of what comes now: should they be refused again,
         * what stands then is old. */
        if (cJSON_HasObjectItem(cursor, "since"))
            page->cursor = cJSON_CreateObject();
        return 0;
    }
    read_round(env, cursor, &r);
    memcpy(before, r.after, sizeof(before));
    body = search_body(&r);
    rv = hubspot_read(env->hubspot, HUBSPOT_OBJECTS, "/emails/search", body,
                      &answer, err);
    cJSON_Delete(body);
    if (rv < 0)
        return -1;
    rv =
        take_page(&r, cJSON_GetObjectItemCaseSensitive(answer, "results"), err);
    cJSON_Delete(answer);
    if (rv < 0)
        return -1;
    /* Ids grow; a search that stands still would never end. */
    if (rv > 0 && strtoull(r.after, NULL, 10) <= strtoull(before, NULL, 10))
        rv = 0;
    page->cursor = write_round(&r, rv == 0);
    page->more = rv > 0 || r.has_rest;
    return 0;
}

int
counters_document_viewed(const struct feed_env *env,
                         const struct store_contact *c, int64_t at,
                         struct error *err)
{
    bool is_after_sync = c->synced_at > 0 && c->synced_at < at;
    bool is_news = at > c->document_viewed_at
                       ? c->document_viewed_at > 0 || is_after_sync
                       : at == c->document_viewed_at && is_after_sync;
    struct moment m;
    cJSON *native;
    int r;

    if (!is_news || !occurrences_refused(env))
        return 0;
    if (!moment_name(&m, at, "document_view:%s:%" PRId64, c->hubspot_id, at) ||
        feed_has_ended(env, m.id, FEED_CHANGED))
        return 0;
    native = cJSON_CreateObject();
    cJSON_AddNumberToObject(native, "at", (double)at);
    r = moment_emit(env, &m, c, native, err);
    cJSON_Delete(native);
    return r;
}

const struct feed counters_feed = {
    .name = "hubspot.counters",
    .pause_ms = 300000,
    .poll = poll_counters,
};
