/* store_sqlite_dead: dead letters. */
#include "common/store_sqlite.h"

#include <stdio.h>
#include <string.h>

int
store_sqlite_dead_put(struct store *store, struct store_dead *d,
                      struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "INSERT INTO dead(id, key, tail, kind, stage, reason, detail, tries,"
        " at, is_retrying, event, first_at)"
        " VALUES(?,?,?,?,?,?,?,max(?,1),?9,0,?10,?9)"
        " ON CONFLICT(id) DO UPDATE SET stage = excluded.stage,"
        " kind = excluded.kind, reason = excluded.reason,"
        " detail = excluded.detail, tries = tries + excluded.tries,"
        " at = excluded.at, is_retrying = 0, event = excluded.event"
        " RETURNING number",
        "sssssssiib", d->id, d->key, store_sqlite_tail(d->key), d->kind,
        d->stage, d->reason, d->detail, d->tries, d->at, d->event);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        d->number = sqlite3_column_int64(stmt, 0);
        /* It is on disk only when the step behind the row has succeeded. */
        rv = store_sqlite_step(store, stmt, err);
    }
    store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

/* A filter that is NULL or 0 fits all. */
#define FITS                                                                   \
    " (?1 = 0 OR number = ?1) AND (?2 = '' OR kind = ?2)"                      \
    " AND (?3 = '' OR reason = ?3) AND (?4 = '' OR id = ?4 OR key = ?4"        \
    " OR tail = ?4 OR substr(key, -length(?4) - 1) = ':' || ?4)"               \
    " AND (?5 = '' OR stage = ?5)"                                             \
    " AND (?6 = '' OR substr(id, 1, length(?6) + 1) = ?6 || ':')"              \
    " AND at >= ?7 ORDER BY number"

static const char *
or_empty(const char *s)
{
    return s != NULL ? s : "";
}

static sqlite3_stmt *
select_letters(struct store *store, const struct store_dead_filter *f,
               struct error *err)
{
    return store_sqlite_bind(
        store, err,
        f->retrying_only ? "SELECT * FROM dead WHERE is_retrying = 1"
                           " AND" FITS
                         : "SELECT * FROM dead WHERE" FITS,
        "isssssi", f->number, or_empty(f->kind), or_empty(f->reason),
        or_empty(f->text), or_empty(f->stage), or_empty(f->source), f->since);
}

/* The columns as they stand in the schema; the fourth is the key's tail. */
static void
read_letter(sqlite3_stmt *stmt, bool without_event, struct store_dead *d)
{
    memset(d, 0, sizeof(*d));
    d->number = sqlite3_column_int64(stmt, 0);
    store_sqlite_text(stmt, 1, d->id, sizeof(d->id));
    store_sqlite_text(stmt, 2, d->key, sizeof(d->key));
    store_sqlite_text(stmt, 4, d->kind, sizeof(d->kind));
    store_sqlite_text(stmt, 5, d->stage, sizeof(d->stage));
    store_sqlite_text(stmt, 6, d->reason, sizeof(d->reason));
    store_sqlite_text(stmt, 7, d->detail, sizeof(d->detail));
    d->tries = sqlite3_column_int64(stmt, 8);
    d->at = sqlite3_column_int64(stmt, 9);
    d->is_retrying = sqlite3_column_int(stmt, 10) != 0;
    if (!without_event)
        d->event = store_sqlite_blob(stmt, 11);
    /* Who only reads may find a state from before there was a first_at. */
    d->first_at = sqlite3_column_count(stmt) > 12
                      ? sqlite3_column_int64(stmt, 12)
                      : d->at;
}

int
store_sqlite_dead_each(struct store *store,
                       const struct store_dead_filter *filter,
                       store_dead_fn *fn, void *ctx, struct error *err)
{
    sqlite3_stmt *stmt = select_letters(store, filter, err);
    struct store_dead d;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        read_letter(stmt, filter->without_event, &d);
        if (fn(ctx, &d) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_dead_count(struct store *store, const char *but, int64_t *n,
                        struct error *err)
{
    sqlite3_stmt *stmt =
        store_sqlite_bind(store, err,
                          "SELECT (SELECT count(*) FROM dead) -"
                          " (SELECT count(*) FROM dead WHERE id = ?)",
                          "s", or_empty(but));

    return store_sqlite_number(store, stmt, n, err) < 0 ? -1 : 0;
}

int
store_sqlite_dead_retry(struct store *store, int64_t number, struct error *err)
{
    return store_sqlite_run(store, err,
                            "UPDATE dead SET is_retrying = 1 WHERE number = ?",
                            "i", number);
}

int
store_sqlite_dead_drop(struct store *store, int64_t number, struct error *err)
{
    return store_sqlite_run(store, err, "DELETE FROM dead WHERE number = ?",
                            "i", number);
}
