/* chain: see chain.h. */
#include "stages/tools/supervisor/chain.h"
#include "common/log.h"
#include "common/stage.h"
#include "stages/tools/supervisor/control.h"
#include "stages/tools/supervisor/instance.h"
#include "stages/tools/supervisor/restart.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#define GRACE_MS 2000 /* over the stage's own deadline */

static int
prepare(struct chain *c, const struct chain_options *options, struct error *err)
{
    static const char *const dry[] = {"--dry-run", NULL};

    if (options->dry_run && setenv(STAGE_DRY_RUN, "1", 1) < 0)
        abort();
    for (int i = 0; i < c->wiring.n; i++) {
        const struct conf_stage *s = &c->wiring.stage[i];
        struct child *child = &c->child[i];
        bool is_last = s->output[0] == '\0';

        child->is_source = wiring_is_source(&c->wiring, i);
        child->rank = wiring_rank(&c->wiring, i);
        child->keeps_stdout =
            options->dry_run && is_last && !options->stdout_is_ours;
        if (child_prepare(
                child, c->conf, s->name, s->command,
                options->dry_run && (is_last || child->is_source) ? dry : NULL,
                err) < 0)
            return -1;
        c->n = i + 1;
    }
    return 0;
}

static int
catch_signals(struct chain *c, struct error *err)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    c->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (c->signal_fd < 0)
        return error_set(err, EX_OSERR, "signalfd: %s", strerror(errno));
    return 0;
}

int
chain_open(struct chain *c, struct conf *conf,
           const struct chain_options *options, struct error *err)
{
    const struct rlimit no_core = {0, 0}; /* a core would hold the secrets */

    memset(c, 0, sizeof(*c));
    c->conf = conf;
    c->lock_fd = c->signal_fd = -1;
    c->drain_ms = conf_ms(conf, "delivery", "drain_timeout") + GRACE_MS;
    if (wiring_load(conf, &c->wiring, err) < 0)
        return -1;
    if (prepare(c, options, err) < 0 ||
        (c->lock_fd = instance_take(conf, err)) < 0 ||
        catch_signals(c, err) < 0)
        goto fail;
    setrlimit(RLIMIT_CORE, &no_core);
    c->zmq = zmq_ctx_new();
    if (control_open(c, err) < 0)
        goto fail;
    return 0;
fail:
    chain_close(c);
    return -1;
}

static void
set_state(struct child *child, enum child_state state)
{
    child->state = state;
    child->since_ms = clock_now_ms();
}

static void
wait_and_retry(struct child *child, int64_t lived_ms)
{
    child->pause_ms = restart_pause_ms(child->pause_ms, lived_ms);
    child->due_ms = clock_monotonic_ms() + child->pause_ms;
    set_state(child, CHILD_WAITING);
}

void
chain_start(struct chain *c, struct child *child)
{
    struct error err;

    (void)c;
    child->starts_again = false;
    child->started_ms = clock_monotonic_ms();
    if (child_spawn(child, &err) < 0) {
        log_write(LOG_ERROR, err.text, NULL);
        wait_and_retry(child, 0);
        return;
    }
    set_state(child, CHILD_RUNNING);
    log_write(LOG_DEBUG, "stage started", "name", child->name, NULL);
}

void
chain_start_stages(struct chain *c, int first)
{
    for (int rank = 0; rank <= c->wiring.n; rank++)
        for (int i = 0; i < c->wiring.n; i++)
            if (!c->child[i].is_source && c->child[i].rank == rank &&
                (first < 0 || rank <= c->child[first].rank))
                chain_start(c, &c->child[i]);
}

/* What becomes of a child that has ended by itself. */
static void
after_death(struct child *child, int64_t lived_ms)
{
    char how[80], pause[32];

    restart_describe(child->status, how, sizeof(how));
    if (child->is_once) {
        set_state(child, CHILD_STOPPED);
    } else if (restart_helps(child->status)) {
        wait_and_retry(child, lived_ms);
        snprintf(pause, sizeof(pause), "%llds",
                 (long long)child->pause_ms / 1000);
        log_write(LOG_WARN, "a stage has died and is started again", "name",
                  child->name, "end", how, "pause", pause, NULL);
    } else {
        set_state(child, CHILD_FAILED);
        log_write(LOG_ERROR,
                  "a stage has ended and a restart cannot help: mend what it "
                  "says above, then restart it",
                  "name", child->name, "end", how, NULL);
    }
}

static void
died(struct chain *c, struct child *child, int status)
{
    int64_t lived_ms = clock_monotonic_ms() - child->started_ms;

    child->pid = 0;
    child->status = status;
    child->has_ended = true;
    child->kill_ms = 0;
    if (child->state == CHILD_STOPPING && child->starts_again) {
        child->n_restarts++;
        child->pause_ms = 0;
        chain_start(c, child);
    } else if (child->state == CHILD_STOPPING) {
        set_state(child, CHILD_STOPPED);
    } else {
        after_death(child, lived_ms);
    }
}

