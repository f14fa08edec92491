/* limiter_shared: see limiter_shared.h. The file is a head and then the ring,
 * read and written under a lock that ends with its process; not mapped: a full
 * disk is an error then, and no signal. */
#include "common/limiter_shared.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x31746d6c706d7263) /* "crmplmt1" */

/* Of one machine: its byte order. */
struct head {
    uint64_t magic, calls, n, at;
};

static bool
get(const struct limiter_shared *l, void *buf, size_t len, off_t at)
{
    return pread(l->fd, buf, len, at) == (ssize_t)len;
}

static bool
put(const struct limiter_shared *l, const void *buf, size_t len, off_t at)
{
    return pwrite(l->fd, buf, len, at) == (ssize_t)len;
}

static off_t
slot(uint64_t i)
{
    return (off_t)(sizeof(struct head) + i * sizeof(int64_t));
}

static bool
is_sound(const struct head *h)
{
    return h->magic == MAGIC && h->calls > 0 && h->calls <= LIMITER_CALLS_MAX &&
           h->n <= h->calls && h->at < h->calls;
}

/* Write the whole of it. */
static bool
write_all(const struct limiter_shared *l, const struct limiter *ring)
{
    const struct head h = {MAGIC, ring->calls, ring->n, ring->at};

    return put(l, ring->starts, ring->calls * sizeof(int64_t), slot(0)) &&
           put(l, &h, sizeof(h), 0);
}

/* It is of other figures than ours, or no ring at all: make it one of ours.
 * What has begun still counts. */
static bool
rebuild(const struct limiter_shared *l, const struct head *old)
{
    struct limiter ring;
    bool ok = true;

    if (is_sound(old)) {
        limiter_init(&ring, old->calls, l->own.window_ms);
        ok = get(l, ring.starts, old->calls * sizeof(int64_t), slot(0));
        ring.n = ok ? old->n : 0;
        ring.at = ok ? old->at : 0;
        limiter_set(&ring, l->own.calls, l->own.window_ms);
    } else {
        limiter_init(&ring, l->own.calls, l->own.window_ms);
    }
    ok = write_all(l, &ring);
    limiter_fini(&ring);
    return ok;
}

/* As limiter_shared_take(), under the lock. false: the file failed. */
static bool
take(struct limiter_shared *l, int64_t now_ms, int64_t *wait_ms)
{
    struct head h = {0};
    int64_t oldest = 0;

    get(l, &h, sizeof(h), 0);
    if (!is_sound(&h) || h.calls != l->own.calls) {
        if (!rebuild(l, &h) || !get(l, &h, sizeof(h), 0))
            return false;
    }
    if (h.n == h.calls && !get(l, &oldest, sizeof(oldest), slot(h.at)))
        return false;
    if (oldest > now_ms) /* of before the machine's last start */
        h.n = h.at = 0;
    *wait_ms =
        h.n < h.calls ? 0 : limiter_left_ms(oldest, l->own.window_ms, now_ms);
    if (*wait_ms > 0)
        return true;
    if (!put(l, &now_ms, sizeof(now_ms), slot((h.at + h.n) % h.calls)))
        return false;
    if (h.n < h.calls)
        h.n++;
    else
        h.at = (h.at + 1) % h.calls;
    return put(l, &h, sizeof(h), 0);
}

int
limiter_shared_open(struct limiter_shared *l, const char *path, size_t calls,
                    int64_t window_ms, struct error *err)
{
    limiter_init(&l->own, calls, window_ms);
    l->fd = -1;
    if (path == NULL)
        return 0;
    l->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (l->fd >= 0)
        return 0;
    error_set(err, EX_IOERR, "%s cannot be opened: %s", path, strerror(errno));
    limiter_fini(&l->own);
    return -1;
}

void
limiter_shared_close(struct limiter_shared *l)
{
    if (l->own.starts == NULL)
        return;
    limiter_fini(&l->own);
    if (l->fd >= 0)
        close(l->fd);
}

void
limiter_shared_set(struct limiter_shared *l, size_t calls, int64_t window_ms)
{
    limiter_set(&l->own, calls, window_ms);
}

int64_t
limiter_shared_take(struct limiter_shared *l, int64_t now_ms, struct error *err)
{
    int64_t wait_ms = -1;
    bool ok;

    if (l->fd < 0) {
        wait_ms = limiter_wait_ms(&l->own, now_ms);
        if (wait_ms == 0)
            limiter_take(&l->own, now_ms);
        return wait_ms;
    }
    while (flock(l->fd, LOCK_EX) < 0)
        if (errno != EINTR)
            return error_set(err, EX_IOERR,
                             "the calls of all processes cannot be counted: %s",
                             strerror(errno));
    errno = 0;
    ok = take(l, now_ms, &wait_ms);
    if (!ok)
        error_set(err, EX_IOERR,
                  "the calls of all processes cannot be counted: %s",
                  errno != 0 ? strerror(errno) : "the file is cut off");
    flock(l->fd, LOCK_UN);
    return ok ? wait_ms : -1;
}
