/* stage: see stage.h. Command line, config, signals and the loop. */
#include "common/stage.h"
#include "common/log.h"
#include "common/path.h"
#include "common/stage_private.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define TURN_EVENTS 256 /* events of one turn, between looks at the sockets */
#define QUIET_MS    100 /* a stop takes in what is still on its way so long */

const struct conf *
stage_conf(const struct stage_ctx *ctx)
{
    return ctx->conf;
}

const char *
stage_name(const struct stage_ctx *ctx)
{
    return ctx->name;
}

bool
stage_output_is_file(const struct stage_ctx *ctx)
{
    return ctx->out != NULL && wire_out_socket(ctx->out) == NULL;
}

void
stage_set_data(struct stage_ctx *ctx, void *data)
{
    ctx->data = data;
}

void *
stage_data(const struct stage_ctx *ctx)
{
    return ctx->data;
}

bool
stage_is_draining(const struct stage_ctx *ctx)
{
    return ctx->is_draining;
}

bool
stage_is_live(const struct stage_ctx *ctx)
{
    return ctx->is_live;
}

const char *
stage_flag(const struct stage_ctx *ctx, const char *name)
{
    const struct stage_flag *f = ctx->stage->flags;

    for (int i = 0; f != NULL && f[i].name != NULL; i++)
        if (strcmp(f[i].name, name) == 0)
            return ctx->flag_values[i];
    assert(!"an own flag");
    return NULL;
}

void
stage_fail(struct stage_ctx *ctx, const struct error *err)
{
    if (ctx->failed)
        return;
    log_write(LOG_ERROR, err->text, NULL);
    ctx->failed = true;
    ctx->exit_code = err->code != 0 ? err->code : EX_SOFTWARE;
}

static void
begin_drain(struct stage_ctx *ctx)
{
    if (ctx->is_draining)
        return;
    ctx->is_draining = true;
    ctx->drain_deadline =
        clock_monotonic_ms() + conf_ms(ctx->conf, "delivery", "drain_timeout");
}

static void
reload(struct stage_ctx *ctx)
{
    struct conf *conf;
    struct conf *old = ctx->conf;
    struct conf_stage wiring;
    struct error err;
    enum log_level level;

    if (conf_load(conf_path(old), &conf, &err) < 0)
        goto refused;
    if (conf_stage(conf, ctx->name, &wiring, &err) < 0 ||
        (ctx->stage->reload != NULL &&
         ctx->stage->reload(ctx, conf, &err) < 0)) {
        conf_free(conf);
        goto refused;
    }
    /* The sockets stay as they are: a new wiring needs a restart. */
    ctx->wiring.name = ctx->name;
    ctx->wiring.command = "";
    conf_stage_fini(&wiring);
    ctx->conf = conf;
    conf_free(old);
    if (log_level_parse(conf_str(conf, "log", "level"), &level) == 0)
        log_set_level(level);
    log_write(LOG_INFO, "config reread", NULL);
    return;
refused:
    log_write(LOG_ERROR, "new config refused, the old one stays", "reason",
              err.text, NULL);
}

static void
serve_signals(struct stage_ctx *ctx)
{
    struct signalfd_siginfo info;

    while (read(ctx->signal_fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGHUP) {
            reload(ctx);
        } else {
            log_write(LOG_DEBUG, "stopping", NULL);
            begin_drain(ctx);
        }
    }
}

static size_t
poll_items(struct stage_ctx *ctx, bool with_input, zmq_pollitem_t *items)
{
    size_t n = 0;
    int fd;
    void *s;

    items[n++] = (zmq_pollitem_t){NULL, ctx->signal_fd, ZMQ_POLLIN, 0};
    if (ctx->ctl != NULL)
        items[n++] = (zmq_pollitem_t){ctx->ctl, 0, ZMQ_POLLIN, 0};
    if (ctx->tap != NULL)
        items[n++] = (zmq_pollitem_t){ctx->tap, 0, ZMQ_POLLIN, 0};
    if (with_input && ctx->in != NULL && !ctx->in_ended) {
        s = wire_in_socket(ctx->in, &fd);
        items[n++] = (zmq_pollitem_t){s, fd, ZMQ_POLLIN, 0};
    }
    if (ctx->out_blocked && wire_out_socket(ctx->out) != NULL)
        items[n++] =
            (zmq_pollitem_t){wire_out_socket(ctx->out), 0, ZMQ_POLLOUT, 0};
    return n;
}

