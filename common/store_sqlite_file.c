/* store_sqlite_file: the state's file, before SQLite has it. An empty database
 * is a sound one for SQLite; that it was not empty before, a file beside it
 * tells, so that a state that was lost is not silently begun anew. */
#include "common/store_sqlite.h"

#include "common/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
put_mark(const char *path, char mark[PATH_MAX + 8])
{
    snprintf(mark, PATH_MAX + 8, "%.*s-made", PATH_MAX, path);
}

bool
store_sqlite_file_is_regular(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
store_sqlite_file_is_there(const char *path)
{
    char mark[PATH_MAX + 8];

    put_mark(path, mark);
    return access(path, F_OK) == 0 || access(mark, F_OK) == 0;
}

int
store_sqlite_file_check(const char *path, struct error *err)
{
    char mark[PATH_MAX + 8];
    struct stat st;

    put_mark(path, mark);
    if ((stat(path, &st) == 0 && (st.st_size > 0 || !S_ISREG(st.st_mode))) ||
        access(mark, F_OK) < 0)
        return 0;
    return error_set(err, EX_CONFIG,
                     "state %s is empty or gone, and was not: put a backup in "
                     "its place, or remove %s to begin anew, as \"A damaged "
                     "state\" in the README says",
                     path, mark);
}

/* A file that is there is not opened here: closing it would end the locks that
 * another connection of this process has on it, and that one's log could be
 * taken away from under it (POSIX: fcntl(2), "Record locks"). A new file has
 * none yet. */
static int
make_new(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct stat st;

    if (fd >= 0)
        return close(fd);
    if (errno != EEXIST)
        return -1;
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
        errno = ELOOP;
        return -1;
    }
    return faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS);
}

int
store_sqlite_file_make(const char *path, struct error *err)
{
    if (path_make_parent(path, err) < 0 ||
        store_sqlite_file_check(path, err) < 0)
        return -1;
    if (make_new(path) < 0)
        return error_set(err, EX_CANTCREAT,
                         "state %s: %s; see to its owner and mode, and that "
                         "its folder is writable",
                         path, strerror(errno));
    return 0;
}

void
store_sqlite_file_mark(const char *path)
{
    char mark[PATH_MAX + 8];
    int fd;

    if (!store_sqlite_file_is_regular(path))
        return; /* a device, which keeps nothing */
    put_mark(path, mark);
    fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        close(fd); /* without it, all is as well but for that one case */
}
