/* activity_rules: what the config has decided for each kind of activity. */
#include "stages/conflict-resolver/activity_decide.h"

#include <string.h>

int
activity_rules_read(const struct conf *conf,
                    struct activity_rules rules[ACTIVITY_COUNT],
                    struct error *err)
{
    static const char *const created[] = {"created_in_hubspot",
                                          "created_in_salesforce"};
    static const char *const updated[] = {"updated_in_hubspot",
                                          "updated_in_salesforce"};
    static const char *const deleted[] = {"deleted_in_hubspot",
                                          "deleted_in_salesforce"};

    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        const char *section = conf_activity((enum activity)a);
        struct activity_rules *r = &rules[a];

        memset(r, 0, sizeof(*r));
        r->is_on = conf_bool(conf, section, "sync");
        r->prefers_opportunity =
            strcmp(conf_str(conf, section, "related_to"), "opportunity") == 0;
        r->merge.prefer =
            strcmp(conf_str(conf, section, "prefer"), "hubspot") == 0
                ? SIDE_HUBSPOT
                : SIDE_SALESFORCE;
        for (int side = 0; side < SIDE_COUNT; side++) {
            r->creates_from[side] =
                strcmp(conf_str(conf, section, created[side]), "create") == 0;
            r->merge.carries_updates[side] =
                strcmp(conf_str(conf, section, updated[side]), "update") == 0;
            r->merge.carries_deletes[side] =
                strcmp(conf_str(conf, section, deleted[side]), "delete") == 0;
        }
        if (mapping_read(conf, (enum activity)a, &r->map, err) < 0 ||
            mapping_add_ties(conf, (enum activity)a, &r->map, err) < 0)
            return -1;
    }
    return 0;
}
