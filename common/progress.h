/* progress: how far something is, on standard error: a bar that is drawn again
 * and again when it is a terminal, else a line now and then. */
#ifndef COMMON_PROGRESS_H
#define COMMON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    char label[64];
    bool is_terminal;
    bool is_drawn;      /* a bar stands in the terminal's last line */
    int64_t started_ms; /* all times of a clock that never jumps */
    int64_t said_ms;    /* the last plain line; 0: none yet */
    int64_t said_done;
};

/* A new thing begins; on a plain stream the first line comes when it takes
 * longer than a few seconds. */
void progress_begin(struct progress *p, const char *label, int64_t now_ms);
/* `total` <= 0: not known. `note` may be NULL. */
void progress_show(struct progress *p, int64_t done, int64_t total,
                   const char *note, int64_t now_ms);
/* Take the bar away, so that other lines can be written. */
void progress_end(struct progress *p);

/* The pure parts. Time left in ms at the pace so far, -1 when it cannot be
 * told. */
int64_t progress_left_ms(int64_t done, int64_t total, int64_t elapsed_ms);
/* "hubspot [####....] 1,234/2,000  62%  0:41 left  NOTE", cut to `columns`;
 * without the bar when columns is 0. */
void progress_line(char *buf, size_t size, const char *label, int64_t done,
                   int64_t total, int64_t elapsed_ms, const char *note,
                   int columns);

#endif
