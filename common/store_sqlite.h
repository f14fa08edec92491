/* store_sqlite: what the files of the SQLite backend share.
 *
 * store_sqlite.c opens, migrates, begins and commits; _people.c has contacts,
 * companies and persons, _events.c checkpoints, links, outcomes and
 * counters, _quarters.c how outcomes add up, _dead.c dead letters, _pairs.c
 * what else activity sync keeps: intents, conflicts, _deletions.c its links one
 * after another and the deletions that wait, _requests.c what `verify` reads
 * and asks for. */
#ifndef COMMON_STORE_SQLITE_H
#define COMMON_STORE_SQLITE_H

#include "common/store_ops.h"
#include <sqlite3.h>

/* SQL that leads from each version of the schema to the next; NULL ends. */
extern const char *const store_sqlite_steps[];

#define STORE_STATEMENTS 112

/* Is a link one of the activity sync? Its snapshot is a map whose first key is
 * "hubspot" (the timeline's has a digest). Part of the schema: not to be
 * changed. */
#define STORE_IS_PAIR "substr(snapshot, 2, 8) = x'A768756273706F74'"

struct store_sqlite {
    struct store base;
    sqlite3 *db;
    char *path;
    bool is_reader;
    /* Prepared when first used; the text is the key (by address). */
    struct {
        const char *sql;
        sqlite3_stmt *stmt;
    } cache[STORE_STATEMENTS];
    char *snapshot; /* what was lent out last */
};

/* Fill `err` from the last fault of the database; returns -1. */
int store_sqlite_fail(struct store_sqlite *s, struct error *err);

/* The statement of a text (a literal), with `types` bound from the arguments:
 *   s const char *   i int64_t   b struct span (absent: NULL)
 * NULL: error. End it with store_sqlite_end(). */
sqlite3_stmt *store_sqlite_bind(struct store *store, struct error *err,
                                const char *sql, const char *types, ...);
/* One row: 1, none: 0, -1 error. */
int store_sqlite_step(struct store *store, sqlite3_stmt *stmt,
                      struct error *err);
void store_sqlite_end(sqlite3_stmt *stmt);
/* The number in a bound statement's one row; the statement ends. NULL: it could
 * not be bound. 1: *out; 0: no row, *out is 0; -1 error. */
int store_sqlite_number(struct store *store, sqlite3_stmt *stmt, int64_t *out,
                        struct error *err);
/* Bind, run to the end; how many rows changed, or -1. */
int store_sqlite_run(struct store *store, struct error *err, const char *sql,
                     const char *types, ...);

/* store_sqlite_file.c. Make the file, for its owner alone, before SQLite does.
 * -1 (EX_CONFIG, EX_CANTCREAT): also if there was a state that is gone. */
int store_sqlite_file_make(const char *path, struct error *err);
/* -1 (EX_CONFIG): there was a state that is gone. */
int store_sqlite_file_check(const char *path, struct error *err);
/* Is it a file, and no device? */
bool store_sqlite_file_is_regular(const char *path);
/* Is there a state, or was there one? */
bool store_sqlite_file_is_there(const char *path);
/* There is a state now. */
void store_sqlite_file_mark(const char *path);

/* Columns of the current row. */
void store_sqlite_text(sqlite3_stmt *stmt, int column, char *buf, size_t size);
struct span store_sqlite_blob(sqlite3_stmt *stmt, int column);

/* A snapshot of the current row, which stays ours until the next one is lent.
 */
struct span store_sqlite_snapshot(struct store *store, sqlite3_stmt *stmt,
                                  int column);

/* What stands behind the last ':' of a key: a record's bare id. Borrowed. */
const char *store_sqlite_tail(const char *key);

/* The operations of the other files. */
#define STORE_OP(ret, name, ...)                                               \
    ret store_sqlite_##name(struct store *store, __VA_ARGS__)
typedef int store_feed_fn(void *ctx, const struct store_feed *feed);
typedef int store_contact_fn(void *ctx, const struct store_contact *c);
typedef int store_outcome_fn(void *ctx, const struct store_outcome *o);
typedef int store_count_fn(void *ctx, const struct store_count *c);
typedef int store_quarter_fn(void *ctx, const struct store_quarter *q);
typedef int store_conflict_fn(void *ctx, const struct store_conflict *c);
typedef int store_link_fn(void *ctx, const struct store_link *link);
typedef int store_deletion_fn(void *ctx, const struct store_deletion *d);
typedef int store_request_fn(void *ctx, const struct store_request *r);
typedef int store_dead_fn(void *ctx, const struct store_dead *d);

int store_sqlite_open(const char *path, enum store_mode mode,
                      struct store **out, struct error *err);
int store_sqlite_copy(const char *path, const char *to_path, struct error *err);
void store_sqlite_close(struct store *store);
int store_sqlite_begin(struct store *store, struct error *err);
int store_sqlite_commit(struct store *store, struct error *err);
void store_sqlite_rollback(struct store *store);
STORE_OP(int, contact_get, const char *id, struct store_contact *out,
         struct error *err);
STORE_OP(int, contact_by_email, const char *email, struct store_contact *out,
         struct error *err);
STORE_OP(int, contact_by_salesforce_id, const char *id,
         struct store_contact *out, struct error *err);
STORE_OP(int, contact_put, const struct store_contact *c, struct error *err);
STORE_OP(int, contacts_due, int limit, store_contact_fn *fn, void *ctx,
         struct error *err);
