/* requests: the records that somebody wants to see again (store.h), some at a
 * time, in the order in which they were asked for. The cursor is {"after": N}.
 *
 * A request is dropped with the outcome of its event; the place moves behind it
 * only then, so that one survives a crash. */
#ifndef FETCHER_REQUESTS_H
#define FETCHER_REQUESTS_H

#include "stages/fetcher/feed.h"

#define REQUESTS_MAX 100 /* HubSpot's batch */

struct request {
    struct store_request r;
    char type[32];  /* "call", "Task" */
    const char *id; /* in r.key */
    bool is_done;   /* it has been dealt with */
};

struct requests {
    struct request request[REQUESTS_MAX];
    size_t n;
};

/* Read those of a service behind the cursor. -1: the state cannot be read. */
int requests_read(const struct feed_env *env, const char *source,
                  const cJSON *cursor, struct requests *out, struct error *err);
/* The ids of one type among those that are not done yet. */
size_t requests_ids(const struct requests *r, const char *type,
                    const char *ids[REQUESTS_MAX]);
/* Nothing is there to be read: the request is dropped. */
int requests_give_up(const struct feed_env *env, struct request *request,
                     const char *why, struct error *err);
/* The page is read. `held`: something could not be given yet, so that the place
 * stays. */
void requests_page(const struct requests *r, bool held, struct feed_page *page);

#endif
