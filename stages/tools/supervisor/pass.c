/* pass: see pass.h. */
#include "stages/tools/supervisor/pass.h"
#include "common/ctl.h"
#include "common/json.h"
#include "common/log.h"
#include "common/stage.h"
#include "stages/tools/supervisor/restart.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS        250
#define ANSWER_MS      2000
#define CRASHES_MAX    5    /* of one source in one pass */
#define FAILED_STOP_MS 3000 /* nothing can end any more: no long drain */

int
pass_begin(struct pass *pass, const struct tool *tool, struct conf *conf,
           const struct mode_flags *flags)
{
    struct chain_options options = {flags->dry_run, flags->json};

    memset(pass, 0, sizeof(*pass));
    pass->tool = tool;
    pass->flags = flags;
    pass->started_ms = clock_monotonic_ms();
    pass->sum = summary_new();
    if (chain_open(&pass->chain, conf, &options, &pass->err) < 0)
        return -1;
    pass->is_open = true;
    return 0;
}

void
pass_summary_path(const struct pass *pass, const char *name, char *buf,
                  size_t size)
{
    snprintf(buf, size, "%s/summary.%s.json", conf_run_dir(pass->chain.conf),
             name);
}

/* Has something happened that ends the pass? */
static int
check_failed(struct pass *pass)
{
    struct child *bad = chain_failed(&pass->chain);
    char how[80];

    if (pass->err.code != 0)
        return -1;
    if (pass->chain.stop_signal != 0)
        return error_set(&pass->err, 128 + pass->chain.stop_signal,
                         "stopped before the end by signal %d; the next pass "
                         "goes on from there",
                         pass->chain.stop_signal);
    if (bad == NULL)
        return 0;
    restart_describe(bad->status, how, sizeof(how));
    return error_set(&pass->err, restart_exit_code(bad->status),
                     "%s cannot work (%s; its own words are above)", bad->name,
                     how);
}

static void
show_stats(struct pass *pass, struct span stats)
{
    int64_t fetched = mp_get_i64(stats, "fetched", 0);
    int64_t in_flight = mp_get_i64(stats, "in_flight", 0);
    int64_t total = mp_get_i64(stats, "expected", 0);
    char note[64] = "";

    if (in_flight > 0)
        snprintf(note, sizeof(note), "%lld under way", (long long)in_flight);
    progress_show(
        &pass->progress, fetched > in_flight ? fetched - in_flight : 0,
        total > fetched ? total : fetched, note, clock_monotonic_ms());
}

/* Until the source has ended, or the pass has failed. */
static void
watch_source(struct pass *pass, struct child *source, struct ctl *ctl)
{
    int64_t asked_ms = 0;
    struct span stats;

    while (source->state == CHILD_RUNNING && check_failed(pass) == 0) {
        int64_t now = clock_monotonic_ms();

        if (now - asked_ms >= LOOK_MS) {
            ctl_send(ctl, "stats", NULL);
            asked_ms = now;
        }
        chain_step(&pass->chain, (int)(asked_ms + LOOK_MS - now), NULL);
        if (ctl_receive(ctl, 0, &stats) == 1)
            show_stats(pass, stats);
    }
    progress_end(&pass->progress);
}

static void
pause_before_retry(struct pass *pass, struct child *source)
{
    int64_t until;

    source->pause_ms = restart_pause_ms(source->pause_ms, 0);
    until = clock_monotonic_ms() + source->pause_ms;
    log_write(LOG_WARN, "a source was killed; it goes on from its checkpoint",
              "name", source->name, NULL);
    while (clock_monotonic_ms() < until && check_failed(pass) == 0)
        chain_step(&pass->chain, LOOK_MS, NULL);
    source->n_restarts++;
}

/* Start it, and start it again when it was killed (a crash is no verdict). */
static int
run_source(struct pass *pass, struct child *source, struct ctl *ctl)
{
    char how[80];

    for (;;) {
        progress_begin(&pass->progress, source->name, clock_monotonic_ms());
        chain_start(&pass->chain, source);
        watch_source(pass, source, ctl);
        if (check_failed(pass) < 0)
            return -1;
        if (!WIFSIGNALED(source->status) || source->n_restarts >= CRASHES_MAX)
            break;
        pause_before_retry(pass, source);
    }
    if (WIFEXITED(source->status) && WEXITSTATUS(source->status) == EX_OK)
        return 0;
    restart_describe(source->status, how, sizeof(how));
    return error_set(&pass->err, restart_exit_code(source->status),
                     "%s has given up (%s; its own words are above)",
                     source->name, how);
}

