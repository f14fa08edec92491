/* wire: see wire.h. wire_out.c has the sending side. */
#include "common/wire.h"
#include "common/path.h"
#include "common/url.h"
#include "common/wire_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <zmq.h>

#define READ_CHUNK (256u * 1024)
/* What libzmq takes in at all. Larger than a message may be, so that a message
 * that is somewhat too large is refused here, with a line in the log, and not
 * silently by libzmq. */
#define ZMQ_TAKES_MAX (4ll * MP_MESSAGE_MAX)
#define HIGH_WATER    64 /* messages; the flow control is the fetcher's window */

struct wire_in {
    void *socket; /* NULL: a file */
    int fd, lock;
    zmq_msg_t msg; /* the message that is being taken apart */
    bool has_msg;
    uint8_t *buf; /* bytes of a file not yet given out: [at, len) */
    size_t at, len, cap;
    uint64_t offset; /* of buf[at] in the file, of the value in the message */
    bool is_end, is_bad;
};

int
wire_check(const char *uri, bool is_input, struct error *err)
{
    if (strcmp(uri, "-") == 0 || strncmp(uri, "ipc:///", 7) == 0 ||
        (strncmp(uri, "file:", 5) == 0 && uri[5] != '\0') ||
        (!is_input && strcmp(uri, "null:") == 0))
        return 0;
    if (strncmp(uri, "tcp://", 6) == 0)
        return url_check_tcp(uri, err);
    return error_set(err, EX_CONFIG,
                     "\"%s\" is none of ipc:///PATH tcp://HOST:PORT file:PATH "
                     "-%s",
                     uri, is_input ? "" : " null:");
}

void *
wire_socket(void *zmq, int type, const char *uri, bool is_bind,
            struct error *err)
{
    char address[PATH_MAX + 64];
    void *s = zmq_socket(zmq, type);
    int hwm = HIGH_WATER, linger = 1000, ivl = 10, ivl_max = 500;
    int64_t max = ZMQ_TAKES_MAX;

    if (s == NULL) {
        error_set(err, EX_OSERR, "zmq_socket: %s", zmq_strerror(errno));
        return NULL;
    }
    zmq_setsockopt(s, ZMQ_SNDHWM, &hwm, sizeof(hwm));
    zmq_setsockopt(s, ZMQ_RCVHWM, &hwm, sizeof(hwm));
    zmq_setsockopt(s, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_setsockopt(s, ZMQ_RECONNECT_IVL, &ivl, sizeof(ivl));
    zmq_setsockopt(s, ZMQ_RECONNECT_IVL_MAX, &ivl_max, sizeof(ivl_max));
    zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &max, sizeof(max));
    snprintf(address, sizeof(address), "%s", uri);
    if (strncmp(uri, "ipc://", 6) == 0 &&
        path_ipc(uri + 6, address, sizeof(address), err) < 0)
        goto fail;
    if ((is_bind ? zmq_bind(s, address) : zmq_connect(s, address)) < 0) {
        error_set(err, errno == EADDRINUSE ? EX_TEMPFAIL : EX_CANTCREAT,
                  "%s: cannot %s: %s", uri, is_bind ? "bind" : "connect",
                  zmq_strerror(errno));
        goto fail;
    }
    return s;
fail:
    zmq_close(s);
    return NULL;
}

int
wire_lock(const char *uri, struct error *err)
{
    char path[PATH_MAX];
    int fd;

    snprintf(path, sizeof(path), "%s.lock", uri + strlen("ipc://"));
    if (path_make_parent(path, err) < 0)
        return -1;
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, EX_CANTCREAT, "%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        close(fd);
        return error_set(err, EX_TEMPFAIL,
                         "%s: another process is reading there (it holds "
                         "%s); stop it first",
                         uri, path);
    }
    return fd;
}

