/* rules: see rules.h. */
#include "stages/writer/rules.h"

#include "common/text.h"
#include "common/zone.h"
#include "stages/writer/salesforce/task.h"

#include <stdio.h>
#include <string.h>

static int
refuse(const struct conf *conf, const char *section, const char *key,
       const char *what, struct error *err)
{
    char where[400];

    return error_set(err, EX_CONFIG, "%s: [%s] %s: %s",
                     conf_where(conf, section, key, where, sizeof(where)),
                     section, key, what);
}

static int
read_task_types(const struct conf *conf, struct rules *out, struct error *err)
{
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);
        const char *type = conf_str(conf, section, "task_type");

        if (!text_is_valid(type, strlen(type)) ||
            strlen(type) >= sizeof(out->task_type[k]))
            return refuse(conf, section, "task_type", "is too long, or no text",
                          err);
        snprintf(out->task_type[k], sizeof(out->task_type[k]), "%s", type);
    }
    return 0;
}

int
rules_read(const struct conf *conf, struct rules *out, struct error *err)
{
    const char *field = conf_str(conf, "salesforce", "external_id_field");
    const char *zone = conf_str(conf, "salesforce", "time_zone");

    memset(out, 0, sizeof(*out));
    if (strlen(field) >= sizeof(out->external_id))
        return refuse(conf, "salesforce", "external_id_field", "is too long",
                      err);
    snprintf(out->external_id, sizeof(out->external_id), "%s", field);
    if (strcmp(zone, "auto") != 0) {
        if (!zone_known(zone) || strlen(zone) >= sizeof(out->zone))
            return refuse(conf, "salesforce", "time_zone",
                          "is not known on this machine; give auto, or a name "
                          "like Europe/Berlin (package tzdata)",
                          err);
        snprintf(out->zone, sizeof(out->zone), "%s", zone);
    }
    out->search_lag_ms = conf_ms(conf, "hubspot", "search_lag");
    out->max_tries = (int)conf_int(conf, "delivery", "max_tries");
    out->backoff.min_ms = conf_ms(conf, "delivery", "retry_min");
    out->backoff.max_ms = conf_ms(conf, "delivery", "retry_max");
    if (out->backoff.max_ms < out->backoff.min_ms)
        out->backoff.max_ms = out->backoff.min_ms;
    return read_task_types(conf, out, err);
}
