/* logfile: where the log of a chain in the background goes. All processes of
 * the chain write on standard error; here that is a pipe, and a thread puts
 * what comes out of it into a file, which is rotated: PATH is the newest,
 * PATH.1 the one before. So a stage knows of no file, in whatever language it
 * is written, and goes on when the file changes. Who renames PATH from outside
 * (logrotate) needs no signal: a new one is begun with the next line.
 *
 * One a process, as there is one standard error. */
#ifndef SUPERVISOR_LOGFILE_H
#define SUPERVISOR_LOGFILE_H

#include "common/error.h"
#include <stdint.h>

/* From now on standard output and standard error go to the file.
 *   max   bytes at which it is rotated; only a line that is longer is more
 *   keep  old ones that stay, >= 1
 * -1: it cannot be opened; nothing has changed. */
int logfile_start(const char *path, int64_t max, int keep, struct error *err);
/* All that was written so far stands in the file when this returns; what comes
 * later goes there directly. Harmless when it was not started. */
void logfile_stop(void);

#endif