static void
reap(struct chain *c)
{
    siginfo_t info;
    int status;

    for (;;) {
        info.si_pid = 0;
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
            info.si_pid == 0)
            return;
        /* While it is not yet reaped its group is surely its own: what it has
         * started and left behind goes with it. */
        kill(-info.si_pid, SIGKILL);
        if (waitpid(info.si_pid, &status, 0) != info.si_pid)
            return;
        for (int i = 0; i < c->n; i++)
            if (c->child[i].pid == info.si_pid)
                died(c, &c->child[i], status);
    }
}

static void
serve_signals(struct chain *c)
{
    struct signalfd_siginfo info;

    while (read(c->signal_fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGHUP) {
            for (int i = 0; i < c->n; i++)
                child_signal(&c->child[i], SIGHUP);
        } else if (info.ssi_signo != SIGCHLD) {
            /* Ctrl-C twice: somebody does not want to wait. */
            c->is_hurried |= c->stop_signal != 0 && info.ssi_signo == SIGINT;
            c->stop_signal = (int)info.ssi_signo;
        }
    }
}

/* Restarts and kills that are due. Returns in how many ms the next one is. */
static int
serve_times(struct chain *c, int timeout_ms)
{
    int64_t now = clock_monotonic_ms();

    for (int i = 0; i < c->n; i++) {
        struct child *child = &c->child[i];
        int64_t at =
            child->state == CHILD_WAITING ? child->due_ms : child->kill_ms;

        if (child->state == CHILD_WAITING && now >= at) {
            child->n_restarts++;
            chain_start(c, child);
        } else if (child->kill_ms != 0 && (now >= at || c->is_hurried)) {
            log_write(LOG_WARN, "a stage does not stop and is killed", "name",
                      child->name, NULL);
            child_signal(child, SIGKILL);
            child->kill_ms = now + 1000;
        } else if (at > now && at - now < timeout_ms &&
                   (child->state == CHILD_WAITING || child->kill_ms != 0)) {
            timeout_ms = (int)(at - now);
        }
    }
    return timeout_ms;
}

void
chain_step(struct chain *c, int timeout_ms, void *socket)
{
    zmq_pollitem_t items[3] = {{NULL, c->signal_fd, ZMQ_POLLIN, 0},
                               {c->ctl, 0, ZMQ_POLLIN, 0},
                               {socket, 0, ZMQ_POLLIN, 0}};

    timeout_ms = serve_times(c, timeout_ms);
    zmq_poll(items, socket != NULL ? 3 : 2, timeout_ms);
    serve_signals(c);
    reap(c);
    control_serve(c);
}

void
chain_stop_child(struct chain *c, struct child *child)
{
    if (child->state == CHILD_WAITING || child->state == CHILD_FAILED)
        set_state(child, CHILD_STOPPED);
    if (child->state != CHILD_RUNNING)
        return;
    set_state(child, CHILD_STOPPING);
    child->kill_ms = clock_monotonic_ms() + c->drain_ms;
    child_signal(child, SIGTERM);
}

bool
chain_restart(struct chain *c, const char *name)
{
    for (int i = 0; i < c->n; i++) {
        struct child *child = &c->child[i];

        if (strcmp(child->name, name) != 0 || c->stop_signal != 0 ||
            child->state == CHILD_IDLE || child->is_once)
            continue;
        chain_stop_child(c, child);
        if (child->state == CHILD_STOPPING) {
            child->starts_again = true;
        } else {
            child->n_restarts++;
            child->pause_ms = 0;
            chain_start(c, child);
        }
        return true;
    }
    return false;
}

static void
wait_for_end(struct chain *c, bool sources, int rank)
{
    bool runs;

    do {
        runs = false;
        for (int i = 0; i < c->n; i++) {
            struct child *child = &c->child[i];

            if (child->is_source != sources ||
                (!sources && child->rank != rank))
                continue;
            child->starts_again = false;
            chain_stop_child(c, child);
            runs |= child->state == CHILD_STOPPING;
        }
        if (runs)
            chain_step(c, 1000, NULL);
    } while (runs);
}

void
chain_stop(struct chain *c)
{
    wait_for_end(c, true, 0);
    for (int rank = c->wiring.n; rank >= 0; rank--)
        wait_for_end(c, false, rank);
}

void
chain_stop_idle(struct chain *c)
{
    for (int i = 0; i < c->n; i++)
        chain_stop_child(c, &c->child[i]);
    chain_stop(c);
}

struct child *
chain_failed(struct chain *c)
{
    for (int i = 0; i < c->n; i++)
        if (c->child[i].state == CHILD_FAILED)
            return &c->child[i];
    return NULL;
}

void
chain_close(struct chain *c)
{
    for (int i = 0; i < c->n; i++) {
        child_signal(&c->child[i], SIGKILL);
        if (c->child[i].pid > 0)
            waitpid(c->child[i].pid, NULL, 0);
        child_fini(&c->child[i]);
    }
    control_close(c);
    if (c->zmq != NULL)
        zmq_ctx_term(c->zmq);
    if (c->signal_fd >= 0)
        close(c->signal_fd);
    wiring_fini(&c->wiring);
    if (c->lock_fd >= 0)
        close(c->lock_fd);
}
