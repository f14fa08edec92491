/* entry: see entry.h. */
#include "stages/tools/conflicts/entry.h"

#include "common/command.h"
#include "common/path.h"
#include "common/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define STAGE   "conflict-resolver"
#define LOOK_MS 50
#define BUSY_MS 500 /* another chain has just begun or ended */

struct entry {
    const struct conf *conf;
    struct conf_stage stage;
    char *replay;        /* the program */
    char path[PATH_MAX]; /* of the file for it */
    void *zmq;
    struct wire_out *wire; /* NULL: no chain has run yet */
    bool is_live;          /* in this round */
    FILE *file;
};

static void
pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

/* Whoever runs a chain holds the lock of its run folder. */
static bool
is_running(const struct conf *conf)
{
    char path[PATH_MAX];
    bool is_held;
    int fd;

    snprintf(path, sizeof(path), "%s/lock", conf_run_dir(conf));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    is_held = flock(fd, LOCK_SH | LOCK_NB) < 0;
    close(fd);
    return is_held;
}

int
entry_open(const struct conf *conf, struct entry **out, struct error *err)
{
    struct entry *e = calloc(1, sizeof(*e));

    if (e == NULL)
        abort();
    e->conf = conf;
    e->zmq = zmq_ctx_new();
    snprintf(e->path, sizeof(e->path), "%s/flip.%ld.events", conf_run_dir(conf),
             (long)getpid());
    if (conf_stage(conf, STAGE, &e->stage, err) < 0 ||
        command_find(conf, "build/supervisor", &e->replay, err) < 0 ||
        path_make_parent(e->path, err) < 0) {
        entry_close(e);
        return -1;
    }
    *out = e;
    return 0;
}

void
entry_close(struct entry *e)
{
    if (e == NULL)
        return;
    wire_out_close(e->wire);
    zmq_ctx_term(e->zmq);
    if (e->file != NULL)
        fclose(e->file);
    unlink(e->path);
    conf_stage_fini(&e->stage);
    free(e->replay);
    free(e);
}

static int
open_file(struct entry *e, struct error *err)
{
    int fd = open(e->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    e->file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (e->file != NULL)
        return 0;
    if (fd >= 0)
        close(fd);
    return error_set(err, EX_CANTCREAT, "%s: %s", e->path, strerror(errno));
}

int
entry_begin(struct entry *e, struct error *err)
{
    e->is_live = is_running(e->conf);
    if (!e->is_live)
        return open_file(e, err);
    return e->wire != NULL
               ? 0
               : wire_out_open(e->stage.input, e->zmq, &e->wire, err);
}

int
entry_put(struct entry *e, struct span event, struct error *err)
{
    /* What is not taken now is put in again. */
    if (e->is_live)
        return wire_out_put(e->wire, event, err) < 0 ? -1 : 0;
    if (fwrite(event.data, 1, event.len, e->file) != event.len)
        return error_set(err, EX_IOERR, "%s: %s", e->path, strerror(errno));
    return 0;
}

/* Its summary is of no use here; what goes wrong is told on standard error. */
static void
become_replay(const struct entry *e)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    dup2(null, STDOUT_FILENO);
    execl(e->replay, e->replay, "replay", e->path, "--at", STAGE, "--conf",
          conf_path(e->conf), "--json", (char *)NULL);
    _exit(EX_OSERR);
}

static int
replay(struct entry *e, struct error *err)
{
    int code = EX_SOFTWARE, status;
    pid_t pid = fork();

    if (pid == 0)
        become_replay(e);
    if (pid < 0)
        return error_set(err, EX_OSERR, "%s cannot be started: %s", e->replay,
                         strerror(errno));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status))
        code = WEXITSTATUS(status);
    if (code == 0)
        return 0;
    if (code == EX_TEMPFAIL) {
        pause_ms(BUSY_MS);
        return 0;
    }
    return error_set(err, code,
                     "the chain cannot run (its own words are above)");
}

int
entry_send(struct entry *e, struct error *err)
{
    bool is_bad;

    if (e->is_live)
        return wire_out_flush(e->wire, err) < 0 ? -1 : 0;
    is_bad = fclose(e->file) != 0;
    e->file = NULL;
    if (is_bad)
        return error_set(err, EX_IOERR, "%s: %s", e->path, strerror(errno));
    return replay(e, err);
}

bool
entry_wait(struct entry *e)
{
    if (e->is_live)
        pause_ms(LOOK_MS);
    return e->is_live;
}
