/* stage_io: events and outcomes on their way out, capture files. */
#include "common/stage_private.h"
#include "common/log.h"
#include "common/path.h"
#include "common/step.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#define OUTCOME_LINGER_MS 100

/* The last one is no end to the fetcher, but here the event is out of hand. */
const char *const stage_outcomes[STAGE_OUTCOMES] = {"written", "unchanged",
                                                    "dropped", "dead", "again"};

static int
capture_open(struct stage_ctx *ctx, struct error *err)
{
    struct stat st;

    if (path_make_parent(ctx->wiring.capture, err) < 0)
        return -1;
    ctx->capture_fd = open(ctx->wiring.capture,
                           O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (ctx->capture_fd < 0)
        return error_set(err, EX_CANTCREAT, "%s: %s", ctx->wiring.capture,
                         strerror(errno));
    ctx->capture_len =
        fstat(ctx->capture_fd, &st) == 0 ? (int64_t)st.st_size : 0;
    return 0;
}

static void
capture_roll(struct stage_ctx *ctx)
{
    char old[4096];
    struct error err;

    snprintf(old, sizeof(old), "%s.1", ctx->wiring.capture);
    close(ctx->capture_fd);
    ctx->capture_fd = -1;
    if (rename(ctx->wiring.capture, old) < 0)
        log_write(LOG_WARN, "capture file cannot be rolled", "file",
                  ctx->wiring.capture, "reason", strerror(errno), NULL);
    if (capture_open(ctx, &err) < 0)
        log_write(LOG_WARN, "capturing ends", "reason", err.text, NULL);
}

/* A capture that fails must not stop the chain: it ends, and says so. */
static void
capture_put(struct stage_ctx *ctx, const void *bytes, size_t len)
{
    ssize_t n;

    if (ctx->capture_len > 0 &&
        ctx->capture_len + (int64_t)len > ctx->wiring.capture_max)
        capture_roll(ctx);
    if (ctx->capture_fd < 0)
        return;
    do {
        n = write(ctx->capture_fd, bytes, len);
    } while (n < 0 && errno == EINTR);
    if (n == (ssize_t)len) {
        ctx->capture_len += n;
        return;
    }
    /* Half a message would spoil what is captured after it. */
    if (n > 0 && ftruncate(ctx->capture_fd, ctx->capture_len) < 0)
        log_write(LOG_WARN, "capture file ends in half a message", "file",
                  ctx->wiring.capture, NULL);
    log_write(LOG_WARN, "capturing ends", "file", ctx->wiring.capture, "reason",
              n < 0 ? strerror(errno) : "disk full", NULL);
    close(ctx->capture_fd);
    ctx->capture_fd = -1;
}

static void
message_sent(void *data, const void *bytes, size_t len)
{
    struct stage_ctx *ctx = data;

    if (ctx->capture_fd >= 0)
        capture_put(ctx, bytes, len);
    if (ctx->n_viewers > 0)
        stage_tap_send(ctx, bytes, len);
}

static void
outcomes_sent(void *data, const void *bytes, size_t len)
{
    (void)data;
    (void)bytes;
    (void)len;
    step("after-outcome");
}

/* The outcome wire of a source, opened when it is first needed. */
static struct wire_out *
sink_of(struct stage_ctx *ctx, const char *source)
{
    char uri[4096];
    const char *pattern = ctx->wiring.outcomes;
    const char *at = strstr(pattern, "{source}");
    const char *key = at != NULL ? source : "";
    struct stage_sink *sink;
    struct error err;

    for (int i = 0; i < ctx->n_sinks; i++)
        if (strcmp(ctx->sinks[i].source, key) == 0)
            return ctx->sinks[i].out;
    if (ctx->n_sinks == STAGE_SOURCES_MAX || strchr(source, '/') != NULL)
        return NULL; /* a source that nobody knows: bytes of a stranger */
    sink = &ctx->sinks[ctx->n_sinks];
    if (at == NULL)
        snprintf(uri, sizeof(uri), "%s", pattern);
    else
        snprintf(uri, sizeof(uri), "%.*s%s%s", (int)(at - pattern), pattern,
                 source, at + strlen("{source}"));
    if (wire_out_open(uri, ctx->zmq, &sink->out, &err) < 0) {
        log_write(LOG_ERROR, "outcomes cannot be sent", "to", uri, "reason",
                  err.text, NULL);
        return NULL;
    }
    /* To a fetcher that has gone nothing needs to be told any more. */
    wire_out_linger(sink->out, OUTCOME_LINGER_MS);
    wire_out_watch(sink->out, outcomes_sent, NULL);
    snprintf(sink->source, sizeof(sink->source), "%s", key);
    ctx->n_sinks++;
    return sink->out;
}

static void
send_outcome(struct stage_ctx *ctx, const struct outcome *o)
{
    struct wire_out *out;
    struct error err;
    msgpack_sbuffer bytes;

    if (!ctx->sends_outcomes || (out = sink_of(ctx, o->source)) == NULL)
        return;
    msgpack_sbuffer_init(&bytes);
    outcome_encode(o, &bytes);
    /* A fetcher that is away loses nothing by a lost outcome: it sends the
     * event again and gets another. */
    step("before-outcome");
    if (wire_out_put(out,
                     (struct span){(const uint8_t *)bytes.data, bytes.size},
                     &err) != 1)
        log_write(LOG_DEBUG, "outcome not sent: the fetcher is away", "id",
                  o->id, NULL);
    msgpack_sbuffer_destroy(&bytes);
}

static void
say_started(struct stage_ctx *ctx)
{
    static const char *const sources[] = {"hubspot", "salesforce"};
    struct outcome o = {.outcome = "started", .seq = (uint64_t)ctx->started_at};

    snprintf(o.stage, sizeof(o.stage), "%s", ctx->name);
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        snprintf(o.source, sizeof(o.source), "%s", sources[i]);
        send_outcome(ctx, &o);
    }
}

