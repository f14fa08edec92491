/* store_sqlite: the state in one SQLite file: opening, bringing it to the
 * version of today, transactions, and what the statements of the other files
 * need. */
#include "common/store_sqlite.h"

#include "common/clock.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 0x63726d70 /* "crmp" */
#define BUSY_MS        10000
#define WAL_WAIT_MS    20

/* With its path and SQLite's words. */
#define DAMAGED                                                                \
    "state %s is damaged or no state (%s); it was left as it is: put a "       \
    "backup "                                                                  \
    "in its place, or do as \"A damaged state\" in the README says"

/* The version that this program knows. */
static int
schema_version(void)
{
    int n = 0;

    while (store_sqlite_steps[n] != NULL)
        n++;
    return n;
}

int
store_sqlite_fail(struct store_sqlite *s, struct error *err)
{
    int code = s->db != NULL ? sqlite3_errcode(s->db) : SQLITE_NOMEM;
    const char *words = s->db != NULL ? sqlite3_errmsg(s->db) : "no memory";

    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(err, EX_TEMPFAIL,
                         "state %s: another process holds it for long (%s); it "
                         "goes on when that one ends",
                         s->path, words);
    case SQLITE_IOERR:
        return error_set(err, EX_IOERR,
                         "state %s: %s; see to the disk, and that it is not "
                         "full",
                         s->path, words);
    case SQLITE_FULL:
        return error_set(err, EX_TEMPFAIL,
                         "state %s: the disk is full; make room, it goes on by "
                         "itself",
                         s->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return error_set(err, EX_CONFIG, DAMAGED, s->path, words);
    case SQLITE_CANTOPEN:
        return error_set(err, EX_NOINPUT,
                         "state %s cannot be opened: %s; see to its owner and "
                         "mode, and that its folder is writable",
                         s->path, words);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return error_set(err, EX_CONFIG,
                         "state %s: not writable (%s); see to its owner and "
                         "mode",
                         s->path, words);
    default:
        return error_set(err, EX_TEMPFAIL, "state %s: %s", s->path, words);
    }
}

static int
execute(struct store_sqlite *s, const char *sql, struct error *err)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : store_sqlite_fail(s, err);
}

/* The one number or text of a PRAGMA. */
static int
ask(struct store_sqlite *s, const char *sql, int64_t *number, char text[64],
    struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    int rv = -1;

    if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW) {
        *number = sqlite3_column_int64(stmt, 0);
        if (text != NULL)
            store_sqlite_text(stmt, 0, text, 64);
        rv = 0;
    } else {
        store_sqlite_fail(s, err);
    }
    sqlite3_finalize(stmt);
    return rv;
}

/* Is it ours, and of a version that we know? The tables come first: who makes
 * them at this moment has set the id when they can be seen. */
static int
check_version(struct store_sqlite *s, int64_t *version, struct error *err)
{
    int64_t id, tables;

    if (ask(s, "SELECT count(*) FROM sqlite_master", &tables, NULL, err) < 0 ||
        ask(s, "PRAGMA application_id", &id, NULL, err) < 0 ||
        ask(s, "PRAGMA user_version", version, NULL, err) < 0)
        return -1;
    if (id != APPLICATION_ID && (tables > 0 || id != 0))
        return error_set(err, EX_CONFIG,
                         "%s is another program's database: give [state] url "
                         "a path of its own",
                         s->path);
    if (*version > schema_version())
        return error_set(err, EX_CONFIG,
                         "state %s is of version %d, this crmpipe knows up to "
                         "%d: use the newer crmpipe that made it",
                         s->path, (int)*version, schema_version());
    return 0;
}

static int
migrate(struct store_sqlite *s, struct error *err)
{
    char sql[96];
    int64_t version;
    int rv;

    if (check_version(s, &version, err) < 0)
        return -1;
    if (version == schema_version())
        return 0;
    /* Several processes may find a new file at once: who has the lock looks
     * again. */
    if (execute(s, "BEGIN IMMEDIATE", err) < 0)
        return -1;
    rv = check_version(s, &version, err);
    for (; rv == 0 && version < schema_version(); version++)
        rv = execute(s, store_sqlite_steps[version], err);
    snprintf(sql, sizeof(sql),
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION_ID, schema_version());
    if (rv == 0)
        rv = execute(s, sql, err);
    if (rv == 0)
        rv = execute(s, "COMMIT", err);
    if (rv < 0)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return rv;
}

