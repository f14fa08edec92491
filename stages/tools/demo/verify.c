/* verify: see verify.h. */
#include "stages/tools/demo/verify.h"
#include "common/json.h"
#include "common/kind.h"
#include "common/store.h"
#include "common/tool.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static int
check_task(struct store *store, const cJSON *task, const char *field,
           struct verdict *v, struct error *err)
{
    const char *key = json_str(task, field);
    const char *id = json_str(task, "Id");
    struct store_link link;
    char target[96];
    int rv;

    if (key == NULL || key[0] == '\0' || id == NULL ||
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(task, "IsDeleted")))
        return 0;
    v->tasks++;
    rv = store_link_get(store, key, &link, err);
    if (rv < 0)
        return -1;
    snprintf(target, sizeof(target), "salesforce:Task:%s", id);
    if (rv == 0 || strcmp(link.target, target) != 0)
        v->strange++;
    else
        v->writes += link.version;
    return 0;
}

static int
add_count(void *ctx, const struct store_count *c)
{
    struct verdict *v = ctx;
    cJSON *n, *row;

    if (strcmp(c->outcome, "written") == 0) {
        n = cJSON_GetObjectItemCaseSensitive(v->by_kind, c->kind);
        if (n != NULL)
            cJSON_SetNumberValue(n, n->valuedouble + (double)c->n);
        else
            cJSON_AddNumberToObject(v->by_kind, c->kind, (double)c->n);
        return 0;
    }
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "kind", c->kind);
    cJSON_AddStringToObject(row, "outcome", c->outcome);
    cJSON_AddStringToObject(row, "reason", c->reason);
    cJSON_AddNumberToObject(row, "n", (double)c->n);
    cJSON_AddItemToArray(v->not_come, row);
    return 0;
}

static void
find_missing(struct verdict *v)
{
    for (int k = 0; k < KIND_COUNT; k++) {
        size_t len = strlen(v->missing);

        if (cJSON_HasObjectItem(v->by_kind, kind_name((enum kind)k)))
            continue;
        v->n_missing++;
        snprintf(v->missing + len, sizeof(v->missing) - len, " %s",
                 kind_name((enum kind)k));
    }
}

static int
compare(struct store *store, const char *field, const cJSON *dump,
        struct verdict *v, struct error *err)
{
    const cJSON *task;

    cJSON_ArrayForEach(task,
                       cJSON_GetObjectItemCaseSensitive(
                           dump, "Task")) if (check_task(store, task, field, v,
                                                         err) < 0) return -1;
    if (store_outcome_counts(store, add_count, v, err) < 0)
        return -1;
    find_missing(v);
    return 0;
}

int
verify(const char *conf_file, const cJSON *dump, struct verdict *out,
       struct error *err)
{
    char url[PATH_MAX + 16];
    struct store *store;
    struct conf *conf;
    int rv;

    memset(out, 0, sizeof(*out));
    if (conf_load(conf_file, &conf, err) < 0)
        return -1;
    tool_state_url(conf, url, sizeof(url));
    rv = store_open(url, STORE_READ, &store, err);
    if (rv == 0) {
        out->by_kind = cJSON_CreateObject();
        out->not_come = cJSON_CreateArray();
        rv = compare(store, conf_str(conf, "salesforce", "external_id_field"),
                     dump, out, err);
        store_close(store);
    }
    conf_free(conf);
    return rv;
}
