/* daemon: the chain in the background: start, stop, restart. */
#include "common/ctl.h"
#include "common/path.h"
#include "common/stage.h"
#include "stages/tools/supervisor/instance.h"
#include "stages/tools/supervisor/logfile.h"
#include "stages/tools/supervisor/modes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define START_MS  60000 /* for all stages to answer */
#define ANSWER_MS 1000
#define LOOK_MS   50

static void
pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static int
open_log(const struct conf *conf, char *path, size_t size, struct error *err)
{
    int fd;

    snprintf(path, size, "%s/log/crmpipe.log", conf_state_dir(conf));
    if (path_make_parent(path, err) < 0)
        return -1;
    fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, EX_CANTCREAT,
                         "%s: %s; see to it that the folder is writable", path,
                         strerror(errno));
    return fd;
}

/* What was logged as an error since `offset`, for the person who started it. */
static void
show_errors(int log, off_t offset)
{
    FILE *f = fdopen(dup(log), "r");
    char line[4200];

    if (f == NULL || fseeko(f, offset, SEEK_SET) < 0)
        return;
    while (fgets(line, sizeof(line), f) != NULL)
        if (strstr(line, " level=error ") != NULL)
            fputs(line, stderr);
    fclose(f);
}

/* In the new process: nothing of the terminal stays. */
static void
become_daemon(const struct tool *tool, struct conf *conf, const char *log)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct error err;
    int code;

    setsid();
    dup2(null, STDIN_FILENO);
    if (logfile_start(log, conf_size(conf, "log", "max"),
                      (int)conf_int(conf, "log", "keep"), &err) < 0)
        _exit(tool_fail(tool, &err));
    code = mode_run(tool, conf);
    logfile_stop();
    _exit(code);
}

enum readiness { NOT_YET, READY, FAILED };

static enum readiness
stage_ready(void *zmq, const struct conf *conf, const char *name,
            struct span child)
{
    char state[16];
    struct ctl *ctl;
    struct span reply;
    struct error err;
    enum readiness rv = NOT_YET;

    mp_get_str(child, "state", state, sizeof(state));
    if (strcmp(state, "failed") == 0)
        return FAILED;
    if (strcmp(state, "running") != 0 ||
        ctl_open(zmq, conf_run_dir(conf), name, &ctl, &err) < 0)
        return NOT_YET;
    if (ctl_ask(ctl, "ping", NULL, ANSWER_MS, &reply, &err) == 0)
        rv = READY;
    ctl_close(ctl);
    return rv;
}

/* Do all stages of the supervisor's stats answer? `slow` gets the name of one
 * that does not. */
static enum readiness
stages_ready(void *zmq, const struct conf *conf, struct span stats, char *slow,
             size_t size)
{
    struct span stages = mp_get(stats, "stages");
    struct span name;
    uint32_t n = 0;

    mp_map(&stages, &n);
    while (n-- > 0) {
        struct span key = mp_next(&stages);
        struct span child = mp_next(&stages);
        enum readiness ready;

        if (!mp_str(key, &name))
            continue;
        snprintf(slow, size, "%.*s", (int)name.len, (const char *)name.data);
        ready = stage_ready(zmq, conf, slow, child);
        if (ready != READY)
            return ready;
    }
    return READY;
}

/* Wait until the chain stands, or cannot. 0, or -1 with the reason. */
static int
wait_until_ready(void *zmq, const struct conf *conf, pid_t pid,
                 struct error *err)
{
    int64_t until = clock_monotonic_ms() + START_MS;
    char slow[64] = "supervisor";
    enum readiness ready = NOT_YET;
    struct span stats;
    struct ctl *ctl;
    int status;

    if (ctl_open(zmq, conf_run_dir(conf), "supervisor", &ctl, err) < 0)
        return -1;
    while (ready == NOT_YET && clock_monotonic_ms() < until) {
        if (waitpid(pid, &status, WNOHANG) == pid) {
            ctl_close(ctl);
            return error_set(
                err, WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE,
                "the chain did not start");
        }
        if (ctl_ask(ctl, "stats", NULL, ANSWER_MS, &stats, err) == 0)
            ready = stages_ready(zmq, conf, stats, slow, sizeof(slow));
        if (ready == NOT_YET)
            pause_ms(LOOK_MS);
    }
    if (ready == FAILED) {
        error_set(err, EX_CONFIG, "%s cannot work", slow);
        err->code = (int)mp_get_i64(mp_get(mp_get(stats, "stages"), slow),
                                    "exit", EX_CONFIG);
    } else if (ready == NOT_YET) {
        error_set(err, EX_UNAVAILABLE, "%s does not answer", slow);
    }
    ctl_close(ctl);
    return ready == READY ? 0 : -1;
}

