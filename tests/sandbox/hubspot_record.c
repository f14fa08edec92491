/* hubspot_record: a record as JSON with the properties that a call asked for:
 * null when unset, left out when undefined. */
#include "tests/sandbox/hubspot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
select_add(struct hs_select *sel, int def)
{
    for (size_t i = 0; i < sel->n; i++)
        if (sel->defs[i] == def)
            return;
    sel->defs[sel->n++] = def;
}

void
hs_select(struct hubspot *hs, int type, const cJSON *names,
          struct hs_select *out)
{
    const cJSON *name;
    size_t room = (size_t)cJSON_GetArraySize(names) + 12;

    *out = (struct hs_select){.defs = hs_alloc(room * sizeof(int))};
    for (int def = 0; def < 3; def++) /* the system properties */
        out->defs[out->n++] = def;
    cJSON_ArrayForEach(name, names)
    {
        const char *text = cJSON_GetStringValue(name);
        int def = text ? hs_def_find(hs, type, text) : -1;

        if (def >= 0)
            select_add(out, def);
    }
    if (cJSON_GetArraySize(names) > 0)
        return;
    for (const char *p = hs_types[type].defaults; *p != '\0';) {
        size_t len = strcspn(p, ",");
        char word[64];

        snprintf(word, sizeof(word), "%.*s", (int)len, p);
        select_add(out, hs_def_find(hs, type, word));
        p += len + (p[len] == ',');
    }
}

void
hs_select_fini(struct hs_select *sel)
{
    free(sel->defs);
    *sel = (struct hs_select){0};
}

cJSON *
hs_record_json(struct hubspot *hs, const struct hs_record *rec,
               const struct hs_select *sel)
{
    const struct hs_type_info *info = &hs_types[rec->type];
    cJSON *out = cJSON_CreateObject(), *props;
    char buf[HS_VALUE_SIZE], url[128];

    cJSON_AddItemToObject(out, "id", hs_id(rec->id));
    props = cJSON_AddObjectToObject(out, "properties");
    for (size_t i = 0; i < sel->n; i++) {
        const char *name = hs->tables[rec->type].defs[sel->defs[i]].name;
        const char *value = hs_value(hs, rec, sel->defs[i], buf);

        cJSON_AddItemToObject(props, name,
                              value ? cJSON_CreateString(value)
                                    : cJSON_CreateNull());
    }
    cJSON_AddItemToObject(out, "createdAt", hs_iso(rec->created_ms));
    cJSON_AddItemToObject(out, "updatedAt", hs_iso(rec->modified_ms));
    cJSON_AddBoolToObject(out, "archived", rec->archived);
    if (rec->archived)
        cJSON_AddItemToObject(out, "archivedAt", hs_iso(rec->archived_ms));
    snprintf(url, sizeof(url),
             "https://app.hubspot.com/contacts/%d/record/%s/%" PRId64,
             HS_PORTAL_ID, info->type_id, rec->id);
    cJSON_AddStringToObject(out, "url", url);
    return out;
}
