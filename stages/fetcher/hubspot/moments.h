/* moments: things that happened once and never change: an open, a submission,
 * an event. Their version is the time at which they happened. */
#ifndef FETCHER_HUBSPOT_MOMENTS_H
#define FETCHER_HUBSPOT_MOMENTS_H

#include "stages/fetcher/feed.h"

#define MOMENT_ID_MAX 400 /* bytes of the service's id of one */

struct moment {
    char key[EVENT_ID_MAX];
    char id[EVENT_ID_MAX];
    int64_t at; /* ms since 1970 UTC */
};

/* Name it: the key is "hubspot:" and what the format gives, the id KEY@AT.
 * false: too long, or no time that can be. */
bool moment_name(struct moment *m, int64_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Emit it. `contact` NULL: it hangs on nobody. 0 too when it is over the limits
 * (a dead letter is kept); -1: the poll has failed. */
int moment_emit(const struct feed_env *env, const struct moment *m,
                const struct store_contact *contact, const cJSON *native,
                struct error *err);

/* Where a feed begins whose older records come by the look-back: what happened
 * just before the process began may be shown only now. */
int64_t moment_first_ms(const struct feed_env *env);

/* The contact of an address. HubSpot is asked about one that it does not know
 * at most once a minute. 1/0/-1 */
int moment_contact(const struct feed_env *env, const char *email,
                   struct store_contact *out, struct error *err);

/* A record that makes no sense is left out, with a line in the log. */
void moment_skip(const char *feed, const char *id, const char *why);

#endif