static int
check_integrity(struct store_sqlite *s, struct error *err)
{
    char found[64];
    int64_t number;

    if (ask(s, "PRAGMA quick_check(1)", &number, found, err) < 0)
        return -1;
    if (strcmp(found, "ok") != 0)
        return error_set(err, EX_CONFIG, DAMAGED, s->path, found);
    return 0;
}

/* Two that switch a new file at once stand in each other's way, and SQLite
 * says so without waiting. */
static int
use_wal(struct store_sqlite *s, struct error *err)
{
    const char *sql = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
    int64_t end = clock_monotonic_ms() + BUSY_MS;

    while (execute(s, sql, err) < 0) {
        if (sqlite3_errcode(s->db) != SQLITE_BUSY ||
            clock_monotonic_ms() >= end)
            return -1;
        sqlite3_sleep(WAL_WAIT_MS);
    }
    return 0;
}

static int
prepare(struct store_sqlite *s, struct error *err)
{
    int64_t version;

    /* Before anything is changed: it may be another program's. */
    if (check_version(s, &version, err) < 0)
        return -1;
    if (s->is_reader)
        return version > 0
                   ? 0
                   : error_set(err, EX_NOINPUT,
                               "state %s is being made just now", s->path);
    if (use_wal(s, err) < 0 || check_integrity(s, err) < 0)
        return -1;
    return migrate(s, err);
}