static int
open_file(struct wire_in *in, const char *uri, struct error *err)
{
    if (strcmp(uri, "-") == 0) {
        in->fd = STDIN_FILENO;
        return 0;
    }
    in->fd = open(uri + strlen("file:"), O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return error_set(err, EX_NOINPUT, "%s: %s", uri + strlen("file:"),
                         strerror(errno));
    return 0;
}

int
wire_in_open(const char *uri, void *zmq, struct wire_in **out,
             struct error *err)
{
    struct wire_in *in;

    if (wire_check(uri, true, err) < 0)
        return -1;
    in = calloc(1, sizeof(*in));
    if (in == NULL)
        abort();
    in->fd = in->lock = -1;
    if (strcmp(uri, "-") == 0 || strncmp(uri, "file:", 5) == 0) {
        if (open_file(in, uri, err) < 0)
            goto fail;
    } else {
        if (strncmp(uri, "ipc://", 6) == 0 &&
            (in->lock = wire_lock(uri, err)) < 0)
            goto fail;
        in->socket = wire_socket(zmq, ZMQ_PULL, uri, true, err);
        if (in->socket == NULL)
            goto fail;
    }
    *out = in;
    return 0;
fail:
    wire_in_close(in);
    return -1;
}

void
wire_in_close(struct wire_in *in)
{
    if (in == NULL)
        return;
    if (in->has_msg)
        zmq_msg_close(&in->msg);
    if (in->socket != NULL)
        zmq_close(in->socket);
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    if (in->lock >= 0)
        close(in->lock);
    free(in->buf);
    free(in);
}

void *
wire_in_socket(struct wire_in *in, int *fd)
{
    *fd = in->fd;
    return in->socket;
}

/* Read on; 1: bytes came, 0: the end, -1: error. */
static int
fill(struct wire_in *in, struct error *err)
{
    ssize_t n;

    if (in->at > 0) {
        memmove(in->buf, in->buf + in->at, in->len - in->at);
        in->len -= in->at;
        in->at = 0;
    }
    if (in->cap - in->len < READ_CHUNK) {
        size_t cap = in->cap == 0 ? 2 * READ_CHUNK : 2 * in->cap;
        uint8_t *buf = realloc(in->buf, cap);

        if (buf == NULL)
            abort();
        in->buf = buf;
        in->cap = cap;
    }
    do {
        n = read(in->fd, in->buf + in->len, READ_CHUNK);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_set(err, EX_IOERR, "reading: %s", strerror(errno));
    in->len += (size_t)n;
    return n > 0;
}

static enum wire_status
file_bad(struct wire_in *in, const char *what, struct error *err)
{
    in->is_end = true;
    error_set(err, EX_DATAERR, "at byte %" PRIu64 ": value is %s", in->offset,
              what);
    return WIRE_BAD;
}

static enum wire_status
next_of_file(struct wire_in *in, struct span *value, struct error *err)
{
    size_t size;

    while (!in->is_end) {
        enum mp_status st =
            mp_skip(in->buf + in->at, in->len - in->at, MP_EVENT_MAX, &size);

        if (st == MP_OK) {
            *value = (struct span){in->buf + in->at, size};
            in->at += size;
            in->offset += size;
            return WIRE_VALUE;
        }
        if (st != MP_MORE)
            return file_bad(in, mp_status_text(st), err);
        switch (fill(in, err)) {
        case 1:
            break;
        case 0:
            if (in->len > in->at)
                return file_bad(in, "truncated", err);
            in->is_end = true;
            break;
        default:
            in->is_end = true;
            return WIRE_BAD;
        }
    }
    return WIRE_END;
}

static enum wire_status
message_bad(struct wire_in *in, const char *what, struct error *err)
{
    error_set(err, EX_DATAERR,
              "message of %zu bytes, at byte %zu: value is %s; the rest of the "
              "message is left out",
              zmq_msg_size(&in->msg), in->at, what);
    in->at = zmq_msg_size(&in->msg);
    return WIRE_BAD;
}

static enum wire_status
next_of_socket(struct wire_in *in, struct span *value, struct error *err)
{
    const uint8_t *bytes;
    enum mp_status st;
    size_t len, size;

    while (!in->has_msg || in->at == zmq_msg_size(&in->msg)) {
        if (in->has_msg)
            zmq_msg_close(&in->msg);
        in->has_msg = false;
        zmq_msg_init(&in->msg);
        if (zmq_msg_recv(&in->msg, in->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&in->msg);
            return WIRE_EMPTY;
        }
        in->has_msg = true;
        in->at = 0;
        if (zmq_msg_size(&in->msg) > MP_MESSAGE_MAX)
            return message_bad(in, "too large (limit 8 MiB a message)", err);
    }
    bytes = (const uint8_t *)zmq_msg_data(&in->msg) + in->at;
    len = zmq_msg_size(&in->msg) - in->at;
    st = mp_skip(bytes, len, MP_EVENT_MAX, &size);
    if (st != MP_OK)
        return message_bad(in, mp_status_text(st), err);
    *value = (struct span){bytes, size};
    in->at += size;
    return WIRE_VALUE;
}

enum wire_status
wire_in_next(struct wire_in *in, struct span *value, struct error *err)
{
    return in->socket != NULL ? next_of_socket(in, value, err)
                              : next_of_file(in, value, err);
}