static void
say_done(const struct pass *pass, const struct child *source, int64_t fetched)
{
    int64_t ms = clock_monotonic_ms() - pass->progress.started_ms;

    fprintf(stderr, "%s: %lld events, %lld.%lld s\n", source->name,
            (long long)fetched, (long long)ms / 1000,
            (long long)ms % 1000 / 100);
}

int
pass_source(struct pass *pass, struct child *source)
{
    char path[PATH_MAX];
    int64_t before = summary_number(pass->sum, "fetched");
    struct ctl *ctl;
    struct error err;
    int rv;

    pass_summary_path(pass, source->name, path, sizeof(path));
    unlink(path);
    source->is_once = true;
    if (ctl_open(pass->chain.zmq, conf_run_dir(pass->chain.conf), source->name,
                 &ctl, &pass->err) < 0)
        return -1;
    rv = run_source(pass, source, ctl);
    ctl_close(ctl);
    if (summary_add_file(pass->sum, path, &err) < 0 && rv == 0) {
        pass->err = err;
        rv = error_wrap(&pass->err, "%s left no summary", source->name);
    }
    if (rv == 0)
        say_done(pass, source, summary_number(pass->sum, "fetched") - before);
    return rv;
}

/* The calls that the stages themselves have made: the writer's. */
static void
add_stage_calls(struct pass *pass)
{
    struct chain *c = &pass->chain;

    for (int i = 0; i < c->n; i++) {
        struct ctl *ctl;
        struct span stats;
        struct error err;
        cJSON *part;

        if (c->child[i].is_source || c->child[i].state != CHILD_RUNNING ||
            ctl_open(c->zmq, conf_run_dir(c->conf), c->child[i].name, &ctl,
                     &err) < 0)
            continue;
        if (ctl_ask(ctl, "stats", NULL, ANSWER_MS, &stats, &err) == 0 &&
            (part = json_from_mp(stats)) != NULL) {
            summary_add_calls(pass->sum, part);
            cJSON_Delete(part);
        }
        ctl_close(ctl);
    }
}

static void
stop(struct pass *pass)
{
    if (pass->err.code == 0)
        check_failed(pass);
    if (pass->err.code != 0 && pass->chain.drain_ms > FAILED_STOP_MS &&
        pass->chain.stop_signal == 0)
        pass->chain.drain_ms = FAILED_STOP_MS;
    add_stage_calls(pass);
    /* A pass that went well is over when every event has ended. */
    if (pass->err.code == 0)
        chain_stop_idle(&pass->chain);
    else
        chain_stop(&pass->chain);
    chain_close(&pass->chain);
}

int
pass_end(struct pass *pass)
{
    int code;

    if (pass->is_open)
        stop(pass);
    if (pass->err.code == 0 && summary_number(pass->sum, "held_dead") > 0)
        error_set(&pass->err, EX_TEMPFAIL,
                  "the dead letters are full ([delivery] dead_letters_max): "
                  "%lld events wait until some are dropped, or retried with "
                  "success (./run.sh dead)",
                  (long long)summary_number(pass->sum, "held_dead"));
    cJSON_AddNumberToObject(pass->sum, "seconds",
                            (double)(clock_monotonic_ms() - pass->started_ms) /
                                1000);
    cJSON_AddBoolToObject(pass->sum, "dry_run", pass->flags->dry_run);
    cJSON_AddBoolToObject(pass->sum, "ok", pass->err.code == 0);
    if (pass->err.code != 0)
        cJSON_AddStringToObject(pass->sum, "error", pass->err.text);
    if (pass->flags->json)
        summary_print_json(stdout, pass->sum);
    else if (pass->is_open)
        summary_print(stdout, pass->sum);
    cJSON_Delete(pass->sum);
    code = pass->err.code;
    if (code != 0)
        tool_fail(pass->tool, &pass->err);
    return fflush(stdout) == 0 ? code : EX_IOERR;
}
