/* around: what a service's client asks of its caller around each call that it
 * tries again by itself. Any of the three may be NULL. */
#ifndef COMMON_AROUND_H
#define COMMON_AROUND_H

#include "common/error.h"
#include <stdbool.h>
#include <stddef.h>

struct around {
    /* Before the first try and after the last, so that a caller who is in a
     * transaction of the store need not hold it while the network is waited
     * for. -1 of either ends the call with that error; `after` is called
     * whatever happened. */
    int (*before)(void *ctx, struct error *err);
    int (*after)(void *ctx, struct error *err);
    /* Shall a call be tried again that has failed `tries` times? Not asked for
     * more tries than [delivery] max_tries. */
    bool (*again)(void *ctx, int tries);
    void *ctx;
};

/* -1: `before` says so, the call is not to be made. */
static inline int
around_before(const struct around *a, struct error *err)
{
    return a->before != NULL ? a->before(a->ctx, err) : 0;
}

/* The call has ended with `rv`; -1 with its error, or that of `after`. */
static inline int
around_after(const struct around *a, int rv, struct error *err)
{
    struct error why;

    if (a->after == NULL || a->after(a->ctx, &why) == 0 || rv < 0)
        return rv;
    if (err != NULL)
        *err = why;
    return -1;
}

static inline bool
around_again(const struct around *a, int tries)
{
    return a->again == NULL || a->again(a->ctx, tries);
}

#endif
