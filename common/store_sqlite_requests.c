/* store_sqlite_requests: all links, for who compares both sides whole, and the
 * records that are to go through the chain once more. */
#include "common/store_sqlite.h"

int
store_sqlite_link_each(struct store *store, store_link_fn *fn, void *ctx,
                       struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT key, kind, target, version, modified_at, written_at, snapshot"
        " FROM link ORDER BY key",
        "");
    struct store_link l;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        store_sqlite_text(stmt, 0, l.key, sizeof(l.key));
        store_sqlite_text(stmt, 1, l.kind, sizeof(l.kind));
        store_sqlite_text(stmt, 2, l.target, sizeof(l.target));
        l.version = sqlite3_column_int64(stmt, 3);
        l.modified_at = sqlite3_column_int64(stmt, 4);
        l.written_at = sqlite3_column_int64(stmt, 5);
        l.snapshot = store_sqlite_blob(stmt, 6);
        if (fn(ctx, &l) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_request_put(struct store *store, struct store_request *r,
                         struct error *err)
{
    struct store_sqlite *s = (struct store_sqlite *)store;

    if (store_sqlite_run(store, err,
                         "INSERT OR REPLACE INTO request(key, why, at)"
                         " VALUES(?,?,?)",
                         "ssi", r->key, r->why, r->at) < 0)
        return -1;
    r->number = sqlite3_last_insert_rowid(s->db);
    return 0;
}

int
store_sqlite_request_each(struct store *store, const char *source,
                          int64_t after, int limit, store_request_fn *fn,
                          void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT number, key, why, at FROM request WHERE number > ?2"
        " AND (?1 = '' OR substr(key, 1, length(?1) + 1) = ?1 || ':')"
        " ORDER BY number LIMIT ?3",
        "sii", source != NULL ? source : "", after, (int64_t)limit);
    struct store_request r;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        r.number = sqlite3_column_int64(stmt, 0);
        store_sqlite_text(stmt, 1, r.key, sizeof(r.key));
        store_sqlite_text(stmt, 2, r.why, sizeof(r.why));
        r.at = sqlite3_column_int64(stmt, 3);
        if (fn(ctx, &r) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_request_drop(struct store *store, const char *key,
                          struct error *err)
{
    return store_sqlite_run(store, err, "DELETE FROM request WHERE key = ?",
                            "s", key) < 0
               ? -1
               : 0;
}