void
stage_wait(struct stage_ctx *ctx, bool with_input, int timeout_ms)
{
    zmq_pollitem_t items[5];
    size_t n = poll_items(ctx, with_input, items);

    zmq_poll(items, (int)n, timeout_ms);
    serve_signals(ctx);
    stage_ctl_serve(ctx);
    stage_tap_serve(ctx);
}

bool
stage_breathe(struct stage_ctx *ctx)
{
    stage_wait(ctx, false, 0);
    return !ctx->is_draining && !ctx->failed;
}

static void
take_event(struct stage_ctx *ctx, struct span bytes)
{
    struct event ev;
    struct error err;

    if (event_parse(&ev, bytes.data, bytes.len, &err) < 0) {
        ctx->n_in += stage_refuse(ctx, bytes, &err);
        return;
    }
    ctx->n_in++;
    ctx->taken = 0;
    ctx->stage->event(ctx, &ev);
    if (ctx->taken == 0 && !ctx->failed) {
        struct outcome o = {.outcome = "dead", .reason = "swallowed"};

        log_write(LOG_ERROR, "a rule neither passed nor ended an event", NULL);
        stage_end(ctx, &ev, &o);
    }
    event_fini(&ev);
}

static void
take_outcome(struct stage_ctx *ctx, struct span bytes)
{
    struct outcome o;
    struct error err;

    if (outcome_parse(&o, bytes.data, bytes.len, &err) < 0) {
        ctx->n_bad++;
        if (complaint_told(&ctx->complaint, clock_monotonic_ms()))
            log_write(LOG_ERROR, "outcome refused", "reason", err.text, NULL);
        return;
    }
    ctx->n_in++;
    ctx->stage->outcome(ctx, &o);
}

/* One turn of input. Returns how many values came; *more: there may be more. */
static int
take_input(struct stage_ctx *ctx, bool *more)
{
    bool in_batch = false;
    struct span value;
    struct error err;
    int n = 0;

    *more = true;
    while (n < TURN_EVENTS && !ctx->failed) {
        enum wire_status st = wire_in_next(ctx->in, &value, &err);

        if (st == WIRE_EMPTY || st == WIRE_END) {
            *more = false;
            ctx->in_ended = st == WIRE_END;
            break;
        }
        n++;
        if (st == WIRE_BAD) {
            ctx->n_bad++;
            if (complaint_told(&ctx->complaint, clock_monotonic_ms()))
                log_write(LOG_ERROR, "input refused", "from", ctx->in_uri,
                          "reason", err.text, NULL);
            if (!ctx->is_live)
                ctx->exit_code = EX_DATAERR;
            continue;
        }
        if (!in_batch && ctx->stage->batch_begin != NULL)
            ctx->stage->batch_begin(ctx);
        in_batch = true;
        if (ctx->stage->is_source)
            take_outcome(ctx, value);
        else
            take_event(ctx, value);
    }
    if (in_batch && ctx->stage->batch_end != NULL)
        ctx->stage->batch_end(ctx);
    return n;
}

/* Is there nothing left to do at a stop? */
static bool
is_drained(struct stage_ctx *ctx, int64_t *quiet_since, int n_input)
{
    int64_t now = clock_monotonic_ms();

    if (now > ctx->drain_deadline) {
        log_write(LOG_WARN, "stopping with work in hand: it will be sent again",
                  NULL);
        return true;
    }
    if (ctx->stage->drain != NULL && !ctx->stage->drain(ctx))
        return false;
    if (n_input > 0 || ctx->out_blocked || *quiet_since == 0)
        *quiet_since = n_input > 0 || ctx->out_blocked ? 0 : now;
    /* What is on the wire to a live stage still arrives. */
    return *quiet_since != 0 && (!ctx->is_live || ctx->stage->is_source ||
                                 now - *quiet_since >= QUIET_MS);
}

