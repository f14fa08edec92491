/* store_sqlite_pairs: what activity sync keeps besides its links: records that
 * are being made, and values that gave way. */
#include "common/store_sqlite.h"

int
store_sqlite_link_move(struct store *store, const char *key, const char *became,
                       struct error *err)
{
    return store_sqlite_run(store, err, "DELETE FROM link WHERE key = ?", "s",
                            key) < 0 ||
                   store_sqlite_run(store, err,
                                    "INSERT OR REPLACE INTO moved(key, became)"
                                    " VALUES(?,?)",
                                    "ss", key, became) < 0
               ? -1
               : 0;
}

int
store_sqlite_link_moved(struct store *store, const char *key, char *became,
                        size_t size, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err, "SELECT became FROM moved WHERE key = ?", "s", key);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        store_sqlite_text(stmt, 0, became, size);
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_intent_get(struct store *store, const char *key,
                        struct store_intent *out, struct error *err)
{
    sqlite3_stmt *stmt =
        store_sqlite_bind(store, err,
                          "SELECT key, at, what, version, decision FROM intent"
                          " WHERE key = ?",
                          "s", key);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        store_sqlite_text(stmt, 0, out->key, sizeof(out->key));
        out->at = sqlite3_column_int64(stmt, 1);
        store_sqlite_text(stmt, 2, out->what, sizeof(out->what));
        out->version = sqlite3_column_int64(stmt, 3);
        out->decision = store_sqlite_snapshot(store, stmt, 4);
    }
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_intent_put(struct store *store, const struct store_intent *intent,
                        struct error *err)
{
    return store_sqlite_run(store, err,
                            "INSERT OR REPLACE INTO intent(key, at, what, "
                            "version, decision) VALUES(?,?,?,?,?)",
                            "sisib", intent->key, intent->at, intent->what,
                            intent->version, intent->decision) < 0
               ? -1
               : 0;
}

int
store_sqlite_intent_drop(struct store *store, const char *key,
                         struct error *err)
{
    return store_sqlite_run(store, err, "DELETE FROM intent WHERE key = ?", "s",
                            key) < 0
               ? -1
               : 0;
}

/* The id of an event is KEY@VERSION. */
int
store_sqlite_intent_open(struct store *store, const char *what, int64_t since,
                         struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT 1 FROM intent i WHERE what = ? AND at >= ? AND NOT EXISTS"
        " (SELECT 1 FROM outcome o WHERE o.key = i.key AND o.at >= i.at AND"
        " CAST(substr(o.id, length(o.key) + 2) AS INTEGER) >= i.version)"
        " LIMIT 1",
        "si", what, since);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_conflict_put(struct store *store, struct store_conflict *c,
                          struct error *err)
{
    struct store_sqlite *s = (struct store_sqlite *)store;

    if (store_sqlite_run(store, err,
                         "INSERT INTO conflict(key, property, kept, lost,"
                         " kept_side, at) VALUES(?,?,?,?,?,?)",
                         "sssssi", c->key, c->property, c->kept, c->lost,
                         c->kept_side, c->at) < 0)
        return -1;
    c->number = sqlite3_last_insert_rowid(s->db);
    return 0;
}

int
store_sqlite_conflict_each(struct store *store, const char *key,
                           store_conflict_fn *fn, void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT * FROM conflict WHERE ?1 = '' OR key = ?1 ORDER BY number", "s",
        key != NULL ? key : "");
    struct store_conflict c;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        c.number = sqlite3_column_int64(stmt, 0);
        store_sqlite_text(stmt, 1, c.key, sizeof(c.key));
        store_sqlite_text(stmt, 2, c.property, sizeof(c.property));
        c.kept = (const char *)sqlite3_column_text(stmt, 3);
        c.lost = (const char *)sqlite3_column_text(stmt, 4);
        store_sqlite_text(stmt, 5, c.kept_side, sizeof(c.kept_side));
        c.at = sqlite3_column_int64(stmt, 6);
        /* Who only reads may find a state of version 5, which had none. */
        c.flipped_at =
            sqlite3_column_count(stmt) > 7 ? sqlite3_column_int64(stmt, 7) : 0;
        if (fn(ctx, &c) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_conflict_flip(struct store *store, int64_t number, int64_t at,
                           struct error *err)
{
    return store_sqlite_run(store, err,
                            "UPDATE conflict SET flipped_at = ? WHERE number ="
                            " ?",
                            "ii", at, number) < 0
               ? -1
               : 0;
}