/* Stop the chain of process `pid` and wait for its end. */
static int
end_chain(const struct conf *conf, pid_t pid, struct error *err)
{
    /* The fetchers together, then each stage, may take drain_timeout. */
    int64_t patience = 10000 + 8 * conf_ms(conf, "delivery", "drain_timeout");
    int64_t until = clock_monotonic_ms() + patience;

    if (kill(pid, SIGTERM) < 0 && errno != ESRCH)
        return error_set(err, EX_NOPERM, "process %d cannot be stopped: %s",
                         (int)pid, strerror(errno));
    while (instance_running(conf) == pid) {
        if (clock_monotonic_ms() > until)
            return error_set(err, EX_TEMPFAIL,
                             "process %d is still stopping; look into the log",
                             (int)pid);
        pause_ms(LOOK_MS);
    }
    return 0;
}

static int
check_alone(const struct conf *conf, struct error *err)
{
    pid_t pid = instance_running(conf);

    if (pid == 0)
        return 0;
    return error_set(err, EX_TEMPFAIL,
                     "a chain is running on this state folder already "
                     "(process %d)",
                     (int)pid);
}

static int
launch(const struct tool *tool, struct conf *conf, const char *log,
       struct error *err)
{
    struct error ignored;
    void *zmq;
    pid_t pid;
    int rv;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        become_daemon(tool, conf, log);
    if (pid < 0)
        return error_set(err, EX_OSERR, "fork: %s", strerror(errno));
    zmq = zmq_ctx_new();
    rv = wait_until_ready(zmq, conf, pid, err);
    zmq_ctx_term(zmq);
    if (rv < 0)
        end_chain(conf, pid, &ignored); /* a failed start leaves nothing */
    else
        printf("started: process %d\n", (int)pid);
    return rv;
}

int
mode_start(const struct tool *tool, struct conf *conf)
{
    char path[PATH_MAX];
    struct error err = {0};
    off_t before;
    int log, rv;

    if (check_alone(conf, &err) < 0)
        return tool_fail(tool, &err);
    log = open_log(conf, path, sizeof(path), &err);
    if (log < 0)
        return tool_fail(tool, &err);
    before = lseek(log, 0, SEEK_END);
    rv = launch(tool, conf, path, &err);
    if (rv < 0) {
        show_errors(log, before);
        error_wrap(&err, "not started (the log is %s)", path);
        tool_fail(tool, &err);
    }
    close(log);
    return rv < 0 ? err.code : EX_OK;
}

int
mode_stop(const struct tool *tool, struct conf *conf)
{
    pid_t pid = instance_running(conf);
    struct error err;

    if (pid == 0) {
        printf("not running\n");
        return EX_OK;
    }
    if (end_chain(conf, pid, &err) < 0)
        return tool_fail(tool, &err);
    printf("stopped\n");
    return EX_OK;
}

static int
restart_stage(struct conf *conf, const char *stage, struct error *err)
{
    void *zmq = zmq_ctx_new();
    struct span reply;
    struct ctl *ctl;
    int rv = -1;

    if (instance_running(conf) == 0) {
        error_set(err, EX_UNAVAILABLE, "the chain is not running");
    } else if (ctl_open(zmq, conf_run_dir(conf), "supervisor", &ctl, err) ==
               0) {
        rv = ctl_ask(ctl, "restart", stage, 5 * ANSWER_MS, &reply, err);
        ctl_close(ctl);
    }
    zmq_ctx_term(zmq);
    return rv;
}

int
mode_restart(const struct tool *tool, struct conf *conf, const char *stage)
{
    struct error err;
    int code;

    if (stage == NULL) {
        code = mode_stop(tool, conf);
        return code == EX_OK ? mode_start(tool, conf) : code;
    }
    if (restart_stage(conf, stage, &err) < 0)
        return tool_fail(tool, &err);
    printf("%s is restarting\n", stage);
    return EX_OK;
}
