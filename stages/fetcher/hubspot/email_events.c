/* email_events: see email_events.h. The feed sweeps three streams one after the
 * other, one page a poll: {"at": 0..2, "SENT": sweep, "OPEN": ..., "CLICK":
 * ...}.
 *
 * It begins a little before this process did; what lies before that comes by
 * the look-back of each contact. An event of a message that was forwarded bears
 * the original recipient, so it needs no rule here. */
#include "stages/fetcher/hubspot/email_events.h"

#include "common/json.h"
#include "common/log.h"
#include "stages/fetcher/hubspot/campaigns.h"
#include "stages/fetcher/hubspot/moments.h"
#include "stages/fetcher/hubspot/more_feeds.h"
#include "stages/fetcher/hubspot/query.h"
#include "stages/fetcher/hubspot/sweep.h"

#define PAGE_SIZE 1000 /* events, as many as the API gives */

const char *const email_events_types[EMAIL_EVENTS_TYPES] = {"SENT", "OPEN",
                                                            "CLICK"};

int
email_events_read(const struct feed_env *env,
                  const struct email_events_ask *ask, cJSON **out,
                  const char **next, struct error *err)
{
    struct text tail;
    int r;

    *next = NULL;
    text_init(&tail);
    text_puts(&tail, "/email/public/v1/events");
    query_put_i64(&tail, "limit", PAGE_SIZE);
    if (ask->type != NULL)
        query_put(&tail, "eventType", ask->type);
    if (ask->recipient != NULL)
        query_put(&tail, "recipient", ask->recipient);
    if (ask->start > 0)
        query_put_i64(&tail, "startTimestamp", ask->start);
    if (ask->end > 0)
        query_put_i64(&tail, "endTimestamp", ask->end);
    if (ask->offset != NULL && ask->offset[0] != '\0')
        query_put(&tail, "offset", ask->offset);
    r = hubspot_read(env->hubspot, HUBSPOT_ROOT, query_text(&tail), NULL, out,
                     err);
    text_fini(&tail);
    if (r < 0)
        return -1;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(*out, "hasMore")))
        *next = json_str(*out, "offset");
    if (*next != NULL && **next == '\0')
        *next = NULL;
    return 0;
}

int
email_events_emit(const struct feed_env *env, const char *feed, cJSON *event,
                  const struct store_contact *contact, struct error *err)
{
    struct store_contact found;
    struct moment m;
    char id[MOMENT_ID_MAX];
    int64_t created;
    cJSON *campaign;
    int r;

    if (!json_id(event, "id", id, sizeof(id))) {
        moment_skip(feed, "", "an event without an id");
        return 0;
    }
    if (!json_i64(event, "created", &created) ||
        !moment_name(&m, created, "email_event:%s", id)) {
        moment_skip(feed, id, "an event without a time");
        return 0;
    }
    if (feed_has_ended(env, m.id, FEED_CHANGED))
        return 0;
    if (contact == NULL) {
        r = moment_contact(env, json_str(event, "recipient"), &found, err);
        if (r < 0)
            return -1;
        contact = r > 0 ? &found : NULL;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(event, "campaign");
    campaign = campaigns_of(env, event);
    if (campaign != NULL)
        cJSON_AddItemToObject(event, "campaign", campaign);
    return moment_emit(env, &m, contact, event, err);
}

/* Read and emit one page of a stream. */
static int
read_page(const struct feed_env *env, const struct feed *feed, const char *type,
          struct sweep *s, struct error *err)
{
    const struct email_events_ask ask = {
        .type = type, .offset = s->offset, .start = s->start, .end = s->end};
    cJSON *answer = NULL, *event;
    const char *next;
    int r = 0;

    if (email_events_read(env, &ask, &answer, &next, err) < 0) {
        if (err->code != EX_DATAERR || s->offset[0] == '\0')
            return -1;
        /* An offset does not live for ever: from the beginning then. */
        log_write(LOG_WARN, "an offset is refused; reading again", "feed",
                  feed->name, "reason", err->text, NULL);
        s->offset[0] = '\0';
        return 0;
    }
    cJSON_ArrayForEach(event,
                       cJSON_GetObjectItemCaseSensitive(answer, "events"))
    {
        r = email_events_emit(env, feed->name, event, NULL, err);
        if (r < 0)
            break;
    }
    if (r == 0)
        r = sweep_turn(s, next, conf_ms(env->conf, "hubspot", "overlap"), err);
    cJSON_Delete(answer);
    return r;
}

/* All streams begin at one time, whichever is read first. */
static cJSON *
first_cursor(const struct feed_env *env)
{
    cJSON *cursor = cJSON_CreateObject();
    struct sweep s;

    sweep_read(&s, NULL, moment_first_ms(env));
    for (size_t i = 0; i < EMAIL_EVENTS_TYPES; i++)
        cJSON_AddItemToObject(cursor, email_events_types[i], sweep_write(&s));
    return cursor;
}

static int
poll_email_events(const struct feed_env *env, const struct feed *feed,
                  const cJSON *cursor, struct feed_page *page,
                  struct error *err)
{
    struct sweep s;
    int64_t at;
    bool is_done;
    cJSON *next =
        cursor != NULL ? cJSON_Duplicate(cursor, true) : first_cursor(env);

    if (!json_i64(cursor, "at", &at) || at < 0 || at >= EMAIL_EVENTS_TYPES)
        at = 0;
    sweep_read(&s,
               cJSON_GetObjectItemCaseSensitive(next, email_events_types[at]),
               moment_first_ms(env));
    sweep_begin(&s, hubspot_now_ms(env->hubspot),
                conf_ms(env->conf, "hubspot", "second_look"));
    if (read_page(env, feed, email_events_types[at], &s, err) < 0) {
        cJSON_Delete(next);
        return -1;
    }
    is_done = s.offset[0] == '\0';
    cJSON_DeleteItemFromObjectCaseSensitive(next, email_events_types[at]);
    cJSON_AddItemToObject(next, email_events_types[at], sweep_write(&s));
    cJSON_DeleteItemFromObjectCaseSensitive(next, "at");
    cJSON_AddNumberToObject(
        next, "at", (double)(is_done ? (at + 1) % EMAIL_EVENTS_TYPES : at));
    page->cursor = next;
    page->more = !is_done || at + 1 < EMAIL_EVENTS_TYPES;
    return 0;
}

const struct feed email_events_feed = {
    .name = "hubspot.email_events",
    .pause_ms = 60000,
    .poll = poll_email_events,
};
