/* repair: see repair.h. */
#include "stages/tools/verify/repair.h"
#include "common/clock.h"
#include "common/ctl.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define ANSWER_MS 1500
#define LOOK_MS   500

bool
repair_chain_runs(const struct conf *conf)
{
    void *zmq = zmq_ctx_new();
    struct span reply;
    struct ctl *ctl;
    struct error err;
    bool runs = false;

    if (access(conf_run_dir(conf), X_OK) == 0 &&
        ctl_open(zmq, conf_run_dir(conf), "supervisor", &ctl, &err) == 0) {
        runs = ctl_ask(ctl, "ping", NULL, ANSWER_MS, &reply, &err) == 0;
        ctl_close(ctl);
    }
    zmq_ctx_term(zmq);
    return runs;
}

int
repair_ask(struct store *store, const struct findings *findings, int64_t *n,
           struct error *err)
{
    struct store_request r = {.at = clock_now_ms()};
    char last[EVENT_ID_MAX] = "";
    int rv = store_begin(store, err);

    *n = 0;
    if (rv < 0)
        return -1;
    for (size_t i = 0; i < findings->n && rv == 0; i++) {
        const struct finding *f = &findings->v[i];

        /* The properties of one record stand together. */
        if (f->request[0] == '\0' || strcmp(f->request, last) == 0)
            continue;
        snprintf(last, sizeof(last), "%s", f->request);
        snprintf(r.key, sizeof(r.key), "%s", f->request);
        snprintf(r.why, sizeof(r.why), "%s", finding_name(f->type));
        rv = store_request_put(store, &r, err);
        ++*n;
    }
    if (rv == 0)
        rv = store_commit(store, err);
    if (rv < 0)
        store_rollback(store);
    return rv;
}

static int
count(void *ctx, const struct store_request *r)
{
    (void)r;
    ++*(int64_t *)ctx;
    return 0;
}

/* The chain that runs takes them up by itself. */
static int
wait_for_chain(struct store *store, const struct conf *conf, struct error *err)
{
    const struct timespec pause = {LOOK_MS / 1000, LOOK_MS % 1000 * 1000000L};
    int64_t timeout = conf_ms(conf, "delivery", "sync_timeout");
    int64_t moved = clock_monotonic_ms();
    int64_t before = -1, n;

    for (;;) {
        n = 0;
        if (store_request_each(store, NULL, 0, INT_MAX, count, &n, err) < 0)
            return -1;
        if (n == 0)
            return 0;
        if (n != before)
            moved = clock_monotonic_ms();
        if (clock_monotonic_ms() - moved > timeout)
            return error_set(err, EX_TEMPFAIL,
                             "no request has ended for a long time ([delivery] "
                             "sync_timeout); %lld are left, and stay",
                             (long long)n);
        before = n;
        nanosleep(&pause, NULL);
    }
}

/* Our own standard output is for the report alone. */
static void
become_supervisor(const char *program, const char *conf_file)
{
    const char *const argv[] = {"supervisor", "sync",
                                conf_file != NULL ? "--conf" : NULL, conf_file,
                                NULL};

    if (dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
        execv(program, (char *const *)argv);
    _exit(127);
}

static int
run_pass(const char *conf_file, struct error *err)
{
    char program[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 16);
    char *slash;
    int status;
    pid_t pid;

    program[n > 0 ? n : 0] = '\0';
    slash = strrchr(program, '/');
    if (slash == NULL)
        return error_set(err, EX_OSERR, "this program's own folder is unknown");
    memcpy(slash, "/supervisor", sizeof("/supervisor"));
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        become_supervisor(program, conf_file);
    if (pid < 0)
        return error_set(err, EX_OSERR, "%s cannot be started: %s", program,
                         strerror(errno));
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return error_set(err, EX_OSERR, "waitpid: %s", strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == EX_OK)
        return 0;
    return error_set(err,
                     WIFEXITED(status) && WEXITSTATUS(status) > 1
                         ? WEXITSTATUS(status)
                         : EX_TEMPFAIL,
                     "the pass that was to mend it has failed (its own words "
                     "are above); what was asked for stays asked for");
}

int
repair_wait(struct store *store, const struct conf *conf, const char *conf_file,
            struct error *err)
{
    return repair_chain_runs(conf) ? wait_for_chain(store, conf, err)
                                   : run_pass(conf_file, err);
}
