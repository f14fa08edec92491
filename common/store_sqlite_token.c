/* store_sqlite_token: access tokens, and who renews one. */
#include "common/store_sqlite.h"

int
store_sqlite_token_get(struct store *store, const char *service,
                       struct store_token *out, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT service, owner, access, refresh, instance, user, renew_at"
        " FROM token WHERE service = ?",
        "s", service);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        store_sqlite_text(stmt, 0, out->service, sizeof(out->service));
        store_sqlite_text(stmt, 1, out->owner, sizeof(out->owner));
        store_sqlite_text(stmt, 2, out->access, sizeof(out->access));
        store_sqlite_text(stmt, 3, out->refresh, sizeof(out->refresh));
        store_sqlite_text(stmt, 4, out->instance, sizeof(out->instance));
        store_sqlite_text(stmt, 5, out->user, sizeof(out->user));
        out->renew_at = sqlite3_column_int64(stmt, 6);
    }
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_token_put(struct store *store, const struct store_token *token,
                       struct error *err)
{
    return store_sqlite_run(store, err,
                            "INSERT OR REPLACE INTO token VALUES(?,?,?,?,?,?,?,"
                            "0,0)",
                            "ssssssi", token->service, token->owner,
                            token->access, token->refresh, token->instance,
                            token->user, token->renew_at) < 0
               ? -1
               : 0;
}

int
store_sqlite_token_hold(struct store *store, const char *service,
                        int64_t holder, int64_t now, int64_t until,
                        struct error *err)
{
    int n = store_sqlite_run(
        store, err,
        "INSERT INTO token VALUES(?,'','','','','',0,?,?)"
        " ON CONFLICT(service) DO UPDATE SET holder = excluded.holder,"
        " held_until = excluded.held_until"
        " WHERE holder = excluded.holder OR held_until <= ?",
        "siii", service, holder, until, now);

    return n < 0 ? -1 : n > 0;
}

int
store_sqlite_token_leave(struct store *store, const char *service,
                         int64_t holder, struct error *err)
{
    return store_sqlite_run(store, err,
                            "UPDATE token SET holder = 0, held_until = 0"
                            " WHERE service = ? AND holder = ?",
                            "si", service, holder) < 0
               ? -1
               : 0;
}
