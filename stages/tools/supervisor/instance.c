/* instance: see instance.h. */
#include "stages/tools/supervisor/instance.h"
#include "common/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_MS 50
#define OWN_TRIES     20 /* a `status` that looks holds the lock for a moment */
#define STAGE_TRIES   100 /* killed with their supervisor, but not gone yet */

static void
pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static pid_t
written_pid(int fd)
{
    char text[32];
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

    if (n <= 0)
        return 0;
    text[n] = '\0';
    return (pid_t)strtol(text, NULL, 10);
}

static int
lock_own(const char *dir, struct error *err)
{
    char path[PATH_MAX], text[32];
    int fd, n;

    snprintf(path, sizeof(path), "%s/lock", dir);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, EX_CANTCREAT,
                         "%s: %s; see to it that the folder is writable", path,
                         strerror(errno));
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if (i < OWN_TRIES) {
            pause_ms(LOOK_EVERY_MS);
            continue;
        }
        error_set(err, EX_TEMPFAIL,
                  "a chain is running on this state folder already (process "
                  "%d holds %s); stop it first, or use another state folder",
                  (int)written_pid(fd), path);
        close(fd);
        return -1;
    }
    n = snprintf(text, sizeof(text), "%d\n", (int)getpid());
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)n, 0) != n) {
        error_set(err, EX_IOERR, "%s: %s", path, strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

static bool
is_held(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0;

    if (fd >= 0)
        close(fd);
    return held;
}

/* Is a stage's lock (NAME.lock) held? Then its path is in `held`. */
static bool
stage_lock_held(const char *dir, char *held, size_t size)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    bool any = false;

    if (d == NULL)
        return false;
    while (!any && (e = readdir(d)) != NULL) {
        const char *dot = strrchr(e->d_name, '.');

        if (dot == NULL || strcmp(dot, ".lock") != 0)
            continue;
        snprintf(held, size, "%s/%s", dir, e->d_name);
        any = is_held(held);
    }
    closedir(d);
    return any;
}

int
instance_take(const struct conf *conf, struct error *err)
{
    const char *dir = conf_run_dir(conf);
    char held[PATH_MAX];
    int fd;

    if (path_make_dirs(dir, err) < 0)
        return -1;
    if (chmod(dir, 0700) < 0)
        return error_set(err, EX_NOPERM,
                         "%s: %s; see to its owner, and that it is writable",
                         dir, strerror(errno));
    fd = lock_own(dir, err);
    if (fd < 0)
        return -1;
    for (int i = 0; stage_lock_held(dir, held, sizeof(held)); i++) {
        if (i < STAGE_TRIES) {
            pause_ms(LOOK_EVERY_MS);
            continue;
        }
        close(fd);
        return error_set(err, EX_TEMPFAIL,
                         "a stage that was not started by this chain is still "
                         "running (it holds %s); end it first",
                         held);
    }
    return fd;
}

pid_t
instance_running(const struct conf *conf)
{
    char path[PATH_MAX];
    pid_t pid = 0;
    int fd;

    snprintf(path, sizeof(path), "%s/lock", conf_run_dir(conf));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (flock(fd, LOCK_SH | LOCK_NB) < 0) {
        /* It may just be writing its id. */
        for (int i = 0; (pid = written_pid(fd)) <= 0 && i < OWN_TRIES; i++)
            pause_ms(10);
    }
    close(fd);
    return pid;
}
