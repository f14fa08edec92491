/* secret: see secret.h. */
#include "common/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
secret_wipe(void *buf, size_t size)
{
    explicit_bzero(buf, size);
}

/* Where a secret goes. */
struct place {
    char *buf;
    size_t size;
    bool takes_lines;
};

static int
take(const char *value, size_t len, const struct place *to, struct error *err)
{
    if (len == 0)
        return error_set(err, EX_CONFIG, "is empty");
    if (len >= to->size)
        return error_set(err, EX_CONFIG, "is longer than %zu bytes",
                         to->size - 1);
    /* A line break would let it write headers of its own. */
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)value[i] < 0x20 || value[i] == 0x7f) &&
            !(to->takes_lines && (value[i] == '\n' || value[i] == '\r')))
            return error_set(err, EX_CONFIG,
                             "holds a line break or another control "
                             "character; it must be one line");
    memcpy(to->buf, value, len);
    to->buf[len] = '\0';
    return 0;
}

static int
read_env(const char *name, const struct place *to, struct error *err)
{
    const char *value = getenv(name);

    if (value == NULL)
        return error_set(err, EX_CONFIG,
                         "the environment variable %s is not set; export it, "
                         "or write file:PATH",
                         name);
    if (take(value, strlen(value), to, err) < 0)
        return error_wrap(err, "the environment variable %s", name);
    return 0;
}

static int
read_file(const struct conf *conf, const char *name, const struct place *to,
          struct error *err)
{
    char text[8192];
    char *path = conf_resolve(conf, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
    int rv;

    if (n < 0) {
        rv = error_set(err, EX_CONFIG,
                       "the file %s cannot be read: %s; make it, readable for "
                       "you alone (chmod 600)",
                       path, strerror(errno));
    } else {
        while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
            n--;
        rv = take(text, (size_t)n, to, err);
        if (rv < 0)
            error_wrap(err, "the file %s", path);
    }
    if (fd >= 0)
        close(fd);
    secret_wipe(text, sizeof(text));
    free(path);
    return rv;
}

/* A secret that stands in the config itself: only when nobody else reads it. */
static int
read_literal(const struct conf *conf, const char *value, const struct place *to,
             struct error *err)
{
    struct stat st;

    if (stat(conf_path(conf), &st) < 0)
        return error_set(err, EX_CONFIG, "the config cannot be looked at: %s",
                         strerror(errno));
    if ((st.st_mode & 077) != 0)
        return error_set(err, EX_CONFIG,
                         "a secret stands in a file that others can read; "
                         "chmod 600 %s, or write env:NAME or file:PATH",
                         conf_path(conf));
    return take(value, strlen(value), to, err);
}

static int
read_it(const struct conf *conf, const char *section, const char *key,
        const struct place *to, struct error *err)
{
    const char *value = conf_str(conf, section, key);
    char where[4096];
    int rv;

    to->buf[0] = '\0';
    if (strncmp(value, "env:", 4) == 0)
        rv = read_env(value + 4, to, err);
    else if (strncmp(value, "file:", 5) == 0)
        rv = read_file(conf, value + 5, to, err);
    else
        rv = read_literal(conf, value, to, err);
    if (rv < 0)
        error_wrap(err, "%s: [%s] %s",
                   conf_where(conf, section, key, where, sizeof(where)),
                   section, key);
    return rv;
}

int
secret_read(const struct conf *conf, const char *section, const char *key,
            char *buf, size_t size, struct error *err)
{
    return read_it(conf, section, key, &(struct place){buf, size, false}, err);
}

int
secret_read_lines(const struct conf *conf, const char *section, const char *key,
                  char *buf, size_t size, struct error *err)
{
    return read_it(conf, section, key, &(struct place){buf, size, true}, err);
}
