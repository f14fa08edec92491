/* purged: see purged.h. */
#include "stages/fetcher/salesforce/purged.h"
#include "common/json.h"
#include "common/log.h"
#include "common/timetext.h"
#include "stages/fetcher/salesforce/activity_event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDS_A_QUERY 200 /* 4 KB of a path that may have 16 */

struct purged {
    const struct feed_env *env;
    const char *object;
    struct place *version; /* Id, and when it was deleted */
    bool *is_alive;        /* it was undeleted since */
    size_t n;
};

static bool
read_deletion(const cJSON *item, struct place *out)
{
    const char *at = json_str(item, "deletedDate");

    return sf_id_normalise(json_str(item, "id"), out->id) && at != NULL &&
           timetext_parse(at, strlen(at), &out->t) == 0;
}

static void
select_unknown(struct purged *p, const cJSON *answer)
{
    const cJSON *list =
        cJSON_GetObjectItemCaseSensitive(answer, "deletedRecords");
    size_t n = (size_t)cJSON_GetArraySize(list);
    const cJSON *item;

    p->version = calloc(n + 1, sizeof(*p->version));
    p->is_alive = calloc(n + 1, sizeof(*p->is_alive));
    if (p->version == NULL || p->is_alive == NULL)
        abort();
    cJSON_ArrayForEach(item, list)
    {
        if (read_deletion(item, &p->version[p->n]) &&
            !activity_event_is_known(p->env, p->object, &p->version[p->n],
                                     FEED_CHANGED))
            p->n++;
    }
}

static int
take_alive(void *ctx, const cJSON *record)
{
    struct purged *p = ctx;
    char id[SF_ID_SIZE];

    if (!sf_id_normalise(json_str(record, "Id"), id))
        return 0;
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->version[i].id, id) == 0)
            p->is_alive[i] = true;
    return 0;
}

/* Which of them live again? A late word of a deletion must not end them. */
static int
find_alive(struct purged *p, struct error *err)
{
    int rv = 0;

    for (size_t from = 0; from < p->n && rv == 0; from += IDS_A_QUERY) {
        struct text q;

        text_init(&q);
        text_printf(&q, "SELECT Id FROM %s WHERE IsDeleted = FALSE AND Id IN ",
                    p->object);
        for (size_t i = from; i < p->n && i < from + IDS_A_QUERY; i++)
            text_printf(&q, "%s'%s'", i == from ? "(" : ",", p->version[i].id);
        text_putc(&q, ')');
        text_putc(&q, '\0');
        rv = salesforce_query(p->env->salesforce, q.data, true, take_alive, p,
                              err);
        text_fini(&q);
    }
    return rv;
}

/* A Task's kind is in its subtype; of a record that is gone the link knows it.
 */
static int
add_subtype(const struct purged *p, const struct place *version, cJSON *record,
            struct error *err)
{
    struct store_link link;
    enum activity a = ACTIVITY_NONE;
    char key[EVENT_ID_MAX];
    int rv;

    snprintf(key, sizeof(key), "salesforce:%s:%s", p->object, version->id);
    rv = store_link_by_target(p->env->store, key, &link, err);
    if (rv == 1)
        a = activity_parse(link.kind, strlen(link.kind));
    if (a != ACTIVITY_NONE && activity_facts(a)->subtype != NULL)
        cJSON_AddStringToObject(record, "TaskSubtype",
                                activity_facts(a)->subtype);
    return rv < 0 ? -1 : 0;
}

/* All that is known of it, in the shape of a record. */
static int
emit(const struct purged *p, const struct place *version, struct error *err)
{
    cJSON *record = cJSON_CreateObject();
    char at[TIMETEXT_SIZE];
    int rv;

    cJSON_AddStringToObject(cJSON_AddObjectToObject(record, "attributes"),
                            "type", p->object);
    cJSON_AddStringToObject(record, "Id", version->id);
    cJSON_AddStringToObject(record, "SystemModstamp",
                            timetext_ms(version->t, at));
    cJSON_AddTrueToObject(record, "IsDeleted");
    rv = add_subtype(p, version, record, err);
    if (rv == 0)
        rv = activity_event_emit(p->env, p->object, version, record,
                                 FEED_CHANGED, err);
    cJSON_Delete(record);
    return rv;
}

static int
emit_all(struct purged *p, const cJSON *answer, struct error *err)
{
    int rv;

    select_unknown(p, answer);
    rv = find_alive(p, err);
    for (size_t i = 0; i < p->n && rv == 0; i++)
        if (!p->is_alive[i])
            rv = emit(p, &p->version[i], err);
    free(p->version);
    free(p->is_alive);
    return rv;
}

/* true: the answer is there. false: *rv is what to return. */
static bool
ask(const struct feed_env *env, const struct feed *feed, const char *path,
    cJSON **answer, int *rv, struct error *err)
{
    char name[64];

    *rv = salesforce_get(env->salesforce, path, answer, err);
    snprintf(name, sizeof(name), "%s.deleted", feed->name);
    if (*rv == 0) {
        feed_note(env, name, "ok", "");
        return true;
    }
    if (err->code == EX_NOPERM || err->code == EX_DATAERR) {
        feed_note(env, name, "refused", err->text);
        *rv = 0;
    }
    return false;
}

int
purged_read(const struct feed_env *env, const struct feed *feed,
            const char *object, struct deletions *d, struct error *err)
{
    struct purged p = {.env = env, .object = object};
    int64_t now = salesforce_now_ms(env->salesforce);
    struct deletions_span span;
    char path[DELETIONS_PATH];
    cJSON *answer;
    int rv;

    if (!deletions_are_due(d, now))
        return 0;
    deletions_span(d, now, &span);
    deletions_path(object, &span, path);
    if (!ask(env, feed, path, &answer, &rv, err)) {
        d->asked_at = now;
        return rv;
    }
    if (!deletions_asked(d, now, &span, answer) || span.has_gap)
        log_write(LOG_WARN,
                  "Salesforce no longer tells what was deleted before the last "
                  "15 days, or since its recycle bin was emptied: records "
                  "deleted meanwhile may still be in HubSpot",
                  "feed", feed->name, NULL);
    rv = emit_all(&p, answer, err);
    cJSON_Delete(answer);
    return rv;
}
