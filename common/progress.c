/* progress: see progress.h. */
#include "common/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FIRST_LINE_MS 5000
#define NEXT_LINE_MS  20000
#define SETTLE_MS     1000 /* before that a pace says nothing */
#define BAR_WIDTH     24

void
progress_begin(struct progress *p, const char *label, int64_t now_ms)
{
    const char *term = getenv("TERM");

    progress_end(p);
    *p = (struct progress){.started_ms = now_ms, .said_done = -1};
    snprintf(p->label, sizeof(p->label), "%s", label);
    p->is_terminal = isatty(STDERR_FILENO) == 1 &&
                     (term == NULL || strcmp(term, "dumb") != 0);
}

int64_t
progress_left_ms(int64_t done, int64_t total, int64_t elapsed_ms)
{
    if (done <= 0 || total < done || elapsed_ms < SETTLE_MS)
        return -1;
    return (int64_t)((double)elapsed_ms / (double)done *
                     (double)(total - done));
}

/* 1234567 as 1,234,567. */
static void
grouped(char *buf, size_t size, int64_t n)
{
    char digits[32];
    size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld",
                                  (long long)(n < 0 ? 0 : n));
    size_t out = 0;

    for (size_t i = 0; i < len && out + 2 < size; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            buf[out++] = ',';
        buf[out++] = digits[i];
    }
    buf[out] = '\0';
}

static void
put_bar(char *buf, size_t size, int64_t done, int64_t total)
{
    int full = (int)(BAR_WIDTH * done / total);
    size_t n = strlen(buf);

    snprintf(buf + n, size - n, " [%.*s%.*s]", full, "########################",
             BAR_WIDTH - full, "........................");
}

static void
put_left(char *buf, size_t size, int64_t left_ms)
{
    long long s = (left_ms + 999) / 1000;
    size_t n = strlen(buf);

    if (s >= 3600)
        snprintf(buf + n, size - n, "  %lld:%02lld:%02lld left", s / 3600,
                 s / 60 % 60, s % 60);
    else
        snprintf(buf + n, size - n, "  %lld:%02lld left", s / 60, s % 60);
}

void
progress_line(char *buf, size_t size, const char *label, int64_t done,
              int64_t total, int64_t elapsed_ms, const char *note, int columns)
{
    char a[40], b[40];
    int64_t left = progress_left_ms(done, total, elapsed_ms);
    size_t n;

    if (total > 0 && done > total)
        done = total;
    snprintf(buf, size, "%s", label);
    if (columns > 0 && total > 0)
        put_bar(buf, size, done, total);
    grouped(a, sizeof(a), done);
    grouped(b, sizeof(b), total);
    n = strlen(buf);
    if (total > 0)
        snprintf(buf + n, size - n, "  %s/%s  %d%%", a, b,
                 (int)(done * 100 / total));
    else
        snprintf(buf + n, size - n, "  %s", a);
    if (left >= 0 && done < total)
        put_left(buf, size, left);
    n = strlen(buf);
    if (note != NULL && note[0] != '\0')
        snprintf(buf + n, size - n, "  %s", note);
    if (columns > 0 && strlen(buf) > (size_t)columns && (size_t)columns < size)
        buf[columns] = '\0';
}

static int
terminal_columns(void)
{
    struct winsize w;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20)
        return w.ws_col - 1;
    return 79;
}

void
progress_show(struct progress *p, int64_t done, int64_t total, const char *note,
              int64_t now_ms)
{
    int64_t elapsed = now_ms - p->started_ms;
    char line[512];

    if (p->is_terminal) {
        progress_line(line, sizeof(line), p->label, done, total, elapsed, note,
                      terminal_columns());
        fprintf(stderr, "\r\033[K%s", line);
        fflush(stderr);
        p->is_drawn = true;
        return;
    }
    if (now_ms - (p->said_ms != 0 ? p->said_ms : p->started_ms) <
            (p->said_ms != 0 ? NEXT_LINE_MS : FIRST_LINE_MS) ||
        done == p->said_done)
        return;
    progress_line(line, sizeof(line), p->label, done, total, elapsed, note, 0);
    fprintf(stderr, "%s\n", line);
    p->said_ms = now_ms;
    p->said_done = done;
}

void
progress_end(struct progress *p)
{
    if (p->is_drawn)
        fprintf(stderr, "\r\033[K");
    p->is_drawn = false;
}
