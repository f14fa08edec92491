/* limiter_shared: a limiter (limiter.h) that the processes of a pipeline share,
 * in a file, since a service counts the calls of all of them. Its clock is the
 * machine's, so a file from before its last start does no harm. A service that
 * says no holds all of them up. */
#ifndef COMMON_LIMITER_SHARED_H
#define COMMON_LIMITER_SHARED_H

#include "common/error.h"
#include "common/limiter.h"

#define LIMITER_HOLD_MAX_MS 60000

struct limiter_shared {
    struct limiter
        own; /* used where nobody shares it; its figures in any case */
    int64_t held_until_ms; /* likewise */
    int fd;                /* -1: nobody shares it */
};

/* `path` NULL: for this process alone. Its folder has to be there. -1
 * (EX_IOERR): the file cannot be used. End with limiter_shared_close(). */
int limiter_shared_open(struct limiter_shared *l, const char *path,
                        size_t calls, int64_t window_ms, struct error *err);
void limiter_shared_close(struct limiter_shared *l);
/* As limiter_set(). Of several processes that say so the last one counts. */
void limiter_shared_set(struct limiter_shared *l, size_t calls,
                        int64_t window_ms);

/* May a call begin now? Then it is counted, and 0 returned; else in how many
 * ms it is worth while to ask again. -1 (EX_IOERR): the file failed. */
int64_t limiter_shared_take(struct limiter_shared *l, int64_t now_ms,
                            struct error *err);
/* The same, without that one begins. */
int64_t limiter_shared_wait_ms(struct limiter_shared *l, int64_t now_ms,
                               struct error *err);
/* No call of any process is to begin in the next `ms`, at most
 * LIMITER_HOLD_MAX_MS; a longer hold that there is stands. A file that fails
 * says so at the next take. */
void limiter_shared_hold(struct limiter_shared *l, int64_t ms, int64_t now_ms);

#endif
