/* named_lists: see named_lists.h. */
#include "common/named_lists.h"

struct naming {
    const char *section;
    named_lists_fn *fn;
    void *ctx;
};

static void
give(void *ctx, const struct only_value *list)
{
    const struct naming *n = ctx;

    n->fn(n->ctx, n->section, list);
}

void
named_lists_of(const struct conf *conf, const char *section, named_lists_fn *fn,
               void *ctx)
{
    struct naming n = {section, fn, ctx};

    if (conf_bool(conf, section, "sync"))
        only_each_list(conf_str(conf, section, "only"), give, &n);
}

void
named_lists_each(const struct conf *conf, named_lists_fn *fn, void *ctx)
{
    for (int k = 0; k < KIND_COUNT; k++)
        named_lists_of(conf, conf_timeline((enum kind)k), fn, ctx);
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        named_lists_of(conf, conf_activity((enum activity)a), fn, ctx);
}
