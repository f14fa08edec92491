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

#define MAGIC UINT64_C(0x32746d6c706d7263) /* "crmplmt2" */

/* Of one machine: its byte order. */
struct head {
    uint64_t magic, calls, n, at;
    int64_t held_until_ms;
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
write_all(const struct limiter_shared *l, const struct limiter *ring,
          int64_t held_until_ms)
{
    const struct head h = {MAGIC, ring->calls, ring->n, ring->at,
                           held_until_ms};

    return put(l, ring->starts, ring->calls * sizeof(int64_t), slot(0)) &&
           put(l, &h, sizeof(h), 0);
}

/* It is of other figures than ours, or no ring at all: make it one of ours.
 * What has begun still counts. */
static bool
rebuild(const struct limiter_shared *l, const struct head *old)
{
    int64_t held_until_ms = is_sound(old) ? old->held_until_ms : 0;
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
    ok = write_all(l, &ring, held_until_ms);
    limiter_fini(&ring);
    return ok;
}

/* The head of a ring of our figures. */
static bool
get_head(const struct limiter_shared *l, struct head *h)
{
    get(l, h, sizeof(*h), 0);
    if (is_sound(h) && h->calls == l->own.calls)
        return true;
    return rebuild(l, h) && get(l, h, sizeof(*h), 0);
}

/* How long a hold lasts yet; one that is too long is of before the machine's
 * last start. */
static int64_t
held_ms(int64_t held_until_ms, int64_t now_ms)
{
    int64_t left = held_until_ms - now_ms;

    return left > 0 && left <= LIMITER_HOLD_MAX_MS ? left : 0;
}

/* How long until a call may begin, under the lock. false: the file failed. */
static bool
look(const struct limiter_shared *l, int64_t now_ms, struct head *h,
     int64_t *wait_ms)
{
    int64_t oldest = 0;

    if (!get_head(l, h))
        return false;
    *wait_ms = held_ms(h->held_until_ms, now_ms);
    if (*wait_ms > 0)
        return true;
    if (h->n == h->calls && !get(l, &oldest, sizeof(oldest), slot(h->at)))
        return false;
    if (oldest > now_ms) /* of before the machine's last start */
        h->n = h->at = 0;
    *wait_ms =
        h->n < h->calls ? 0 : limiter_left_ms(oldest, l->own.window_ms, now_ms);
    return true;
}

/* A call begins, under the lock. */
static bool
count(const struct limiter_shared *l, int64_t now_ms, struct head *h)
{
    if (!put(l, &now_ms, sizeof(now_ms), slot((h->at + h->n) % h->calls)))
        return false;
    if (h->n < h->calls)
        h->n++;
    else
        h->at = (h->at + 1) % h->calls;
    return put(l, h, sizeof(*h), 0);
}

int
limiter_shared_open(struct limiter_shared *l, const char *path, size_t calls,
                    int64_t window_ms, struct error *err)
{
    limiter_init(&l->own, calls, window_ms);
    l->held_until_ms = 0;
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

static bool
lock(const struct limiter_shared *l)
{
    while (flock(l->fd, LOCK_EX) < 0)
        if (errno != EINTR)
            return false;
    errno = 0;
    return true;
}

static int64_t
wait_alone(const struct limiter_shared *l, int64_t now_ms)
{
    int64_t held = held_ms(l->held_until_ms, now_ms);

    return held > 0 ? held : limiter_wait_ms(&l->own, now_ms);
}

/* `takes`: and it begins, if it may. */
static int64_t
ask(struct limiter_shared *l, bool takes, int64_t now_ms, struct error *err)
{
    struct head h = {0};
    int64_t wait_ms = -1;
    bool ok;

    if (l->fd < 0) {
        wait_ms = wait_alone(l, now_ms);
        if (takes && wait_ms == 0)
            limiter_take(&l->own, now_ms);
        return wait_ms;
    }
    ok = lock(l) && look(l, now_ms, &h, &wait_ms) &&
         (!takes || wait_ms > 0 || count(l, now_ms, &h));
    if (!ok)
        error_set(err, EX_IOERR,
                  "the calls of all processes cannot be counted: %s",
                  errno != 0 ? strerror(errno) : "the file is cut off");
    flock(l->fd, LOCK_UN);
    return ok ? wait_ms : -1;
}

int64_t
limiter_shared_take(struct limiter_shared *l, int64_t now_ms, struct error *err)
{
    return ask(l, true, now_ms, err);
}

int64_t
limiter_shared_wait_ms(struct limiter_shared *l, int64_t now_ms,
                       struct error *err)
{
    return ask(l, false, now_ms, err);
}

void
limiter_shared_hold(struct limiter_shared *l, int64_t ms, int64_t now_ms)
{
    struct head h = {0};

    if (ms > LIMITER_HOLD_MAX_MS)
        ms = LIMITER_HOLD_MAX_MS;
    if (l->fd < 0) {
        if (held_ms(l->held_until_ms, now_ms) < ms)
            l->held_until_ms = now_ms + ms;
        return;
    }
    if (lock(l) && get_head(l, &h) && held_ms(h.held_until_ms, now_ms) < ms) {
        h.held_until_ms = now_ms + ms;
        put(l, &h, sizeof(h), 0);
    }
    flock(l->fd, LOCK_UN);
}
