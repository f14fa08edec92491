/* wire_out: the sending side of wire.h. */
#include "common/wire.h"
#include "common/path.h"
#include "common/wire_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define PACK_VALUES 64
#define PACK_BYTES  (64u * 1024)

struct wire_out {
    void *socket; /* NULL: a file, or nowhere */
    int fd;       /* -1: nowhere */
    uint8_t *buf;
    size_t len, cap, n_values;
    void (*sent)(void *ctx, const void *bytes, size_t len);
    void *sent_ctx;
};

static int
open_file(struct wire_out *out, const char *uri, struct error *err)
{
    if (strcmp(uri, "null:") == 0)
        return 0;
    if (strcmp(uri, "-") == 0) {
        out->fd = STDOUT_FILENO;
        return 0;
    }
    uri += strlen("file:");
    out->fd = open(uri, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out->fd < 0)
        return error_set(err, EX_CANTCREAT, "%s: %s", uri, strerror(errno));
    return 0;
}

int
wire_out_open(const char *uri, void *zmq, struct wire_out **result,
              struct error *err)
{
    struct wire_out *out;

    if (wire_check(uri, false, err) < 0)
        return -1;
    out = calloc(1, sizeof(*out));
    if (out == NULL)
        abort();
    out->fd = -1;
    if (strncmp(uri, "ipc://", 6) == 0 || strncmp(uri, "tcp://", 6) == 0) {
        out->socket = wire_socket(zmq, ZMQ_PUSH, uri, false, err);
        if (out->socket == NULL)
            goto fail;
    } else if (open_file(out, uri, err) < 0) {
        goto fail;
    }
    *result = out;
    return 0;
fail:
    free(out);
    return -1;
}

void
wire_out_close(struct wire_out *out)
{
    if (out == NULL)
        return;
    if (out->socket != NULL)
        zmq_close(out->socket);
    if (out->fd > STDOUT_FILENO)
        close(out->fd);
    free(out->buf);
    free(out);
}

void
wire_out_linger(struct wire_out *out, int ms)
{
    if (out->socket != NULL)
        zmq_setsockopt(out->socket, ZMQ_LINGER, &ms, sizeof(ms));
}

void *
wire_out_socket(struct wire_out *out)
{
    return out->socket;
}

void
wire_out_watch(struct wire_out *out,
               void (*sent)(void *ctx, const void *bytes, size_t len),
               void *ctx)
{
    out->sent = sent;
    out->sent_ctx = ctx;
}

static int
write_all(struct wire_out *out, struct error *err)
{
    size_t done = 0;

    while (out->fd >= 0 && done < out->len) {
        ssize_t n = write(out->fd, out->buf + done, out->len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, EX_IOERR, "writing: %s", strerror(errno));
        done += (size_t)n;
    }
    return 1;
}

int
wire_out_flush(struct wire_out *out, struct error *err)
{
    if (out->len == 0)
        return 1;
    if (out->socket != NULL) {
        if (zmq_send(out->socket, out->buf, out->len, ZMQ_DONTWAIT) < 0) {
            if (errno == EAGAIN || errno == EINTR)
                return 0;
            return error_set(err, EX_OSERR, "sending: %s", zmq_strerror(errno));
        }
    } else if (write_all(out, err) < 0) {
        return -1;
    }
    if (out->sent != NULL)
        out->sent(out->sent_ctx, out->buf, out->len);
    out->len = 0;
    out->n_values = 0;
    return 1;
}

int
wire_out_put(struct wire_out *out, struct span value, struct error *err)
{
    int rv;

    if (out->n_values > 0 &&
        (out->n_values >= PACK_VALUES || out->len + value.len > PACK_BYTES)) {
        rv = wire_out_flush(out, err);
        if (rv != 1)
            return rv;
    }
    if (out->cap - out->len < value.len) {
        size_t cap = out->len + value.len + PACK_BYTES;
        uint8_t *buf = realloc(out->buf, cap);

        if (buf == NULL)
            abort();
        out->buf = buf;
        out->cap = cap;
    }
    memcpy(out->buf + out->len, value.data, value.len);
    out->len += value.len;
    out->n_values++;
    return 1;
}
