/* store_sqlite_deletions: the pairs of the activity sync one after another, and
 * deletions that wait until it is known how many there are. */
#include "common/store_sqlite.h"

int
store_sqlite_pair_each(struct store *store, const char *after,
                       const char *before, int limit, store_link_fn *fn,
                       void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT key, kind, target, version, modified_at, written_at, snapshot"
        " FROM link WHERE key > ? AND key < ? AND " STORE_IS_PAIR
        " ORDER BY key LIMIT ?",
        "ssi", after, before, (int64_t)limit);
    struct store_link link;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        store_sqlite_text(stmt, 0, link.key, sizeof(link.key));
        store_sqlite_text(stmt, 1, link.kind, sizeof(link.kind));
        store_sqlite_text(stmt, 2, link.target, sizeof(link.target));
        link.version = sqlite3_column_int64(stmt, 3);
        link.modified_at = sqlite3_column_int64(stmt, 4);
        link.written_at = sqlite3_column_int64(stmt, 5);
        link.snapshot = store_sqlite_blob(stmt, 6);
        if (fn(ctx, &link) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int64_t
store_sqlite_pair_count(struct store *store, const char *after,
                        const char *before, struct error *err)
{
    sqlite3_stmt *stmt =
        store_sqlite_bind(store, err,
                          "SELECT count(*) FROM link WHERE key > ? AND key < ?"
                          " AND " STORE_IS_PAIR,
                          "ss", after, before);
    int64_t n;

    return store_sqlite_number(store, stmt, &n, err) == 1 ? n : -1;
}

#define SELECT                                                                 \
    "SELECT number, key, id, source, kind, other, verdict, found_at,"          \
    " judged_at, event FROM deletion WHERE "

static void
read_row(sqlite3_stmt *stmt, struct store_deletion *d)
{
    d->number = sqlite3_column_int64(stmt, 0);
    store_sqlite_text(stmt, 1, d->key, sizeof(d->key));
    store_sqlite_text(stmt, 2, d->id, sizeof(d->id));
    store_sqlite_text(stmt, 3, d->source, sizeof(d->source));
    store_sqlite_text(stmt, 4, d->kind, sizeof(d->kind));
    store_sqlite_text(stmt, 5, d->other, sizeof(d->other));
    store_sqlite_text(stmt, 6, d->verdict, sizeof(d->verdict));
    d->found_at = sqlite3_column_int64(stmt, 7);
    d->judged_at = sqlite3_column_int64(stmt, 8);
    d->event = store_sqlite_blob(stmt, 9);
}

int
store_sqlite_deletion_get(struct store *store, const char *key,
                          struct store_deletion *out, struct error *err)
{
    sqlite3_stmt *stmt =
        store_sqlite_bind(store, err, SELECT "key = ?", "s", key);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        read_row(stmt, out);
    out->event = (struct span){NULL, 0};
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_deletion_put(struct store *store, struct store_deletion *d,
                          struct error *err)
{
    struct store_sqlite *s = (struct store_sqlite *)store;

    if (store_sqlite_run(store, err,
                         "INSERT OR REPLACE INTO deletion(key, id, source,"
                         " kind, other, verdict, found_at, judged_at, event)"
                         " VALUES(?,?,?,?,?,?,?,?,?)",
                         "ssssssiib", d->key, d->id, d->source, d->kind,
                         d->other, d->verdict, d->found_at, d->judged_at,
                         d->event) < 0)
        return -1;
    d->number = sqlite3_last_insert_rowid(s->db);
    return 0;
}

int
store_sqlite_deletion_drop(struct store *store, const char *key,
                           struct error *err)
{
    return store_sqlite_run(store, err, "DELETE FROM deletion WHERE key = ?",
                            "s", key) < 0
               ? -1
               : 0;
}

/* Of `source`, or of all. */
#define OF_SOURCE(source) ((source) != NULL ? (source) : "")
#define TO_SEND                                                                \
    "verdict IN ('" STORE_ALLOWED "', '" STORE_FORGOTTEN "', '" STORE_RELEASED \
    "')"

int
store_sqlite_deletion_each(struct store *store, const char *source,
                           const char *verdict, store_deletion_fn *fn,
                           void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        SELECT "verdict = ?1 AND (?2 = '' OR source = ?2) ORDER BY number",
        "ss", verdict, OF_SOURCE(source));
    struct store_deletion d;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        read_row(stmt, &d);
        if (fn(ctx, &d) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_deletion_judge(struct store *store, const char *source,
                            const char *from, const char *to, int64_t at,
                            struct error *err)
{
    return store_sqlite_run(store, err,
                            "UPDATE deletion SET verdict = ?1, judged_at = ?2"
                            " WHERE verdict = ?3 AND (?4 = '' OR source = ?4)",
                            "siss", to, at, from, OF_SOURCE(source));
}

int
store_sqlite_deletion_allow(struct store *store, int64_t number, int64_t at,
                            struct error *err)
{
    return store_sqlite_run(store, err,
                            "UPDATE deletion SET verdict = '" STORE_ALLOWED
                            "', judged_at = ? WHERE number = ?",
                            "ii", at, number) < 0
               ? -1
               : 0;
}

int
store_sqlite_deletion_end(struct store *store, int64_t number,
                          struct error *err)
{
    int rv = store_sqlite_run(store, err,
                              "UPDATE deletion SET verdict = '" STORE_CARRIED
                              "', event = NULL WHERE number = ?"
                              " AND verdict = '" STORE_RELEASED "'",
                              "i", number);

    if (rv == 0)
        rv = store_sqlite_run(
            store, err, "DELETE FROM deletion WHERE number = ? AND " TO_SEND,
            "i", number);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_deletion_count(struct store *store, const char *source,
                            int64_t since, struct store_deletion_counts *out,
                            struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT total(verdict = '" STORE_LOOKED "'),"
        " total(verdict = '" STORE_PENDING "'),"
        " total(verdict = '" STORE_HELD "'), total(" TO_SEND "),"
        " total(verdict IN ('" STORE_RELEASED "', '" STORE_CARRIED
        "') AND judged_at > ?2)"
        " FROM deletion WHERE ?1 = '' OR source = ?1",
        "si", OF_SOURCE(source), since);
    int rv;

    *out = (struct store_deletion_counts){0};
    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        *out = (struct store_deletion_counts){
            sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
            sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3),
            sqlite3_column_int64(stmt, 4)};
    store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_deletion_trim(struct store *store, int64_t before,
                           struct error *err)
{
    return store_sqlite_run(store, err,
                            "DELETE FROM deletion WHERE verdict ="
                            " '" STORE_CARRIED "' AND judged_at < ?",
                            "i", before) < 0
               ? -1
               : 0;
}
