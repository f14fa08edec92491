/* logfile: see logfile.h. */
#include "stages/tools/supervisor/logfile.h"
#include "common/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* So much may be written while the disk is slow, before the stages wait. */
#define PIPE_BYTES  (1024 * 1024)
#define CHUNK_BYTES (64 * 1024)

static struct logfile {
    bool is_running;
    char path[PATH_MAX];
    int64_t max, size, try_at; /* try_at: the size at which to rotate */
    int keep;
    struct stat is; /* the file that is open */
    int fd, pipe_fd, stop_fd;
    char buf[CHUNK_BYTES]; /* what has come, up to the end of its last line */
    size_t len;
    pthread_t thread;
} the;

static int
open_file(struct logfile *l, struct error *err)
{
    int fd = open(l->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0 || fstat(fd, &l->is) < 0) {
        error_set(err, EX_CANTCREAT, "%s: %s", l->path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    if (l->fd >= 0)
        close(l->fd);
    l->fd = fd;
    l->size = l->is.st_size;
    l->try_at = l->max;
    return 0;
}

/* PATH.1 becomes PATH.2, and so on; the oldest goes. */
static int
shift_files(const struct logfile *l, struct error *err)
{
    char from[PATH_MAX + 16], to[PATH_MAX + 16];

    for (int i = l->keep; i > 0; i--) {
        snprintf(to, sizeof(to), "%s.%d", l->path, i);
        snprintf(from, sizeof(from), i > 1 ? "%s.%d" : "%s", l->path, i - 1);
        if (rename(from, to) < 0 && errno != ENOENT)
            return error_set(err, EX_CANTCREAT, "%s to %s: %s", from, to,
                             strerror(errno));
    }
    return 0;
}

/* Before `more` bytes are written: is it still the file of that name, and is
 * there room in it? When a new one cannot be had, the old one is used on. */
static void
turn(struct logfile *l, size_t more)
{
    struct stat st;
    bool is_away = stat(l->path, &st) < 0 || st.st_ino != l->is.st_ino ||
                   st.st_dev != l->is.st_dev;
    bool is_full = l->size > 0 && l->size + (int64_t)more > l->try_at;
    struct error err;

    if (!is_away && !is_full)
        return;
    if ((is_away || shift_files(l, &err) == 0) && open_file(l, &err) == 0) {
        log_to(l->fd);
        return;
    }
    if (is_full) {
        l->try_at = l->size + l->max;
        log_write(LOG_WARN, "the log cannot be rotated and grows", "reason",
                  err.text, NULL);
    }
}

/* What cannot be written is gone: the chain does not wait for its log. */
static void
put(struct logfile *l, size_t len)
{
    size_t done = 0;

    if (len == 0)
        return;
    turn(l, len);
    while (done < len) {
        ssize_t n = write(l->fd, l->buf + done, len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    l->size += (int64_t)done;
    l->len -= len;
    memmove(l->buf, l->buf + len, l->len);
}

/* Whole lines, as many at once as have room in one file. */
static void
put_lines(struct logfile *l)
{
    const char *end;
    size_t most;

    for (;;) {
        most = l->size < l->max ? (size_t)(l->max - l->size) : 0;
        end = memrchr(l->buf, '\n', most < l->len ? most : l->len);
        if (end == NULL) /* it wants a new file */
            end = memrchr(l->buf, '\n',
                          (size_t)l->max < l->len ? (size_t)l->max : l->len);
        if (end == NULL)
            end = memchr(l->buf, '\n', l->len);
        if (end == NULL)
            break;
        put(l, (size_t)(end - l->buf) + 1);
    }
    if (l->len == sizeof(l->buf))
        put(l, l->len);
}

/* Take what is in the pipe. False: it was empty. */
static bool
take(struct logfile *l)
{
    ssize_t n = read(l->pipe_fd, l->buf + l->len, sizeof(l->buf) - l->len);

    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    l->len += (size_t)n;
    put_lines(l);
    return true;
}

static void *
serve(void *data)
{
    struct logfile *l = data;
    struct pollfd fds[2] = {{.fd = l->pipe_fd, .events = POLLIN},
                            {.fd = l->stop_fd, .events = POLLIN}};

    log_to(l->fd);
    while (fds[1].revents == 0) {
        poll(fds, 2, -1);
        if (fds[0].revents != 0)
            take(l);
    }
    while (take(l))
        ;
    put(l, l->len);
    return NULL;
}

/* The thread takes no signals: they are the chain's. */
static int
start_thread(struct logfile *l)
{
    sigset_t all, old;
    int rv;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    rv = pthread_create(&l->thread, NULL, serve, l);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rv;
}

int
logfile_start(const char *path, int64_t max, int keep, struct error *err)
{
    struct logfile *l = &the;
    int ends[2];

    assert(!l->is_running && keep >= 1 && max > 0);
    *l = (struct logfile){.max = max, .keep = keep, .fd = -1};
    snprintf(l->path, sizeof(l->path), "%s", path);
    if (open_file(l, err) < 0)
        return -1;
    l->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (l->stop_fd < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return error_set(err, EX_OSERR, "pipe: %s", strerror(errno));
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
    l->pipe_fd = ends[0];
    if (start_thread(l) != 0)
        return error_set(err, EX_OSERR, "a thread for the log: %s",
                         strerror(errno));
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    l->is_running = true;
    return 0;
}

void
logfile_stop(void)
{
    struct logfile *l = &the;

    if (!l->is_running)
        return;
    fflush(NULL);
    eventfd_write(l->stop_fd, 1);
    pthread_join(l->thread, NULL);
    dup2(l->fd, STDOUT_FILENO);
    dup2(l->fd, STDERR_FILENO);
    close(l->fd);
    close(l->pipe_fd);
    close(l->stop_fd);
    l->is_running = false;
}