void
store_sqlite_close(struct store *store)
{
    struct store_sqlite *s = (struct store_sqlite *)store;

    for (int i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(s->cache[i].stmt);
    sqlite3_close(s->db);
    free(s->snapshot);
    free(s->path);
    free(s);
}

int
store_sqlite_open(const char *path, enum store_mode mode, struct store **out,
                  struct error *err)
{
    struct store_sqlite *s;
    int flags =
        mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

    if (mode == STORE_READ && store_sqlite_file_check(path, err) < 0)
        return -1;
    if (mode == STORE_READ && access(path, F_OK) < 0)
        return error_set(err, EX_NOINPUT, "there is no state %s yet", path);
    if (mode == STORE_WRITE && store_sqlite_file_make(path, err) < 0)
        return -1;
    s = calloc(1, sizeof(*s));
    if (s == NULL || (s->path = strdup(path)) == NULL)
        abort();
    s->base.ops = &store_sqlite_ops;
    s->is_reader = mode == STORE_READ;
    if (sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        store_sqlite_fail(s, err);
        goto fail;
    }
    sqlite3_busy_timeout(s->db, BUSY_MS);
    if (prepare(s, err) < 0)
        goto fail;
    if (mode == STORE_WRITE)
        store_sqlite_file_mark(path);
    s->base.is_shared = store_sqlite_file_is_regular(path);
    *out = &s->base;
    return 0;
fail:
    /* What is refused stays as it is, byte by byte. */
    if (s->db != NULL)
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    store_sqlite_close(&s->base);
    return -1;
}

static int
copy_pages(struct store_sqlite *to, struct store_sqlite *from,
           struct error *err)
{
    sqlite3_backup *backup =
        sqlite3_backup_init(to->db, "main", from->db, "main");
    int step = backup != NULL ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;

    /* A lock ends the step, but is no fault to finish(). */
    if (sqlite3_backup_finish(backup) != SQLITE_OK || step != SQLITE_DONE)
        return store_sqlite_fail(to, err);
    return 0;
}

int
store_sqlite_copy(const char *path, const char *to_path, struct error *err)
{
    struct store_sqlite to = {.path = (char *)to_path};
    struct store_sqlite from = {.path = (char *)path};
    int64_t version;
    int rv = -1;

    if (sqlite3_open_v2(path, &from.db, SQLITE_OPEN_READONLY, NULL) !=
        SQLITE_OK) {
        store_sqlite_fail(&from, err);
        goto done;
    }
    sqlite3_busy_timeout(from.db, BUSY_MS);
    if (check_version(&from, &version, err) < 0 ||
        store_sqlite_file_make(to_path, err) < 0)
        goto done;
    if (sqlite3_open_v2(to_path, &to.db, SQLITE_OPEN_READWRITE, NULL) ==
        SQLITE_OK)
        rv = copy_pages(&to, &from, err);
    else
        store_sqlite_fail(&to, err);
done:
    sqlite3_close(from.db);
    sqlite3_close(to.db);
    return rv;
}

int
store_sqlite_begin(struct store *store, struct error *err)
{
    struct store_sqlite *s = (struct store_sqlite *)store;

    return execute(s, s->is_reader ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

int
store_sqlite_commit(struct store *store, struct error *err)
{
    struct store_sqlite *s = (struct store_sqlite *)store;
    int rv = execute(s, "COMMIT", err);

    if (rv < 0)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return rv;
}

void
store_sqlite_rollback(struct store *store)
{
    struct store_sqlite *s = (struct store_sqlite *)store;

    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

static sqlite3_stmt *
statement(struct store_sqlite *s, const char *sql)
{
    int i = 0;

    while (i < STORE_STATEMENTS && s->cache[i].sql != NULL &&
           s->cache[i].sql != sql)
        i++;
    assert(i < STORE_STATEMENTS);
    if (s->cache[i].stmt == NULL) {
        s->cache[i].sql = sql;
        if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &s->cache[i].stmt, NULL) != SQLITE_OK)
            return NULL;
    }
    return s->cache[i].stmt;
}

static sqlite3_stmt *
bind_all(struct store *store, struct error *err, const char *sql,
         const char *types, va_list ap)
{
    struct store_sqlite *s = (struct store_sqlite *)store;
    sqlite3_stmt *stmt = statement(s, sql);
    struct span b;

    if (stmt == NULL) {
        store_sqlite_fail(s, err);
        return NULL;
    }
    for (int i = 1; *types != '\0'; types++, i++) {
        if (*types == 's') {
            sqlite3_bind_text(stmt, i, va_arg(ap, const char *), -1,
                              SQLITE_TRANSIENT);
        } else if (*types == 'i') {
            sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
        } else {
            b = va_arg(ap, struct span);
            if (b.data == NULL)
                sqlite3_bind_null(stmt, i);
            else
                sqlite3_bind_blob64(stmt, i, b.data, b.len, SQLITE_TRANSIENT);
        }
    }
    return stmt;
}

sqlite3_stmt *
store_sqlite_bind(struct store *store, struct error *err, const char *sql,
                  const char *types, ...)
{
    sqlite3_stmt *stmt;
    va_list ap;

    va_start(ap, types);
    stmt = bind_all(store, err, sql, types, ap);
    va_end(ap);
    return stmt;
}

int
store_sqlite_step(struct store *store, sqlite3_stmt *stmt, struct error *err)
{
    int rv = sqlite3_step(stmt);

    if (rv == SQLITE_ROW)
        return 1;
    return rv == SQLITE_DONE
               ? 0
               : store_sqlite_fail((struct store_sqlite *)store, err);
}

void
store_sqlite_end(sqlite3_stmt *stmt)
{
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
}

int
store_sqlite_number(struct store *store, sqlite3_stmt *stmt, int64_t *out,
                    struct error *err)
{
    int rv;

    *out = 0;
    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        *out = sqlite3_column_int64(stmt, 0);
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_run(struct store *store, struct error *err, const char *sql,
                 const char *types, ...)
{
    struct store_sqlite *s = (struct store_sqlite *)store;
    sqlite3_stmt *stmt;
    va_list ap;
    int rv;

    va_start(ap, types);
    stmt = bind_all(store, err, sql, types, ap);
    va_end(ap);
    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    store_sqlite_end(stmt);
    return rv < 0 ? -1 : sqlite3_changes(s->db);
}

void
store_sqlite_text(sqlite3_stmt *stmt, int column, char *buf, size_t size)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);

    snprintf(buf, size, "%s", text != NULL ? (const char *)text : "");
}

struct span
store_sqlite_blob(sqlite3_stmt *stmt, int column)
{
    struct span s = {sqlite3_column_blob(stmt, column), 0};

    s.len = (size_t)sqlite3_column_bytes(stmt, column);
    return s;
}
