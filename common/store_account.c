/* store_account: of store.h, what stands of the accounts: counted calls and
 * access tokens. */
#include "common/store_ops.h"

int
store_api_add(struct store *store, const char *service, int64_t day,
              int64_t calls, int64_t *total, struct error *err)
{
    return store->ops->api_add(store, service, day, calls, total, err);
}

int
store_quota_get(struct store *store, const char *service,
                struct store_quota *out, struct error *err)
{
    return store->ops->quota_get(store, service, out, err);
}

int
store_quota_put(struct store *store, const char *service,
                const struct store_quota *quota, struct error *err)
{
    return store->ops->quota_put(store, service, quota, err);
}

int
store_token_get(struct store *store, const char *service,
                struct store_token *out, struct error *err)
{
    return store->ops->token_get(store, service, out, err);
}

int
store_token_put(struct store *store, const struct store_token *token,
                struct error *err)
{
    return store->ops->token_put(store, token, err);
}

int
store_token_hold(struct store *store, const char *service, int64_t holder,
                 int64_t now, int64_t until, struct error *err)
{
    return store->ops->token_hold(store, service, holder, now, until, err);
}

int
store_token_leave(struct store *store, const char *service, int64_t holder,
                  struct error *err)
{
    return store->ops->token_leave(store, service, holder, err);
}
