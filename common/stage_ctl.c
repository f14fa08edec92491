/* stage_ctl: the control socket (stats, ping, log) and the live tap. */
#include "common/stage_private.h"
#include "common/log.h"
#include "common/wire_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

static void *
open_socket(struct stage_ctx *ctx, int type, const char *suffix,
            struct error *err)
{
    char uri[4096];
    int linger = 0;
    void *s;

    snprintf(uri, sizeof(uri), "ipc://%s/%s.%s", conf_run_dir(ctx->conf),
             ctx->name, suffix);
    s = wire_socket(ctx->zmq, type, uri, true, err);
    if (s != NULL)
        zmq_setsockopt(s, ZMQ_LINGER, &linger, sizeof(linger));
    return s;
}

int
stage_ctl_open(struct stage_ctx *ctx, struct error *err)
{
    char uri[4096];
    int nodrop = 1;

    if (!ctx->is_live)
        return 0;
    /* Two stages of one name would steal each other's control socket. */
    snprintf(uri, sizeof(uri), "ipc://%s/%s.ctl", conf_run_dir(ctx->conf),
             ctx->name);
    if ((ctx->lock = wire_lock(uri, err)) < 0)
        return -1;
    ctx->ctl = open_socket(ctx, ZMQ_REP, "ctl", err);
    if (ctx->ctl == NULL)
        return -1;
    ctx->tap = open_socket(ctx, ZMQ_XPUB, "tap", err);
    if (ctx->tap == NULL)
        return -1;
    zmq_setsockopt(ctx->tap, ZMQ_XPUB_NODROP, &nodrop, sizeof(nodrop));
    return 0;
}

void
stage_ctl_close(struct stage_ctx *ctx)
{
    if (ctx->ctl != NULL)
        zmq_close(ctx->ctl);
    if (ctx->tap != NULL)
        zmq_close(ctx->tap);
    if (ctx->lock >= 0)
        close(ctx->lock);
}

static void
pack_stats(struct stage_ctx *ctx, msgpack_packer *pk)
{
    const struct stage *st = ctx->stage;

    msgpack_pack_map(pk, 9 + (st->stats != NULL ? st->n_stats : 0));
    mp_pack_str(pk, "ok");
    msgpack_pack_true(pk);
    mp_pack_kv_str(pk, "stage", ctx->name);
    mp_pack_kv_i64(pk, "pid", getpid());
    mp_pack_kv_i64(pk, "in", (int64_t)ctx->n_in);
    mp_pack_kv_i64(pk, "out", (int64_t)ctx->n_out);
    mp_pack_kv_i64(pk, "bad", (int64_t)ctx->n_bad);
    mp_pack_kv_i64(pk, "in_hand", (int64_t)ctx->n_kept);
    mp_pack_kv_i64(pk, "uptime_ms", clock_monotonic_ms() - ctx->started_at);
    mp_pack_str(pk, "ended");
    msgpack_pack_map(pk, STAGE_OUTCOMES);
    for (int i = 0; i < STAGE_OUTCOMES; i++)
        mp_pack_kv_i64(pk, stage_outcomes[i], (int64_t)ctx->n_ended[i]);
    if (st->stats != NULL)
        st->stats(ctx, pk);
}

static void
pack_reply(msgpack_packer *pk, struct stage_ctx *ctx, const char *error)
{
    msgpack_pack_map(pk, 3);
    mp_pack_str(pk, "ok");
    if (error == NULL)
        msgpack_pack_true(pk);
    else
        msgpack_pack_false(pk);
    mp_pack_kv_str(pk, "stage", ctx->name);
    if (error == NULL)
        mp_pack_kv_i64(pk, "pid", getpid());
    else
        mp_pack_kv_str(pk, "error", error);
}

