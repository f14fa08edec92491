/* requested: see requested.h. Events as those of the other feeds, with `asked`.
 */
#include "stages/fetcher/hubspot/requested.h"
#include "stages/fetcher/hubspot/engagements.h"
#include "stages/fetcher/requests.h"

#include <string.h>

static bool
is_among(const struct engagements_found *found, const char *id)
{
    for (size_t i = 0; i < found->n; i++)
        if (strcmp(found->id[i], id) == 0)
            return true;
    return false;
}

/* All of the type that the first one has. */
static int
ask(const struct feed_env *env, struct requests *all, const char *type,
    bool *held, struct error *err)
{
    const char *ids[REQUESTS_MAX];
    size_t n = requests_ids(all, type, ids);
    struct engagements_found found;
    int rv = engagements_ask(env, type, ids, n, &found, err);

    for (size_t i = 0; i < all->n && rv == 0; i++) {
        struct request *r = &all->request[i];

        if (r->is_done || strcmp(r->type, type) != 0)
            continue;
        r->is_done = true;
        if (!is_among(&found, r->id))
            rv = requests_give_up(env, r, "HubSpot does not have it", err);
    }
    *held = *held || found.is_held;
    return rv;
}

static int
poll_requested(const struct feed_env *env, const struct feed *feed,
               const cJSON *cursor, struct feed_page *page, struct error *err)
{
    struct requests all;
    bool held = false;
    int rv = requests_read(env, "hubspot", cursor, &all, err);

    (void)feed;
    for (size_t i = 0; i < all.n && rv == 0; i++) {
        struct request *r = &all.request[i];

        if (!engagements_has(r->type) || !hubspot_is_id(r->id))
            rv = requests_give_up(env, r, "it cannot be read by its id", err);
    }
    for (size_t i = 0; i < all.n && rv == 0; i++)
        if (!all.request[i].is_done)
            rv = ask(env, &all, all.request[i].type, &held, err);
    if (rv == 0)
        requests_page(&all, held, page);
    return rv;
}

const struct feed requested_feed = {.name = "hubspot.requested",
                                    .poll = poll_requested};
