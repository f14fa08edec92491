/* store_sqlite_calls: API calls: those that we have counted, and what the
 * services say of their own counts. */
#include "common/store_sqlite.h"

int
store_sqlite_api_add(struct store *store, const char *service, int64_t day,
                     int64_t calls, int64_t *total, struct error *err)
{
    sqlite3_stmt *stmt;

    if (calls != 0 &&
        store_sqlite_run(store, err,
                         "INSERT INTO api VALUES(?,?,?) ON CONFLICT(service,"
                         " day) DO UPDATE SET calls = calls + excluded.calls",
                         "sii", service, day, calls) < 0)
        return -1;
    stmt = store_sqlite_bind(
        store, err, "SELECT calls FROM api WHERE service = ? AND day = ?", "si",
        service, day);
    return store_sqlite_number(store, stmt, total, err) < 0 ? -1 : 0;
}

int
store_sqlite_quota_get(struct store *store, const char *service,
                       struct store_quota *out, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err, "SELECT used, allowed, at FROM quota WHERE service = ?",
        "s", service);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        out->used = sqlite3_column_int64(stmt, 0);
        out->allowed = sqlite3_column_int64(stmt, 1);
        out->at = sqlite3_column_int64(stmt, 2);
    }
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_quota_put(struct store *store, const char *service,
                       const struct store_quota *quota, struct error *err)
{
    return store_sqlite_run(
               store, err, "INSERT OR REPLACE INTO quota VALUES(?,?,?,?)",
               "siii", service, quota->used, quota->allowed, quota->at) < 0
               ? -1
               : 0;
}
