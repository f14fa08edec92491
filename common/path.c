/* path: see path.h. */
#include "common/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUN_PATH_MAX 107

/* Make one folder, or find it there. */
static int
make_dir(const char *dir)
{
    struct stat st;

    if (mkdir(dir, 0700) == 0)
        return 0;
    if (errno != EEXIST || stat(dir, &st) < 0)
        return -1;
    errno = ENOTDIR;
    return S_ISDIR(st.st_mode) ? 0 : -1;
}

int
path_make_dirs(const char *dir, struct error *err)
{
    char part[PATH_MAX];
    size_t n = strlen(dir);

    if (n >= sizeof(part))
        return error_set(err, EX_CANTCREAT, "%s: path is too long", dir);
    memcpy(part, dir, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        part[i] = '\0';
        if (make_dir(part) < 0)
            return error_set(err, EX_CANTCREAT,
                             "%s: cannot be made: %s; see to it that the "
                             "folder it lies in is writable, or name another "
                             "one in the config",
                             part, strerror(errno));
        part[i] = dir[i];
    }
    return 0;
}

int
path_make_parent(const char *file, struct error *err)
{
    char dir[PATH_MAX];
    const char *slash = strrchr(file, '/');

    if (slash == NULL || slash == file)
        return 0;
    if ((size_t)(slash - file) >= sizeof(dir))
        return error_set(err, EX_CANTCREAT, "%s: path is too long", file);
    memcpy(dir, file, (size_t)(slash - file));
    dir[slash - file] = '\0';
    return path_make_dirs(dir, err);
}

static int
open_parent(const char *path)
{
    char dir[PATH_MAX];
    const char *slash = strrchr(path, '/');

    snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
    return open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int
path_ipc(const char *path, char *uri, size_t size, struct error *err)
{
    struct stat st;
    int dir;

    if (path_make_parent(path, err) < 0)
        return -1;
    /* A bind would replace a file of any sort without a word. */
    if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
        return error_set(err, EX_CANTCREAT, "%s: a file is in the way", path);
    if (strlen(path) <= SUN_PATH_MAX) {
        snprintf(uri, size, "ipc://%s", path);
        return 0;
    }
    dir = open_parent(path);
    if (dir < 0)
        return error_set(err, EX_CANTCREAT, "%s: folder cannot be opened: %s",
                         path, strerror(errno));
    snprintf(uri, size, "ipc:///proc/self/fd/%d%s", dir, strrchr(path, '/'));
    return 0;
}

const char *
path_root(void)
{
    static char root[PATH_MAX];
    ssize_t n;
    char *build;

    if (root[0] != '\0')
        return root;
    n = readlink("/proc/self/exe", root, sizeof(root) - 1);
    if (n <= 0)
        return "";
    root[n] = '\0';
    /* build/writer and build/san/writer alike. */
    while ((build = strrchr(root, '/')) != NULL) {
        *build = '\0';
        if (strcmp(build + 1, "build") == 0)
            return root;
    }
    root[0] = '\0';
    return "";
}