/* A request is a string, "log debug", or an array of strings. */
static bool
parse_request(struct span bytes, char *command, char *argument, size_t size)
{
    char text[128] = "";
    struct span s;
    uint32_t n;
    size_t used;

    if (mp_skip(bytes.data, bytes.len, 4096, &used) != MP_OK ||
        used != bytes.len)
        return false;
    if (mp_array(&bytes, &n)) {
        for (uint32_t i = 0; i < n; i++) {
            size_t at = strlen(text);

            if (!mp_str(mp_next(&bytes), &s))
                return false;
            snprintf(text + at, sizeof(text) - at, "%s%.*s", i ? " " : "",
                     (int)s.len, (const char *)s.data);
        }
    } else if (mp_str(bytes, &s)) {
        snprintf(text, sizeof(text), "%.*s", (int)s.len, (const char *)s.data);
    }
    snprintf(command, size, "%.*s", (int)strcspn(text, " "), text);
    snprintf(argument, size, "%s",
             strchr(text, ' ') != NULL ? strchr(text, ' ') + 1 : "");
    return command[0] != '\0';
}

static void
answer(struct stage_ctx *ctx, struct span request, msgpack_sbuffer *out)
{
    char command[64], argument[64];
    enum log_level level;
    msgpack_packer pk;

    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    if (!parse_request(request, command, argument, sizeof(command))) {
        pack_reply(&pk, ctx, "a request is a string or an array of strings");
    } else if (strcmp(command, "ping") == 0) {
        pack_reply(&pk, ctx, NULL);
    } else if (strcmp(command, "stats") == 0) {
        pack_stats(ctx, &pk);
    } else if (strcmp(command, "log") == 0) {
        bool known = log_level_parse(argument, &level) == 0;

        if (known)
            log_set_level(level);
        pack_reply(&pk, ctx,
                   known ? NULL : "levels are debug, info, warn and error");
    } else {
        pack_reply(&pk, ctx, "known requests are stats, ping and log LEVEL");
    }
}

void
stage_ctl_serve(struct stage_ctx *ctx)
{
    zmq_msg_t msg;
    msgpack_sbuffer out;

    if (ctx->ctl == NULL)
        return;
    zmq_msg_init(&msg);
    while (zmq_msg_recv(&msg, ctx->ctl, ZMQ_DONTWAIT) >= 0) {
        msgpack_sbuffer_init(&out);
        answer(ctx, (struct span){zmq_msg_data(&msg), zmq_msg_size(&msg)},
               &out);
        zmq_send(ctx->ctl, out.data, out.size, ZMQ_DONTWAIT);
        msgpack_sbuffer_destroy(&out);
    }
    zmq_msg_close(&msg);
}

/* Count who is watching. */
void
stage_tap_serve(struct stage_ctx *ctx)
{
    uint8_t byte[64];

    while (ctx->tap != NULL &&
           zmq_recv(ctx->tap, byte, sizeof(byte), ZMQ_DONTWAIT) > 0)
        ctx->n_viewers += byte[0] == 1 ? 1 : -1;
}

static bool
tap_say_skipped(struct stage_ctx *ctx)
{
    msgpack_sbuffer out;
    msgpack_packer pk;
    bool sent;

    msgpack_sbuffer_init(&out);
    msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 1);
    mp_pack_kv_i64(&pk, "skipped", (int64_t)ctx->n_skipped);
    sent = zmq_send(ctx->tap, out.data, out.size, ZMQ_DONTWAIT) >= 0;
    msgpack_sbuffer_destroy(&out);
    return sent;
}

/* A slow viewer never holds the chain up: it misses messages and is told. */
void
stage_tap_send(struct stage_ctx *ctx, const void *bytes, size_t len)
{
    if (ctx->n_skipped > 0 && tap_say_skipped(ctx))
        ctx->n_skipped = 0;
    if (ctx->n_skipped > 0 || zmq_send(ctx->tap, bytes, len, ZMQ_DONTWAIT) < 0)
        ctx->n_skipped++;
}