int
stage_io_open(struct stage_ctx *ctx, struct error *err)
{
    ctx->capture_fd = -1;
    msgpack_sbuffer_init(&ctx->scratch);
    if (ctx->in_uri[0] != '\0') {
        if (wire_in_open(ctx->in_uri, ctx->zmq, &ctx->in, err) < 0)
            return error_wrap(err, "input");
    }
    if (ctx->out_uri[0] != '\0') {
        if (wire_out_open(ctx->out_uri, ctx->zmq, &ctx->out, err) < 0)
            return error_wrap(err, "output");
        wire_out_watch(ctx->out, message_sent, ctx);
    }
    if (ctx->wiring.capture[0] != '\0' && capture_open(ctx, err) < 0)
        return error_wrap(err, "capture");
    ctx->sends_outcomes = ctx->is_live && !ctx->stage->is_source &&
                          ctx->wiring.outcomes[0] != '\0';
    if (ctx->sends_outcomes)
        say_started(ctx);
    return 0;
}

void
stage_io_close(struct stage_ctx *ctx)
{
    wire_in_close(ctx->in);
    wire_out_close(ctx->out);
    for (int i = 0; i < ctx->n_sinks; i++)
        wire_out_close(ctx->sinks[i].out);
    if (ctx->capture_fd >= 0)
        close(ctx->capture_fd);
    msgpack_sbuffer_destroy(&ctx->scratch);
}

bool
stage_flush(struct stage_ctx *ctx)
{
    struct error err;
    bool all = true;

    for (int i = 0; i < ctx->n_sinks; i++)
        wire_out_flush(ctx->sinks[i].out, &err);
    if (ctx->out != NULL) {
        int rv = wire_out_flush(ctx->out, &err);

        if (rv < 0)
            stage_fail(ctx, &err);
        all = rv != 0;
    }
    ctx->out_blocked = !all;
    return all;
}

int
stage_send(struct stage_ctx *ctx, struct span event)
{
    struct error err;
    int rv = wire_out_put(ctx->out, event, &err);

    if (rv < 0)
        stage_fail(ctx, &err);
    ctx->out_blocked = rv == 0;
    ctx->n_out += rv == 1;
    return rv < 0 ? 0 : rv;
}

