/* activities: see activities.h.
 *
 *   {"t": ms, "id": "00T...", "since": ms,
 *    "deletions": {"covered": ms, "asked_at": ms}}
 *
 * Read as place.h has it, with queryAll: deleted and archived ones too. What is
 * no activity of ours (a recurrence's master, a ListEmail) goes out like all
 * others; the normalizer knows why not. */
#include "stages/fetcher/salesforce/activities.h"
#include "common/json.h"
#include "common/log.h"
#include "common/stage.h"
#include "stages/fetcher/salesforce/activity_event.h"
#include "stages/fetcher/salesforce/activity_query.h"
#include "stages/fetcher/salesforce/mail.h"
#include "stages/fetcher/salesforce/purged.h"

/* A stamp has whole seconds, and names a version. As long as its second lasts
 * the record may change again under the same stamp: it is left for later. */
#define FRESH_MS 2000

struct reading {
    const struct feed_env *env;
    const struct feed *feed;
    const char *object;
    int64_t now;        /* of the service, before the query */
    struct place place; /* of the last one taken */
    int64_t held_t;     /* stamp of the first that is too fresh; 0: none */
    bool has_failed;    /* one could not be given; `err` says why */
    int n;              /* records taken */
    struct mails mails; /* of them, those that are e-mails: given at the end */
    struct error *err;
};

/* One record of a page, in the order of their stamps. */
static int
take(void *ctx, const cJSON *record)
{
    struct reading *r = ctx;
    struct place version;

    if (!place_of(record, &version)) {
        r->n++;
        log_write(LOG_WARN, "record left out", "feed", r->feed->name, "id",
                  json_str(record, "Id"), "reason",
                  "without an id or a SystemModstamp", NULL);
        return 0;
    }
    if (version.t > r->now - FRESH_MS) {
        r->held_t = version.t;
        return 1;
    }
    r->n++;
    version.since = r->place.since;
    r->place = version;
    if (activity_event_is_known(r->env, r->object, &version, FEED_CHANGED))
        return 0;
    if (mail_is_one(r->object, record))
        mails_add(&r->mails, &version, record);
    else if (activity_event_emit(r->env, r->object, &version, record,
                                 FEED_CHANGED, r->err) < 0)
        r->has_failed = true;
    return r->has_failed;
}

/* A field or an object that is not there, or hidden from us, is for a person to
 * mend: asked again now and then, while the other feeds go on. */
static int
read_page(struct reading *r)
{
    struct text q;
    int rv;

    text_init(&q);
    rv = activity_query_put(&q, r->env->conf, r->object, &r->place, r->err);
    if (rv == 0) {
        rv =
            salesforce_query(r->env->salesforce, q.data, true, take, r, r->err);
        if (rv < 0 && r->err->code == EX_DATAERR)
            r->err->code = EX_NOPERM;
    }
    text_fini(&q);
    if (rv == 0 && !r->has_failed)
        rv = mails_emit(&r->mails, r->env, r->object, FEED_CHANGED, r->err);
    mails_fini(&r->mails);
    return r->has_failed ? -1 : rv;
}

/* What is held was there when the pass began: then the pass waits for it. The
 * service's clock is known to a second. */
static bool
is_of_this_pass(const struct reading *r)
{
    int64_t ahead = r->now - clock_now_ms();

    return r->held_t > 0 && r->held_t <= r->env->started_at + ahead + 1000;
}

static int
poll_activities(const struct feed_env *env, const struct feed *feed,
                const cJSON *cursor, struct feed_page *page, struct error *err)
{
    struct reading r = {.env = env,
                        .feed = feed,
                        .object = feed->data,
                        .now = salesforce_now_ms(env->salesforce),
                        .err = err};
    struct deletions deletions;
    struct place before;

    place_read(&r.place, cursor);
    deletions_read(&deletions, cursor);
    if (r.place.t == 0) {
        place_begin_at(&r.place, r.now);
        deletions_begin(&deletions, r.now);
    }
    before = r.place;
    if (read_page(&r) < 0 ||
        (r.n >= PLACE_PAGE &&
         place_check(&r.place, &before, r.object, err) < 0))
        return -1;
    page->more = r.n >= PLACE_PAGE && r.held_t == 0;
    page->held = is_of_this_pass(&r);
    if (!page->more) {
        place_catch_up(&r.place, r.now);
        if (purged_read(env, feed, r.object, &deletions, err) < 0)
            return -1;
    }
    page->cursor = cJSON_CreateObject();
    place_write(&r.place, page->cursor);
    deletions_write(&deletions, page->cursor);
    return 0;
}

static bool
is_wanted(const struct feed_env *env, const struct feed *feed)
{
    return activity_query_is_wanted(env->conf, feed->data);
}

const struct feed sf_tasks_feed = {.name = "salesforce.tasks",
                                   .data = "Task",
                                   .wanted = is_wanted,
                                   .poll = poll_activities};
const struct feed sf_events_feed = {.name = "salesforce.events",
                                    .data = "Event",
                                    .wanted = is_wanted,
                                    .poll = poll_activities};
