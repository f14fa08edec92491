/* store_sqlite_events: checkpoints, feeds, links, outcomes and counters. */
#include "common/store_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
store_sqlite_tail(const char *key)
{
    const char *colon = strrchr(key, ':');

    return colon != NULL ? colon + 1 : key;
}

int
store_sqlite_checkpoint_get(struct store *store, const char *feed,
                            char **cursor, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err, "SELECT cursor FROM checkpoint WHERE feed = ?", "s", feed);
    const char *text;
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        text = (const char *)sqlite3_column_text(stmt, 0);
        *cursor = strdup(text != NULL ? text : "");
        if (*cursor == NULL)
            abort();
    }
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_checkpoint_put(struct store *store, const char *feed,
                            const char *cursor, struct error *err)
{
    int rv =
        cursor != NULL
            ? store_sqlite_run(store, err,
                               "INSERT OR REPLACE INTO checkpoint VALUES(?,?)",
                               "ss", feed, cursor)
            : store_sqlite_run(store, err,
                               "DELETE FROM checkpoint WHERE feed = ?", "s",
                               feed);

    return rv < 0 ? -1 : 0;
}

int
store_sqlite_feed_put(struct store *store, const struct store_feed *feed,
                      struct error *err)
{
    return store_sqlite_run(store, err,
                            "INSERT OR REPLACE INTO feed VALUES(?,?,?,?,?)",
                            "sssii", feed->feed, feed->status, feed->detail,
                            feed->since, feed->ok_at) < 0
               ? -1
               : 0;
}

int
store_sqlite_feed_each(struct store *store, store_feed_fn *fn, void *ctx,
                       struct error *err)
{
    sqlite3_stmt *stmt =
        store_sqlite_bind(store, err, "SELECT * FROM feed ORDER BY feed", "");
    struct store_feed f;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        store_sqlite_text(stmt, 0, f.feed, sizeof(f.feed));
        store_sqlite_text(stmt, 1, f.status, sizeof(f.status));
        store_sqlite_text(stmt, 2, f.detail, sizeof(f.detail));
        f.since = sqlite3_column_int64(stmt, 3);
        /* Who only reads may find a state of version 1, which had no ok_at. */
        f.ok_at =
            sqlite3_column_count(stmt) > 4 ? sqlite3_column_int64(stmt, 4) : 0;
        if (fn(ctx, &f) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

struct span
store_sqlite_snapshot(struct store *store, sqlite3_stmt *stmt, int column)
{
    struct store_sqlite *s = (struct store_sqlite *)store;
    struct span blob = store_sqlite_blob(stmt, column);

    free(s->snapshot);
    s->snapshot = malloc(blob.len + 1);
    if (s->snapshot == NULL)
        abort();
    if (blob.len == 0)
        return (struct span){NULL, 0};
    memcpy(s->snapshot, blob.data, blob.len);
    return (struct span){(uint8_t *)s->snapshot, blob.len};
}

/* The link that a statement finds, if it does. */
static int
take_link(struct store *store, sqlite3_stmt *stmt, struct store_link *out,
          struct error *err)
{
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        store_sqlite_text(stmt, 0, out->key, sizeof(out->key));
        store_sqlite_text(stmt, 1, out->kind, sizeof(out->kind));
        store_sqlite_text(stmt, 2, out->target, sizeof(out->target));
        out->version = sqlite3_column_int64(stmt, 3);
        out->modified_at = sqlite3_column_int64(stmt, 4);
        out->written_at = sqlite3_column_int64(stmt, 5);
        out->snapshot = store_sqlite_snapshot(store, stmt, 6);
    }
    store_sqlite_end(stmt);
    return rv;
}

#define SELECT_LINK                                                            \
    "SELECT key, kind, target, version, modified_at, written_at, snapshot"     \
    " FROM link WHERE "

int
store_sqlite_link_get(struct store *store, const char *key,
                      struct store_link *out, struct error *err)
{
    return take_link(
        store, store_sqlite_bind(store, err, SELECT_LINK "key = ?", "s", key),
        out, err);
}

int
store_sqlite_link_by_target(struct store *store, const char *target,
                            struct store_link *out, struct error *err)
{
    return take_link(
        store,
        store_sqlite_bind(store, err, SELECT_LINK "target = ?", "s", target),
        out, err);
}

int
store_sqlite_link_put(struct store *store, const struct store_link *link,
                      struct error *err)
{
    return store_sqlite_run(
               store, err,
               "INSERT INTO link VALUES(?,?,?,?,?,?,?) ON CONFLICT(key)"
               " DO UPDATE SET kind = excluded.kind, target = excluded.target,"
               " version = excluded.version,"
               " modified_at = excluded.modified_at,"
               " written_at = excluded.written_at,"
               " snapshot = excluded.snapshot",
               "sssiiib", link->key, link->kind, link->target, link->version,
               link->modified_at, link->written_at, link->snapshot) < 0
               ? -1
               : 0;
}

int
store_sqlite_outcome_put(struct store *store, const struct store_outcome *r,
                         struct error *err)
{
    const struct outcome *o = &r->o;

