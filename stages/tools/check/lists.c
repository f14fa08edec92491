/* lists: see lists.h. */
#include "stages/tools/check/lists.h"

#include "common/json.h"
#include "common/only.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct naming {
    const struct conf *conf;
    const char *section;
    cJSON *out;
};

static void
add(void *ctx, const struct only_value *list)
{
    const struct naming *n = ctx;
    char name[ONLY_LIST_MAX + 1], file[PATH_MAX + 16], where[PATH_MAX + 96];
    cJSON *one;

    snprintf(name, sizeof(name), "%.*s", (int)list->len, list->s);
    cJSON_ArrayForEach(one, n->out)
    {
        if (strcmp(json_str(one, "name"), name) == 0)
            return;
    }
    snprintf(where, sizeof(where), "%s: only of [%s]",
             conf_where(n->conf, n->section, "only", file, sizeof(file)),
             n->section);
    one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "name", name);
    cJSON_AddStringToObject(one, "where", where);
    cJSON_AddItemToArray(n->out, one);
}

static void
add_section(struct naming *n, const char *section)
{
    n->section = section;
    if (conf_bool(n->conf, section, "sync"))
        only_each_list(conf_str(n->conf, section, "only"), add, n);
}

cJSON *
lists_named(const struct conf *conf)
{
    struct naming n = {.conf = conf, .out = cJSON_CreateArray()};

    for (int k = 0; k < KIND_COUNT; k++)
        add_section(&n, conf_timeline((enum kind)k));
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        add_section(&n, conf_activity((enum activity)a));
    return n.out;
}
