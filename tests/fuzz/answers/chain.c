/* chain: see chain.h. */
#include "tests/fuzz/answers/chain.h"

#include "common/text.h"
#include "common/timetext.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* An event that came and has no outcome yet. */
struct pending {
    uint64_t seq;
    char id[EVENT_ID_MAX];
};

struct stage_ctx {
    const char *source;
    struct input *in;
    int breaths_left;
    bool is_draining, has_failed;
    struct pending *pending;
    size_t n, size;
};

static struct stage_ctx chain;

struct stage_ctx *
chain_begin(const char *source, struct input *in, int stop_after)
{
    chain.source = source;
    chain.in = in;
    chain.breaths_left = stop_after;
    chain.is_draining = chain.has_failed = false;
    chain.n = 0;
    return &chain;
}

/* Every text in a value is UTF-8, as who unpacks it in another language
 * expects. */
static void
check_texts(struct span value)
{
    struct span text, inner = value;
    uint32_t n;

    if (mp_str(value, &text))
        check(text_is_valid((const char *)text.data, text.len));
    if (mp_map(&inner, &n))
        n *= 2;
    else if (!mp_array(&inner, &n))
        n = 0;
    for (; n > 0; n--)
        check_texts(mp_next(&inner));
}

/* What the design says of an event that a fetcher sends. */
static void
check_event(const struct event *ev, struct span bytes)
{
    char id[EVENT_ID_MAX + 1], key[EVENT_ID_MAX + 1], text[EVENT_ID_MAX + 1];
    int64_t modified_at = event_i64(ev, EVENT_MODIFIED_AT, -1);

    event_str(ev, EVENT_ID, id, sizeof(id));
    event_str(ev, EVENT_KEY, key, sizeof(key));
    snprintf(text, sizeof(text), "%s:", chain.source);
    check(strncmp(key, text, strlen(text)) == 0 && strlen(key) > strlen(text));
    snprintf(text, sizeof(text), "@%" PRId64, modified_at);
    check(strncmp(id, key, strlen(key)) == 0 &&
          strcmp(id + strlen(key), text) == 0);
    check(modified_at > 0 && modified_at <= TIMETEXT_MAX);
    check(strcmp(event_str(ev, EVENT_SOURCE, text, sizeof(text)),
                 chain.source) == 0);
    event_str(ev, EVENT_OP, text, sizeof(text));
    check(strcmp(text, "upsert") == 0 || strcmp(text, "delete") == 0);
    check(ev->field[EVENT_NATIVE].data != NULL);
    check(bytes.len <= MP_EVENT_MAX);
    check_texts(bytes);
}

int
stage_send(struct stage_ctx *ctx, struct span bytes)
{
    struct pending *p;
    struct event ev;
    struct error err;

    if (input_byte(ctx->in) % 16 == 15)
        return 0;
    check(event_parse(&ev, bytes.data, bytes.len, &err) == 0);
    check_event(&ev, bytes);
    if (ctx->n == ctx->size) {
        ctx->size = ctx->size > 0 ? 2 * ctx->size : 256;
        ctx->pending = realloc(ctx->pending, ctx->size * sizeof(*p));
        check(ctx->pending != NULL);
    }
    p = &ctx->pending[ctx->n++];
    p->seq = (uint64_t)event_i64(&ev, EVENT_SEQ, 0);
    event_str(&ev, EVENT_ID, p->id, sizeof(p->id));
    event_fini(&ev);
    return 1;
}

void
chain_answer(struct engine *engine, bool all)
{
    static const char *const ends[][2] = {{"written", ""},
                                          {"dropped", "no-contact"},
                                          {"dropped", "before-contact-sync"},
                                          {"unchanged", ""},
                                          {"dead", "field-too-long"},
                                          {"", ""}};
    size_t kept = 0;

    for (size_t i = 0; i < chain.n; i++) {
        const char *const *end = ends[input_byte(chain.in) % N(ends)];
        struct outcome o = {.seq = chain.pending[i].seq};

        if (end[0][0] == '\0' && !all) {
            chain.pending[kept++] = chain.pending[i];
            continue;
        }
        snprintf(o.source, sizeof(o.source), "%s", chain.source);
        snprintf(o.id, sizeof(o.id), "%s", chain.pending[i].id);
        snprintf(o.outcome, sizeof(o.outcome), "%s",
                 end[0][0] != '\0' ? end[0] : "written");
        snprintf(o.reason, sizeof(o.reason), "%s", end[1]);
        engine_outcome(engine, &o);
    }
    chain.n = kept;
    engine_batch_end(engine);
}

size_t
chain_pending(void)
{
    return chain.n;
}

bool
chain_has_ended(void)
{
    return chain.is_draining || chain.has_failed;
}

bool
chain_has_failed(void)
{
    return chain.has_failed;
}

bool
chain_breathe(void *ctx)
{
    (void)ctx;
    if (chain.breaths_left > 0 && --chain.breaths_left == 0)
        chain.is_draining = true;
    return !chain.is_draining;
}

bool
stage_is_draining(const struct stage_ctx *ctx)
{
    return ctx->is_draining;
}

void
stage_fail(struct stage_ctx *ctx, const struct error *err)
{
    check(err->code != 0 && err->text[0] != '\0');
    ctx->has_failed = true;
}

const char *
stage_name(const struct stage_ctx *ctx)
{
    return ctx->source;
}

bool
stage_output_is_file(const struct stage_ctx *ctx)
{
    (void)ctx;
    return false;
}

/* A pass ends as the skeleton ends: by a signal to itself. */
int
raise(int signal)
{
    if (signal != SIGTERM)
        return kill(getpid(), signal);
    chain.is_draining = true;
    return 0;
}
