/* dispositions: what the outcome of a call is called. */
#ifndef FETCHER_HUBSPOT_DISPOSITIONS_H
#define FETCHER_HUBSPOT_DISPOSITIONS_H

#include "stages/fetcher/feed.h"

/* The label of a disposition's id (a GUID). The account's list is read at the
 * first call, and again for an unknown id, at most hourly. NULL: not to be had,
 * which is no error. Borrowed: valid until the next call. */
const char *dispositions_label(const struct feed_env *env, const char *id);

#endif
