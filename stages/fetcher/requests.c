/* requests: see requests.h. */
#include "stages/fetcher/requests.h"
#include "common/json.h"
#include "common/log.h"

#include <stdio.h>
#include <string.h>

static int
take(void *ctx, const struct store_request *r)
{
    struct requests *all = ctx;
    struct request *one = &all->request[all->n++];
    const char *type, *id;

    memset(one, 0, sizeof(*one));
    one->r = *r;
    type = strchr(one->r.key, ':');
    id = type != NULL ? strchr(type + 1, ':') : NULL;
    if (id != NULL && (size_t)(id - type) <= sizeof(one->type))
        snprintf(one->type, sizeof(one->type), "%.*s", (int)(id - type - 1),
                 type + 1);
    one->id = id != NULL ? id + 1 : "";
    return all->n == REQUESTS_MAX;
}

int
requests_read(const struct feed_env *env, const char *source,
              const cJSON *cursor, struct requests *out, struct error *err)
{
    int64_t after;

    out->n = 0;
    if (!json_i64(cursor, "after", &after))
        after = 0;
    return store_request_each(env->store, source, after, REQUESTS_MAX, take,
                              out, err);
}

size_t
requests_ids(const struct requests *r, const char *type,
             const char *ids[REQUESTS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        if (!r->request[i].is_done && strcmp(r->request[i].type, type) == 0)
            ids[n++] = r->request[i].id;
    return n;
}

int
requests_give_up(const struct feed_env *env, struct request *request,
                 const char *why, struct error *err)
{
    log_write(LOG_INFO, "a record that was asked for cannot be read", "key",
              request->r.key, "reason", why, NULL);
    request->is_done = true;
    return store_request_drop(env->store, request->r.key, err);
}

void
requests_page(const struct requests *r, bool held, struct feed_page *page)
{
    page->held = held;
    if (held || r->n == 0)
        return;
    page->more = r->n == REQUESTS_MAX;
    page->cursor = cJSON_CreateObject();
    cJSON_AddNumberToObject(page->cursor, "after",
                            (double)r->request[r->n - 1].r.number);
}