static int
time_out(struct stage_ctx *ctx, int work_in, bool more)
{
    if (more && !ctx->out_blocked)
        return 0;
    if (ctx->is_draining && (work_in < 0 || work_in > 20))
        return 20;
    return work_in;
}

static void
loop(struct stage_ctx *ctx)
{
    const struct stage *st = ctx->stage;
    int64_t quiet_since = 0;
    int work_in = st->work != NULL ? 0 : -1;
    int n = 0;

    while (!ctx->failed) {
        bool more = false;

        /* A file is read while the output takes what comes of it; a socket
         * that is not read holds back its sender. */
        if (ctx->in != NULL && !ctx->in_ended &&
            (!ctx->out_blocked || st->is_source))
            n = take_input(ctx, &more);
        if (ctx->failed)
            break;
        if (ctx->in_ended)
            begin_drain(ctx);
        if (st->work != NULL)
            work_in = st->work(ctx);
        if (!more || st->is_source)
            stage_flush(ctx);
        if (ctx->is_draining && !more && is_drained(ctx, &quiet_since, n))
            break;
        n = 0;
        stage_wait(ctx, !ctx->out_blocked || st->is_source,
                   time_out(ctx, work_in, more));
    }
}

static int
usage(const struct stage *stage, const char *wrong)
{
    FILE *out = wrong != NULL ? stderr : stdout;
    const struct stage_flag *f = stage->flags;

    if (wrong != NULL)
        fprintf(out, "%s: unknown or incomplete argument: %s\n", stage->name,
                wrong);
    fprintf(out,
            "usage: %s [--conf FILE] [--name NAME]%s [--out URI]\n"
            "URI: ipc://PATH tcp://HOST:PORT file:PATH -\n",
            stage->name, stage->is_source ? "" : " [--in URI]");
    for (int i = 0; f != NULL && f[i].name != NULL; i++)
        fprintf(out, "  %s%s  %s\n", f[i].name, f[i].has_value ? " VALUE" : "",
                f[i].help);
    return wrong != NULL ? EX_USAGE : EX_OK;
}

struct arguments {
    const char *conf, *name, *in, *out;
};

/* 0, or the argument that is wrong is in *wrong. */
static int
parse_arguments(struct stage_ctx *ctx, int argc, char **argv,
                struct arguments *args, const char **wrong)
{
    const struct stage_flag *f = ctx->stage->flags;
    const char **values[] = {&args->conf, &args->name, &args->in, &args->out};
    static const char *const common[] = {"--conf", "--name", "--in", "--out"};

    for (int i = 1; i < argc; i++) {
        bool known = false;

        *wrong = argv[i];
        for (size_t k = 0; k < 4 && !known; k++) {
            if (strcmp(argv[i], common[k]) != 0)
                continue;
            if (++i >= argc)
                return -1;
            *values[k] = argv[i];
            known = true;
        }
        for (int k = 0; f != NULL && f[k].name != NULL && !known; k++) {
            if (strcmp(argv[i], f[k].name) != 0)
                continue;
            if (f[k].has_value && ++i >= argc)
                return -1;
            ctx->flag_values[k] = f[k].has_value ? argv[i] : "";
            known = true;
        }
        if (!known)
            return -1;
    }
    return 0;
}

/* Without --conf: pipeline.conf here, else the one that is installed. */
static const char *
default_conf(void)
{
    static char path[PATH_MAX];

    if (access("pipeline.conf", R_OK) == 0)
        return "pipeline.conf";
    snprintf(path, sizeof(path), "%s/pipeline.conf", path_root());
    return path;
}

/* A URI of the command line is meant from where the command was typed. */
static const char *
own_uri(const char *uri, const char *scheme, char *buf, size_t size)
{
    size_t n = strlen(scheme);
    char here[PATH_MAX];

    if (strncmp(uri, scheme, n) != 0 || uri[n] == '/' ||
        getcwd(here, sizeof(here)) == NULL)
        return uri;
    snprintf(buf, size, "%s%s/%s", scheme, here, uri + n);
    return buf;
}

