/* requested: see requested.h. Events as those of the other feeds, with `asked`.
 */
#include "stages/fetcher/salesforce/requested.h"
#include "common/json.h"
#include "stages/fetcher/requests.h"
#include "stages/fetcher/salesforce/activity_event.h"
#include "stages/fetcher/salesforce/activity_query.h"
#include "stages/fetcher/salesforce/mail.h"

#include <string.h>

/* As long as its second lasts a record may change again under the same stamp.
 */
#define FRESH_MS 2000

struct asking {
    const struct feed_env *env;
    struct requests *all;
    const char *object;
    int64_t now;
    bool is_held, has_failed;
    struct mails mails; /* those that are e-mails: given at the end */
    struct error *err;
};

static void
find(struct asking *a, const char *id)
{
    char own[SF_ID_SIZE];

    for (size_t i = 0; i < a->all->n; i++)
        if (strcmp(a->all->request[i].type, a->object) == 0 &&
            sf_id_normalise(a->all->request[i].id, own) && strcmp(own, id) == 0)
            a->all->request[i].is_done = true;
}

static int
take(void *ctx, const cJSON *record)
{
    struct asking *a = ctx;
    struct place version;

    if (!place_of(record, &version))
        return 0;
    find(a, version.id);
    if (version.t > a->now - FRESH_MS ||
        activity_event_is_known(a->env, a->object, &version, FEED_ASKED))
        a->is_held = true;
    else if (mail_is_one(a->object, record))
        mails_add(&a->mails, &version, record);
    else if (activity_event_emit(a->env, a->object, &version, record,
                                 FEED_ASKED, a->err) < 0)
        a->has_failed = true;
    return a->has_failed;
}

/* All of one object, those that are asked for and those that cannot be. */
static int
ask(struct asking *a)
{
    const char *ids[REQUESTS_MAX];
    size_t n = requests_ids(a->all, a->object, ids);
    struct text q;
    int rv = 0;

    if (n == 0 || !activity_query_is_wanted(a->env->conf, a->object))
        return 0;
    text_init(&q);
    if (activity_query_put_ids(&q, a->env->conf, a->object, ids, n, a->err) < 0)
        rv = -1;
    else if (q.len > 0)
        rv =
            salesforce_query(a->env->salesforce, q.data, true, take, a, a->err);
    text_fini(&q);
    if (rv == 0 && !a->has_failed)
        rv = mails_emit(&a->mails, a->env, a->object, FEED_ASKED, a->err);
    mails_fini(&a->mails);
    return a->has_failed ? -1 : rv;
}

static int
poll_requested(const struct feed_env *env, const struct feed *feed,
               const cJSON *cursor, struct feed_page *page, struct error *err)
{
    static const char *const objects[] = {"Task", "Event"};
    struct requests all;
    struct asking a = {.env = env, .all = &all, .err = err};
    int rv = requests_read(env, "salesforce", cursor, &all, err);

    (void)feed;
    a.now = salesforce_now_ms(env->salesforce);
    for (size_t i = 0; i < 2 && rv == 0; i++) {
        a.object = objects[i];
        rv = ask(&a);
    }
    for (size_t i = 0; i < all.n && rv == 0; i++)
        if (!all.request[i].is_done)
            rv = requests_give_up(env, &all.request[i],
                                  "Salesforce does not have it, or its kind is "
                                  "off",
                                  err);
    if (rv == 0)
        requests_page(&all, a.is_held, page);
    return rv;
}

const struct feed sf_requested_feed = {.name = "salesforce.requested",
                                       .poll = poll_requested};
