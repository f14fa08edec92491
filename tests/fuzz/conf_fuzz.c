/* conf_fuzz: arbitrary bytes as a pipeline.conf. */
#include "common/conf.h"
#include "common/only.h"
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Whoever reads it later takes it for a good one. */
static void
read_only(const char *only)
{
    struct only_term term;
    struct only_value value;
    struct error err;
    int rv;

    while ((rv = only_term(&only, &term, &err)) == 1)
        while (only_value(&term, &value))
            if (value.len == 0 || value.s + value.len > term.s + term.len)
                abort();
    if (rv != 0)
        abort();
}

/* What any stage asks of a config that was accepted. */
static void
read_all(const struct conf *conf)
{
    struct conf_stage stage;
    struct error err;
    char where[512];

    for (const char *const *name = conf_stages(conf); *name; name++) {
        if (conf_stage(conf, *name, &stage, &err) == 0)
            conf_stage_fini(&stage);
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const char *section = conf_timeline((enum kind)kind);

        if (conf_ms(conf, section, "lookback") < 0)
            abort();
        conf_str(conf, section, "subject");
        conf_bool(conf, section, "sync");
        read_only(conf_str(conf, section, "only"));
        conf_where(conf, section, "sync", where, sizeof(where));
    }
    free(conf_resolve(conf, "var/run/x"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char path[] = "/tmp/conf_fuzz.XXXXXX"; /* a config has a path */
    struct conf *conf;
    struct error err = {0};
    int fd = mkstemp(path);

    if (fd < 0)
        abort();
    if (write(fd, bytes, len) != (ssize_t)len)
        abort();
    if (conf_load(path, &conf, &err) == 0) {
        read_all(conf);
        conf_free(conf);
    } else if (err.code == 0 || err.text[0] == '\0') {
        abort();
    }
    unlink(path);
    close(fd);
    return 0;
}
