/* conf_fuzz: arbitrary bytes as a pipeline.conf. */
#include "common/conf.h"
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

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
