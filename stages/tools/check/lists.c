/* lists: see lists.h. */
#include "stages/tools/check/lists.h"

#include "common/json.h"
#include "common/named_lists.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct naming {
    const struct conf *conf;
    cJSON *out;
};

static void
add(void *ctx, const char *section, const struct only_value *list)
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
             conf_where(n->conf, section, "only", file, sizeof(file)), section);
    one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "name", name);
    cJSON_AddStringToObject(one, "where", where);
    cJSON_AddItemToArray(n->out, one);
}

cJSON *
lists_named(const struct conf *conf)
{
    struct naming n = {.conf = conf, .out = cJSON_CreateArray()};

    named_lists_each(conf, add, &n);
    return n.out;
}
