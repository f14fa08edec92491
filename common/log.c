/* log: see log.h. A line is built in one buffer and written with one write(2),
 * so that lines of several processes on one file do not mix. */
#include "common/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static const char *stage_name = "crmpipe";
static enum log_level threshold = LOG_INFO;
static _Thread_local int out_fd = STDERR_FILENO;

struct line {
    char bytes[LINE_MAX_BYTES];
    size_t len;
};

void
log_name(const char *name)
{
    stage_name = name;
}

void
log_to(int fd)
{
    out_fd = fd;
}

void
log_set_level(enum log_level level)
{
    threshold = level;
}

int
log_level_parse(const char *name, enum log_level *out)
{
    for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return 0;
        }
    }
    return -1;
}

static void
put(struct line *l, const char *s, size_t n)
{
    /* One byte stays free for the newline. */
    if (n > sizeof(l->bytes) - 1 - l->len)
        n = sizeof(l->bytes) - 1 - l->len;
    memcpy(l->bytes + l->len, s, n);
    l->len += n;
}

static void
put_str(struct line *l, const char *s)
{
    put(l, s, strlen(s));
}

static void
put_value(struct line *l, const char *v)
{
    char hex[8];

    if (v[strcspn(v, " \"=\\\t\r\n")] == '\0' && v[0] != '\0' &&
        strlen(v) == strcspn(v, "\001\002\003\004\005\006\007\010\013\014"
                                "\016\017\020\021\022\023\024\025\026\027"
                                "\030\031\032\033\034\035\036\037\177")) {
        put_str(l, v);
        return;
    }
    put_str(l, "\"");
    for (const unsigned char *p = (const unsigned char *)v; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            put(l, "\\", 1);
            put(l, (const char *)p, 1);
        } else if (*p == '\n') {
            put_str(l, "\\n");
        } else if (*p < 0x20 || *p == 0x7f) {
            snprintf(hex, sizeof(hex), "\\x%02x", *p);
            put_str(l, hex);
        } else {
            put(l, (const char *)p, 1);
        }
    }
    put_str(l, "\"");
}

static void
line_begin(struct line *l, enum log_level level, const char *msg)
{
    struct timespec now;
    struct tm tm;
    char ts[80];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    snprintf(ts, sizeof(ts), "ts=%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ",
             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
             tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000);
    l->len = 0;
    put_str(l, ts);
    put_str(l, " level=");
    put_str(l, level_names[level]);
    put_str(l, " stage=");
    put_str(l, stage_name);
    put_str(l, " msg=");
    put_value(l, msg);
}

static void
line_end(struct line *l)
{
    size_t done = 0;

    l->bytes[l->len++] = '\n';
    while (done < l->len) {
        ssize_t n = write(out_fd, l->bytes + done, l->len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nobody can be told that the log is gone */
        done += (size_t)n;
    }
}

void
log_write(enum log_level level, const char *msg, ...)
{
    struct line l;
    const char *key;
    va_list ap;
    int saved = errno;

    if (level < threshold)
        return;
    line_begin(&l, level, msg);
    va_start(ap, msg);
    while ((key = va_arg(ap, const char *)) != NULL) {
        const char *value = va_arg(ap, const char *);

        put_str(&l, " ");
        put_str(&l, key);
        put_str(&l, "=");
        if (value != NULL)
            put_value(&l, value);
    }
    va_end(ap);
    line_end(&l);
    errno = saved;
}

void
log_fmt(enum log_level level, const char *fmt, ...)
{
    char msg[1024];
    va_list ap;

    if (level < threshold)
        return;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof(msg), fmt, ap);
    va_end(ap);
    log_write(level, msg, NULL);
}