void
stage_pass(struct stage_ctx *ctx, struct event *ev)
{
    struct error err;

    assert(ctx->taken == 0);
    ctx->taken = 1;
    ctx->scratch.size = 0;
    if (event_encode(ev, &ctx->scratch, &err) < 0) {
        struct outcome o = {.outcome = "dead", .reason = "too-large"};

        ctx->taken = 0;
        stage_end(ctx, ev, &o);
        return;
    }
    if (ctx->out == NULL)
        return;
    ctx->n_kept++; /* until it is handed on: who asks meanwhile finds it here */
    while (!ctx->failed &&
           stage_send(ctx, (struct span){(const uint8_t *)ctx->scratch.data,
                                         ctx->scratch.size}) == 0) {
        /* The next stage is away or slow. What cannot be handed on before the
         * deadline of a stop is sent again by the fetcher. */
        if (ctx->is_draining && clock_monotonic_ms() > ctx->drain_deadline)
            break;
        stage_wait(ctx, false, 100);
    }
    ctx->n_kept--;
}

static void
count_end(struct stage_ctx *ctx, const char *outcome)
{
    for (int i = 0; i < STAGE_OUTCOMES; i++)
        if (strcmp(stage_outcomes[i], outcome) == 0)
            ctx->n_ended[i]++;
}

void
stage_end(struct stage_ctx *ctx, struct event *ev, struct outcome *o)
{
    assert(ctx->taken == 0);
    ctx->taken = 1;
    event_trace(ev, ctx->name, o->outcome, o->reason);
    event_str(ev, EVENT_ID, o->id, sizeof(o->id));
    event_str(ev, EVENT_SOURCE, o->source, sizeof(o->source));
    o->seq = (uint64_t)event_i64(ev, EVENT_SEQ, 0);
    o->trace = ev->field[EVENT_TRACE];
    event_str(ev, EVENT_KIND, o->kind, sizeof(o->kind));
    o->occurred_at = event_i64(ev, EVENT_OCCURRED_AT, 0);
    snprintf(o->stage, sizeof(o->stage), "%s", ctx->name);
    count_end(ctx, o->outcome);
    send_outcome(ctx, o);
}

void
stage_keep(struct stage_ctx *ctx, struct event *ev)
{
    (void)ev;
    assert(ctx->taken == 0);
    ctx->taken = 1;
    ctx->n_kept++;
}

void
stage_end_later(struct stage_ctx *ctx, struct outcome *o)
{
    assert(ctx->n_kept > 0);
    ctx->n_kept--;
    snprintf(o->stage, sizeof(o->stage), "%s", ctx->name);
    count_end(ctx, o->outcome);
    send_outcome(ctx, o);
}

/* As if the hook had it in hand now: it is passed, or ended if it has become
 * too large. */
void
stage_pass_later(struct stage_ctx *ctx, struct event *ev)
{
    assert(ctx->n_kept > 0);
    ctx->n_kept--;
    ctx->taken = 0;
    stage_pass(ctx, ev);
}

/* Well-formed MessagePack that is no event that we can work with: where it says
 * who sent it, the fetcher gets an outcome and keeps a dead letter. */
bool
stage_refuse(struct stage_ctx *ctx, struct span bytes, const struct error *why)
{
    struct outcome o = {.outcome = "dead", .reason = "bad-event"};
    int64_t seq = mp_get_i64(bytes, "seq", -1);

    ctx->n_bad++;
    mp_get_str(bytes, "id", o.id, sizeof(o.id));
    if (complaint_told(&ctx->complaint, clock_monotonic_ms()))
        log_write(LOG_ERROR, "event refused", "reason", why->text, "id", o.id,
                  NULL);
    if (seq < 0 || o.id[0] == '\0' ||
        mp_get_str(bytes, "source", o.source, sizeof(o.source)) == 0)
        return false;
    o.seq = (uint64_t)seq;
    snprintf(o.stage, sizeof(o.stage), "%s", ctx->name);
    snprintf(o.detail, sizeof(o.detail), "%s", why->text);
    count_end(ctx, o.outcome);
    send_outcome(ctx, &o);
    return true;
}
