/* path: folders that crmpipe makes, and socket paths that are too long. */
#ifndef COMMON_PATH_H
#define COMMON_PATH_H

#include "common/error.h"
#include <stddef.h>

/* Make a folder and those above it that are missing, each 0700. 0 or -1
 * (EX_CANTCREAT), also when something else has its name. */
int path_make_dirs(const char *dir, struct error *err);
/* The same for the folder that a file lies in. */
int path_make_parent(const char *file, struct error *err);

/* An ipc:// address for a socket at an absolute path. The kernel allows 107
 * bytes; a longer path is reached through /proc/self/fd/N of its folder, which
 * stays open for the life of the process. -1 (EX_CANTCREAT) when the folder
 * cannot be made or opened, or a file that is no socket lies there. */
int path_ipc(const char *path, char *uri, size_t size, struct error *err);

/* The folder that crmpipe is installed in: above the folder `build` that the
 * running program lies in. Borrowed; "" when it cannot be told. */
const char *path_root(void);

#endif