STORE_OP(int, contacts_untied, const char *after, int limit,
         store_contact_fn *fn, void *ctx, struct error *err);
STORE_OP(int, company_get, const char *id, struct store_company *out,
         struct error *err);
STORE_OP(int, company_by_salesforce_id, const char *id,
         struct store_company *out, struct error *err);
STORE_OP(int, company_put, const struct store_company *c, struct error *err);
STORE_OP(int, person_get, const char *id, struct store_person *out,
         struct error *err);
STORE_OP(int, person_put, const struct store_person *p, struct error *err);
STORE_OP(int, people_by_email, const char *email, struct store_person *out,
         int max, struct error *err);
STORE_OP(int, checkpoint_get, const char *feed, char **cursor,
         struct error *err);
STORE_OP(int, checkpoint_put, const char *feed, const char *cursor,
         struct error *err);
STORE_OP(int, feed_put, const struct store_feed *feed, struct error *err);
STORE_OP(int, feed_each, store_feed_fn *fn, void *ctx, struct error *err);
STORE_OP(int, link_get, const char *key, struct store_link *out,
         struct error *err);
STORE_OP(int, link_by_target, const char *target, struct store_link *out,
         struct error *err);
STORE_OP(int, link_put, const struct store_link *link, struct error *err);
STORE_OP(int, link_move, const char *key, const char *became,
         struct error *err);
STORE_OP(int, link_moved, const char *key, char *became, size_t size,
         struct error *err);
STORE_OP(int, pair_each, const char *after, const char *before, int limit,
         store_link_fn *fn, void *ctx, struct error *err);
STORE_OP(int64_t, pair_count, const char *after, const char *before,
         struct error *err);
STORE_OP(int, deletion_get, const char *key, struct store_deletion *out,
         struct error *err);
STORE_OP(int, deletion_put, struct store_deletion *deletion, struct error *err);
STORE_OP(int, deletion_drop, const char *key, struct error *err);
STORE_OP(int, deletion_each, const char *source, const char *verdict,
         store_deletion_fn *fn, void *ctx, struct error *err);
STORE_OP(int, deletion_judge, const char *source, const char *from,
         const char *to, int64_t at, struct error *err);
STORE_OP(int, deletion_allow, int64_t number, int64_t at, struct error *err);
STORE_OP(int, deletion_end, int64_t number, struct error *err);
STORE_OP(int, deletion_count, const char *source, int64_t since,
         struct store_deletion_counts *out, struct error *err);
STORE_OP(int, deletion_trim, int64_t before, struct error *err);
STORE_OP(int, intent_get, const char *key, struct store_intent *out,
         struct error *err);
STORE_OP(int, intent_put, const struct store_intent *intent, struct error *err);
STORE_OP(int, intent_drop, const char *key, struct error *err);
STORE_OP(int, intent_open, const char *what, int64_t since, struct error *err);
STORE_OP(int, conflict_put, struct store_conflict *conflict, struct error *err);
STORE_OP(int, conflict_each, const char *key, store_conflict_fn *fn, void *ctx,
         struct error *err);
STORE_OP(int, link_each, store_link_fn *fn, void *ctx, struct error *err);
STORE_OP(int, request_put, struct store_request *request, struct error *err);
STORE_OP(int, request_each, const char *source, int64_t after, int limit,
         store_request_fn *fn, void *ctx, struct error *err);
STORE_OP(int, quota_get, const char *service, struct store_quota *out,
         struct error *err);
STORE_OP(int, quota_put, const char *service, const struct store_quota *quota,
         struct error *err);
STORE_OP(int, token_get, const char *service, struct store_token *out,
         struct error *err);
STORE_OP(int, token_put, const struct store_token *token, struct error *err);
STORE_OP(int, token_hold, const char *service, int64_t holder, int64_t now,
         int64_t until, struct error *err);
STORE_OP(int, token_leave, const char *service, int64_t holder,
         struct error *err);
STORE_OP(int, request_drop, const char *key, struct error *err);
STORE_OP(int, conflict_flip, int64_t number, int64_t at, struct error *err);
STORE_OP(int, outcome_put, const struct store_outcome *o, struct error *err);
STORE_OP(int, outcome_get, const char *id, struct store_outcome *out,
         struct error *err);
STORE_OP(int, outcome_find, const char *text, store_outcome_fn *fn, void *ctx,
         struct error *err);
STORE_OP(int, outcome_counts, store_count_fn *fn, void *ctx, struct error *err);
STORE_OP(int, outcome_quarters, const struct store_quarter_filter *filter,
         store_quarter_fn *fn, void *ctx, struct error *err);
STORE_OP(int, outcome_trim, int64_t before, int limit, struct error *err);
STORE_OP(int, dead_put, struct store_dead *dead, struct error *err);
STORE_OP(int, dead_each, const struct store_dead_filter *filter,
         store_dead_fn *fn, void *ctx, struct error *err);
STORE_OP(int, dead_count, const char *but, int64_t *n, struct error *err);
STORE_OP(int, dead_retry, int64_t number, struct error *err);
STORE_OP(int, dead_drop, int64_t number, struct error *err);
STORE_OP(int, counter_get, const char *name, int64_t *out, struct error *err);
STORE_OP(int, counter_put, const char *name, int64_t value, struct error *err);
STORE_OP(int, api_add, const char *service, int64_t day, int64_t calls,
         int64_t *total, struct error *err);

#endif
