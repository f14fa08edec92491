/* people: see people.h.
 *
 *   {"match": "email", "Contact": {"t": ms, "id": "003...", "old": true},
 *    "Lead": ...}
 *
 * [contacts] match = email needs everybody with an address; salesforce_id only
 * those who became somebody else or are deleted. Read as place.h has it. The
 * first reading leaves out who has no address; after it ("old") an address may
 * have been taken away, which is news. */
#include "stages/fetcher/salesforce/people.h"

#include "common/json.h"
#include "common/log.h"
#include "stages/fetcher/salesforce/place.h"

#include <stdio.h>
#include <string.h>

#define PAGE_SIZE 2000 /* they are small */

struct reading {
    const struct feed_env *env;
    const char *object;
    struct place place;
    bool is_old;     /* the first reading is over */
    bool is_refused; /* the last reading was */
    bool has_failed; /* a record could not be kept; `err` says why */
    int n;           /* records of this page */
    struct error *err;
};

static void
read_place(const cJSON *cursor, struct reading *r)
{
    const cJSON *place = cJSON_GetObjectItemCaseSensitive(cursor, r->object);

    place_read(&r->place, place);
    r->is_refused =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(place, "refused"));
    r->is_old = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(place, "old"));
}

static void
write_place(cJSON *cursor, const struct reading *r)
{
    cJSON *place = cJSON_CreateObject();

    place_write(&r->place, place);
    cJSON_AddBoolToObject(place, "old", r->is_old);
    if (r->is_refused)
        cJSON_AddTrueToObject(place, "refused");
    cJSON_DeleteItemFromObjectCaseSensitive(cursor, r->object);
    cJSON_AddItemToObject(cursor, r->object, place);
}

static bool
by_email(const struct feed_env *env)
{
    return strcmp(conf_str(env->conf, "contacts", "match"), "email") == 0;
}

static void
put_query(struct text *q, const struct reading *r)
{
    bool is_lead = strcmp(r->object, "Lead") == 0;
    bool is_begun = r->place.t > 0;
    const char *who;

    if (by_email(r->env))
        who = r->is_old ? NULL : "(Email != null OR IsDeleted = TRUE)";
    else
        who = is_lead ? "(IsConverted = TRUE OR IsDeleted = TRUE)"
                      : "IsDeleted = TRUE";
    text_printf(q,
                "SELECT Id, Email, IsDeleted, MasterRecordId, "
                "SystemModstamp%s FROM %s",
                is_lead ? ", IsConverted, ConvertedContactId" : "", r->object);
    if (who != NULL || is_begun)
        text_printf(q, " WHERE %s%s", who != NULL ? who : "",
                    who != NULL && is_begun ? " AND " : "");
    if (is_begun)
        place_put_where(&r->place, q);
    place_put_order(q, PAGE_SIZE);
}

static void
take_email(const cJSON *record, struct store_person *p)
{
    const char *email = json_str(record, "Email");
    size_t len = email != NULL ? strlen(email) : 0;

    if (len == 0 || len >= sizeof(p->email))
        return;
    text_lower(email, len, p->email);
    p->email[len] = '\0';
}

/* One record into the state; called for each of a page. */
static int
take(void *ctx, const cJSON *record)
{
    struct reading *r = ctx;
    struct store_person p = {.is_deleted = false};
    char became[SF_ID_SIZE];
    struct place at;

    r->n++;
    if (!place_of(record, &at)) {
        log_write(LOG_WARN, "record left out", "feed", people_feed.name, "id",
                  json_str(record, "Id"), "reason",
                  "a person without an id or a SystemModstamp", NULL);
        return 0;
    }
    snprintf(p.salesforce_id, sizeof(p.salesforce_id), "%s", at.id);
    snprintf(p.type, sizeof(p.type), "%s", r->object);
    take_email(record, &p);
    if (sf_id_normalise(json_str(record, "ConvertedContactId"), became) ||
        sf_id_normalise(json_str(record, "MasterRecordId"), became))
        snprintf(p.became_id, sizeof(p.became_id), "%s", became);
    p.is_deleted =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "IsDeleted"));
    r->place = at;
    if (store_person_put(r->env->store, &p, r->err) < 0)
        r->has_failed = true;
    return r->has_failed;
}

/* An org without leads is no reason to know no contacts. */
static void
note(struct reading *r, bool is_refused)
{
    char name[64];

    snprintf(name, sizeof(name), "%s.%s", people_feed.name, r->object);
    if (is_refused)
        feed_note(r->env, name, "refused", r->err->text);
    else if (r->is_refused)
        feed_note(r->env, name, "ok", "");
    r->is_refused = is_refused;
}

/* One page of one object. */
static int
read_object(struct reading *r, cJSON *cursor)
{
    int64_t now = salesforce_now_ms(r->env->salesforce);
    struct place before;
    struct text q;
    int rc;

    read_place(cursor, r);
    before = r->place;
    text_init(&q);
    put_query(&q, r);
    text_putc(&q, '\0');
    rc = salesforce_query(r->env->salesforce, q.data, true, take, r, r->err);
    text_fini(&q);
    if (r->has_failed)
        return -1;
    if (rc < 0 && r->err->code != EX_NOPERM && r->err->code != EX_DATAERR)
        return -1;
    if (rc == 0 && r->n >= PAGE_SIZE &&
        place_check(&r->place, &before, r->object, r->err) < 0)
        return -1;
    note(r, rc < 0);
    if (rc == 0 && r->n < PAGE_SIZE) {
        r->is_old = true;
        place_catch_up(&r->place, now);
    }
    write_place(cursor, r);
    return 0;
}

static cJSON *
begin(const struct feed_env *env, const cJSON *cursor)
{
    const char *match = conf_str(env->conf, "contacts", "match");
    const char *before = json_str(cursor, "match");
    cJSON *next;

    if (before != NULL && strcmp(before, match) == 0)
        return cJSON_Duplicate(cursor, true);
    next = cJSON_CreateObject();
    cJSON_AddStringToObject(next, "match", match);
    return next;
}

static int
poll_people(const struct feed_env *env, const struct feed *feed,
            const cJSON *cursor, struct feed_page *page, struct error *err)
{
    static const char *const objects[] = {"Contact", "Lead"};
    cJSON *next = begin(env, cursor);
    int n_refused = 0;

    (void)feed;
    for (size_t i = 0; i < 2; i++) {
        struct reading r = {.env = env, .object = objects[i], .err = err};

        if (read_object(&r, next) < 0) {
            cJSON_Delete(next);
            return -1;
        }
        n_refused += r.is_refused;
        page->more = page->more || (!r.is_refused && r.n >= PAGE_SIZE);
    }
    if (n_refused == 2) {
        cJSON_Delete(next);
        err->code = EX_NOPERM;
        return -1;
    }
    page->cursor = next;
    return 0;
}

const struct feed people_feed = {
    .name = "salesforce.people",
    .pause_ms = 120000,
    .poll = poll_people,
};
