/* request: what an import is asked for, checked against the config. Pure. */
#ifndef SUPERVISOR_REQUEST_H
#define SUPERVISOR_REQUEST_H

#include "common/conf.h"

#define REQUEST_TYPES_SIZE 64

struct request {
    const char *from;               /* "hubspot" | "salesforce" */
    char types[REQUEST_TYPES_SIZE]; /* "call,email": what its fetcher reads */
    char since[24];                 /* ms since 1970 UTC in digits; "": all */
};

/* `kinds`: n of them; none: all that can be imported. `since` ("2025-01-01",
 * or a time as timetext.h reads it) and `from` may be NULL. -1: EX_USAGE, or
 * EX_CONFIG when what is asked for is not switched on. */
int request_read(const struct conf *conf, const char *const *kinds, int n,
                 const char *since, const char *from, struct request *out,
                 struct error *err);

#endif