    return store_sqlite_run(
               store, err,
               "INSERT INTO outcome VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
               " ON CONFLICT(id) DO UPDATE SET key = excluded.key,"
               " tail = excluded.tail, kind = excluded.kind,"
               " source = excluded.source, outcome = excluded.outcome,"
               " reason = excluded.reason, stage = excluded.stage,"
               " target = excluded.target, detail = excluded.detail,"
               " tries = excluded.tries, at = excluded.at,"
               " occurred_at = excluded.occurred_at, trace = excluded.trace,"
               " contact = CASE WHEN excluded.contact <> ''"
               " THEN excluded.contact ELSE contact END",
               "ssssssssssiiibs", o->id, r->key, store_sqlite_tail(r->key),
               r->kind, o->source, o->outcome, o->reason, o->stage, o->target,
               o->detail, o->tries, r->at, r->occurred_at, o->trace,
               r->contact) < 0
               ? -1
               : 0;
}

/* The columns as they stand in the schema; the third is the key's tail. */
static void
read_outcome(sqlite3_stmt *stmt, struct store_outcome *r)
{
    struct outcome *o = &r->o;

    memset(r, 0, sizeof(*r));
    store_sqlite_text(stmt, 0, o->id, sizeof(o->id));
    store_sqlite_text(stmt, 1, r->key, sizeof(r->key));
    store_sqlite_text(stmt, 3, r->kind, sizeof(r->kind));
    store_sqlite_text(stmt, 4, o->source, sizeof(o->source));
    store_sqlite_text(stmt, 5, o->outcome, sizeof(o->outcome));
    store_sqlite_text(stmt, 6, o->reason, sizeof(o->reason));
    store_sqlite_text(stmt, 7, o->stage, sizeof(o->stage));
    store_sqlite_text(stmt, 8, o->target, sizeof(o->target));
    store_sqlite_text(stmt, 9, o->detail, sizeof(o->detail));
    o->tries = sqlite3_column_int64(stmt, 10);
    r->at = sqlite3_column_int64(stmt, 11);
    r->occurred_at = sqlite3_column_int64(stmt, 12);
    o->trace = store_sqlite_blob(stmt, 13);
    if (o->trace.len == 0)
        o->trace.data = NULL;
    /* Who only reads may find a state from before it was kept. */
    if (sqlite3_column_count(stmt) > 14)
        store_sqlite_text(stmt, 14, r->contact, sizeof(r->contact));
}

int
store_sqlite_outcome_get(struct store *store, const char *id,
                         struct store_outcome *out, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err, "SELECT * FROM outcome WHERE id = ?", "s", id);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        read_outcome(stmt, out);
    out->o.trace = (struct span){NULL, 0};
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_outcome_find(struct store *store, const char *text,
                          store_outcome_fn *fn, void *ctx, struct error *err)
{
    sqlite3_stmt *stmt =
        store_sqlite_bind(store, err,
                          "SELECT * FROM outcome WHERE id = ?1 OR key = ?1"
                          " OR tail = ?1 OR (instr(?1, ':') > 0 AND tail = ?2"
                          " AND substr(key, -length(?1) - 1) = ':' || ?1)"
                          " ORDER BY at DESC, id DESC",
                          "ss", text, store_sqlite_tail(text));
    struct store_outcome r;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        read_outcome(stmt, &r);
        if (fn(ctx, &r) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_outcome_counts(struct store *store, store_count_fn *fn, void *ctx,
                            struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err,
        "SELECT kind, outcome, reason, count(*) FROM outcome"
        " GROUP BY kind, outcome, reason ORDER BY kind, outcome, reason",
        "");
    struct store_count c;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        store_sqlite_text(stmt, 0, c.kind, sizeof(c.kind));
        store_sqlite_text(stmt, 1, c.outcome, sizeof(c.outcome));
        store_sqlite_text(stmt, 2, c.reason, sizeof(c.reason));
        c.n = sqlite3_column_int64(stmt, 3);
        if (fn(ctx, &c) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_outcome_trim(struct store *store, int64_t before, int limit,
                          struct error *err)
{
    return store_sqlite_run(store, err,
                            "DELETE FROM outcome WHERE rowid IN (SELECT rowid"
                            " FROM outcome o WHERE at < ? AND NOT EXISTS"
                            " (SELECT 1 FROM dead WHERE dead.id = o.id)"
                            " ORDER BY at LIMIT ?)",
                            "ii", before, (int64_t)limit);
}

int
store_sqlite_counter_get(struct store *store, const char *name, int64_t *out,
                         struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err, "SELECT value FROM counter WHERE name = ?", "s", name);

    return store_sqlite_number(store, stmt, out, err);
}

int
store_sqlite_counter_put(struct store *store, const char *name, int64_t value,
                         struct error *err)
{
    return store_sqlite_run(store, err,
                            "INSERT OR REPLACE INTO counter VALUES(?,?)", "si",
                            name, value) < 0
               ? -1
               : 0;
}