static int
configure(struct stage_ctx *ctx, const struct arguments *args,
          struct error *err)
{
    static char in[2 * PATH_MAX], out[2 * PATH_MAX];
    enum log_level level;

    if (strlen(args->name) >= sizeof(ctx->name))
        return error_set(err, EX_CONFIG, "stage name is too long");
    snprintf(ctx->name, sizeof(ctx->name), "%s", args->name);
    log_name(ctx->name);
    if (conf_load(args->conf != NULL ? args->conf : default_conf(), &ctx->conf,
                  err) < 0 ||
        conf_stage(ctx->conf, ctx->name, &ctx->wiring, err) < 0)
        return -1;
    if (log_level_parse(conf_str(ctx->conf, "log", "level"), &level) == 0)
        log_set_level(level);
    ctx->in_uri = ctx->stage->is_source ? ctx->wiring.outcomes
                  : args->in != NULL
                      ? own_uri(args->in, "ipc://", in, sizeof(in))
                      : ctx->wiring.input;
    ctx->out_uri = args->out != NULL
                       ? own_uri(args->out, "ipc://", out, sizeof(out))
                       : ctx->wiring.output;
    ctx->is_live = strncmp(ctx->in_uri, "ipc://", 6) == 0 ||
                   strncmp(ctx->in_uri, "tcp://", 6) == 0;
    if (!ctx->stage->is_source && ctx->in_uri[0] == '\0')
        return error_set(err, EX_CONFIG,
                         "stage %s has no input: set [stage.%s] input, or --in",
                         ctx->name, ctx->name);
    return 0;
}

static int
catch_signals(struct stage_ctx *ctx, struct error *err)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    /* Before the first ZeroMQ thread, which inherits the mask. */
    sigprocmask(SIG_BLOCK, &set, NULL);
    ctx->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (ctx->signal_fd < 0)
        return error_set(err, EX_OSERR, "signalfd: %s", strerror(errno));
    return 0;
}

static int
run(struct stage_ctx *ctx, const struct arguments *args)
{
    struct error err = {0};
    bool opened = false;

    if (configure(ctx, args, &err) < 0 || catch_signals(ctx, &err) < 0)
        goto fail;
    ctx->zmq = zmq_ctx_new();
    ctx->started_at = clock_monotonic_ms();
    if (stage_ctl_open(ctx, &err) < 0 || stage_io_open(ctx, &err) < 0)
        goto fail;
    if (ctx->stage->open != NULL && ctx->stage->open(ctx, &err) < 0)
        goto fail;
    opened = true;
    log_write(LOG_DEBUG, "ready", "input", ctx->in_uri, "output", ctx->out_uri,
              NULL);
    loop(ctx);
    if (!ctx->failed && ctx->is_draining)
        stage_flush(ctx);
    goto out;
fail:
    log_write(LOG_ERROR, err.text, NULL);
    ctx->exit_code = err.code;
out:
    if (opened && ctx->stage->close != NULL)
        ctx->stage->close(ctx);
    stage_io_close(ctx);
    stage_ctl_close(ctx);
    if (ctx->zmq != NULL)
        zmq_ctx_term(ctx->zmq);
    if (ctx->signal_fd >= 0)
        close(ctx->signal_fd);
    conf_stage_fini(&ctx->wiring);
    conf_free(ctx->conf);
    return ctx->exit_code;
}

int
stage_main(const struct stage *stage, int argc, char **argv)
{
    struct stage_ctx ctx = {
        .stage = stage, .signal_fd = -1, .lock = -1, .capture_fd = -1};
    struct arguments args = {.name = stage->name};
    const char *wrong = NULL;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stage, NULL);
    if (parse_arguments(&ctx, argc, argv, &args, &wrong) < 0)
        return usage(stage, wrong);
    return run(&ctx, &args);
}
