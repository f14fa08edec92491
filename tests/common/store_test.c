/* store_test: the state as a whole on real SQLite files: made, refused, copied,
 * brought up to date, used by several processes. */
#include "tests/common/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* store_open() refuses; the words hold `hint`. */
static void
refused(enum store_mode mode, int code, const char *hint)
{
    struct store *store;
    struct error err = {0, ""};

    assert_int_equal(store_open(url, mode, &store, &err), -1);
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.text, hint));
}

static void
it_is_made_for_its_owner_alone(void **state)
{
    struct stat st;

    (void)state;
    store_close(open_it(STORE_WRITE));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    *strrchr(path, '/') = '\0';
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    path[strlen(path)] = '/';
    store_close(open_it(STORE_WRITE));
    store_close(open_it(STORE_READ));
}

static void
reading_makes_nothing(void **state)
{
    (void)state;
    refused(STORE_READ, EX_NOINPUT, "no state");
    assert_int_not_equal(access(path, F_OK), 0);
}

static void
what_it_does_not_understand_is_refused(void **state)
{
    FILE *f;

    (void)state;
    store_close(open_it(STORE_WRITE));
    execute("PRAGMA user_version = 99");
    refused(STORE_WRITE, EX_CONFIG, "version 99");
    refused(STORE_READ, EX_CONFIG, "version 99");
    execute("PRAGMA application_id = 7");
    refused(STORE_WRITE, EX_CONFIG, "another program");
    f = fopen(path, "w");
    fputs("this is no database at all, but long enough to be looked at as one"
          "........................................................",
          f);
    fclose(f);
    refused(STORE_WRITE, EX_CONFIG, "put a backup in its place");
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(store_open("oracle:x", STORE_WRITE, NULL, NULL), -1);
}

static void
checkpoints_survive_and_roll_back(void **state)
{
    struct store *a = open_it(STORE_WRITE);
    struct error err;
    char *cursor;

    (void)state;
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 0);
    assert_int_equal(store_begin(a, &err), 0);
    assert_int_equal(store_checkpoint_put(a, "f", "{\"t\":1}", &err), 0);
    store_rollback(a);
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 0);
    assert_int_equal(store_begin(a, &err), 0);
    assert_int_equal(store_checkpoint_put(a, "f", "{\"t\":2}", &err), 0);
    assert_int_equal(store_commit(a, &err), 0);
    store_close(a);
    a = open_it(STORE_READ);
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 1);
    assert_string_equal(cursor, "{\"t\":2}");
    free(cursor);
    store_close(a);
    a = open_it(STORE_WRITE);
    assert_int_equal(store_checkpoint_put(a, "f", NULL, &err), 0);
    assert_int_equal(store_checkpoint_put(a, "none", NULL, &err), 0);
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 0);
    store_close(a);
}

static void
a_copy_holds_the_same(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct error err;
    char copy[96], *cursor;
    struct stat st;

    (void)state;
    assert_int_equal(store_checkpoint_put(s, "f", "1", &err), 0);
    snprintf(copy, sizeof(copy), "%s/copy.db", dir);
    assert_int_equal(store_copy(url, copy, &err), 0);
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    store_close(s);
    snprintf(url, sizeof(url), "sqlite:%s", copy);
    s = open_it(STORE_WRITE);
    assert_int_equal(store_checkpoint_get(s, "f", &cursor, &err), 1);
    free(cursor);
    store_close(s);
}

/* Start processes that open it for writing all at once; how many failed. */
static int
open_at_once(int processes)
{
    int gate[2], status, failed = 0;
    struct store *s;
    struct error err = {0, "the gate is broken"};
    char c;

    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < processes; i++) {
        if (fork() == 0) {
            close(gate[1]);
            if (read(gate[0], &c, 1) < 0 ||
                store_open(url, STORE_WRITE, &s, &err) < 0) {
                fprintf(stderr, "%s\n", err.text);
                _exit(1);
            }
            store_close(s);
            _exit(0);
        }
    }
    close(gate[0]);
    close(gate[1]); /* off they go */
    while (wait(&status) > 0)
        failed += status != 0;
    return failed;
}

/* A writer and the fetchers start together on a new file. One round seldom
 * meets the moment. */
static void
processes_may_make_it_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        snprintf(url, sizeof(url), "sqlite:%s/%d/state.db", dir, round);
        assert_int_equal(open_at_once(6), 0);
    }
}

static void
a_foreign_file_stays_as_it_is(void **state)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;

    (void)state;
    store_close(open_it(STORE_WRITE));
    assert_int_equal(unlink(path), 0);
    execute("CREATE TABLE theirs(x)");
    refused(STORE_WRITE, EX_CONFIG, "another program");
    refused(STORE_READ, EX_CONFIG, "another program");
    sqlite3_open(path, &db);
    sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(stmt, 0), "delete");
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static void
a_file_that_was_cut_is_refused_and_kept(void **state)
{
    struct stat st;

    (void)state;
    store_close(open_it(STORE_WRITE));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size / 2), 0);
    refused(STORE_WRITE, EX_CONFIG, "put a backup in its place");
    assert_int_equal(access(path, F_OK), 0);
}

static void
a_reader_sees_one_moment_and_changes_nothing(void **state)
{
    struct store *w = open_it(STORE_WRITE), *r = open_it(STORE_READ);
    struct error err;
    int64_t n;

    (void)state;
    assert_int_equal(store_counter_put(w, "c", 1, &err), 0);
    assert_int_equal(store_begin(r, &err), 0);
    assert_int_equal(store_counter_get(r, "c", &n, &err), 1);
    assert_int_equal(store_begin(w, &err), 0);
    assert_int_equal(store_counter_put(w, "c", 2, &err), 0);
    assert_int_equal(store_commit(w, &err), 0); /* a reader is no hindrance */
    assert_int_equal(store_counter_get(r, "c", &n, &err), 1);
    assert_int_equal(n, 1);
    assert_int_equal(store_commit(r, &err), 0);
    assert_int_equal(store_counter_get(r, "c", &n, &err), 1);
    assert_int_equal(n, 2);
    assert_int_equal(store_counter_put(r, "c", 3, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    store_close(r);
    store_close(w);
}

/* Is the state locked against being taken for nobody's? Asked by a process of
 * its own: to look at the file and close it would end the locks of this one.
 * The bytes are those of SQLite's shared lock (its file format, 3.3.2). */
static bool
is_locked(void)
{
    struct flock lock = {.l_type = F_WRLCK,
                         .l_whence = SEEK_SET,
                         .l_start = 0x40000002,
                         .l_len = 510};
    pid_t child = fork();
    int status;

    if (child == 0) {
        int fd = open(path, O_RDWR);

        _exit(fd < 0 || fcntl(fd, F_GETLK, &lock) < 0 ? 2
              : lock.l_type == F_UNLCK                ? 1
                                                      : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0;
}

/* Else the last of the others would take the log away from under us. */
static void
a_second_connection_ends_no_lock_of_the_first(void **state)
{
    struct store *first, *second;
    struct error err;
    int64_t n;

    (void)state;
    store_close(open_it(STORE_WRITE));
    assert_false(is_locked());
    first = open_it(STORE_READ);
    assert_int_equal(store_counter_get(first, "c", &n, &err), 0);
    assert_true(is_locked());
    second = open_it(STORE_WRITE);
    assert_true(is_locked());
    assert_int_equal(store_counter_put(second, "c", 1, &err), 0);
    assert_true(is_locked());
    store_close(second);
    assert_true(is_locked());
    store_close(first);
    assert_false(is_locked());
}

static int
keep_feed(void *ctx, const struct store_feed *f)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s %s %s %d %d;", f->feed, f->status,
             f->detail, (int)f->since, (int)f->ok_at);
    return 0;
}

static void
feeds_tell_how_they_are(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_feed a = {"b", "ok", "", 1, 5},
                      b = {"a", "refused", "403", 2, 0};
    char seen[256] = "";
    struct error err;

    (void)state;
    assert_int_equal(store_feed_put(s, &a, &err), 0);
    assert_int_equal(store_feed_put(s, &b, &err), 0);
    snprintf(a.status, sizeof(a.status), "failing");
    assert_int_equal(store_feed_put(s, &a, &err), 0);
    assert_int_equal(store_feed_each(s, keep_feed, seen, &err), 0);
    assert_string_equal(seen, "a refused 403 2 0;b failing  1 5;");
    store_close(s);
}

static int
keep_first_at(void *ctx, const struct store_dead *d)
{
    *(int64_t *)ctx = d->first_at;
    return 0;
}

static int64_t
first_at(struct store *s)
{
    const struct store_dead_filter all = {.without_event = true};
    struct error err;
    int64_t at = 0;

    assert_int_equal(store_dead_each(s, &all, keep_first_at, &at, &err), 0);
    return at;
}

/* Who reads an older state makes do with it; who writes brings it up to date.
 */
static void
an_older_state_is_brought_up_to_date(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_feed f = {"a", "ok", "", 1, 5};
    struct store_dead d = {.id = "hubspot:call:1@1", .at = 7};
    struct store_outcome o = {.o.id = "hubspot:call:1@1", .at = 7};
    char seen[256] = "";
    struct error err;

    (void)state;
    assert_int_equal(store_feed_put(s, &f, &err), 0);
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    store_close(s);
    execute("DROP INDEX link_target; ALTER TABLE feed DROP COLUMN ok_at;"
            " DROP INDEX contact_salesforce; DROP INDEX company_salesforce;"
            " DROP INDEX person_became; DROP TABLE intent; DROP TABLE conflict;"
            " DROP TABLE moved; DROP TABLE token; DROP TABLE quota;"
            " DROP TABLE deletion; DROP INDEX link_pair;"
            " DROP TABLE request; DROP INDEX dead_retrying;"
            " ALTER TABLE dead DROP COLUMN first_at;"
            " ALTER TABLE outcome DROP COLUMN contact;"
            " PRAGMA user_version = 1");
    s = open_it(STORE_READ);
    assert_int_equal(store_feed_each(s, keep_feed, seen, &err), 0);
    assert_int_equal(first_at(s), 7);
    assert_int_equal(store_outcome_get(s, o.o.id, &o, &err), 1);
    assert_string_equal(o.contact, "");
    store_close(s);
    s = open_it(STORE_WRITE);
    assert_int_equal(first_at(s), 7);
    assert_int_equal(store_outcome_get(s, o.o.id, &o, &err), 1);
    snprintf(o.contact, sizeof(o.contact), "51");
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    o.contact[0] = '\0';
    assert_int_equal(store_outcome_get(s, o.o.id, &o, &err), 1);
    assert_string_equal(o.contact, "51");
    assert_int_equal(store_dead_drop(s, 1, &err), 1);
    assert_int_equal(store_feed_put(s, &f, &err), 0);
    assert_int_equal(store_feed_each(s, keep_feed, seen, &err), 0);
    assert_string_equal(seen, "a ok  1 0;a ok  1 5;");
    store_close(s);
    execute("DROP INDEX link_target"); /* it is there again */
}

/* Outside a transaction the disk is met at the end of the statement. */
static void
a_full_disk_is_told(void **state)
{
    static const uint8_t event[20000];
    struct rlimit old, small;
    struct store_dead d = {.id = "a@1", .event = {event, sizeof(event)}};
    struct store *s;
    struct error err = {0, ""};
    int64_t n;
    int rv;

    (void)state;
    store_close(open_it(STORE_WRITE));
    s = open_it(STORE_WRITE);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){8192, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    rv = store_dead_put(s, &d, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(rv, -1);
    assert_true(err.code == EX_IOERR || err.code == EX_TEMPFAIL);
    assert_non_null(strstr(err.text, path));
    assert_int_equal(store_dead_count(s, NULL, &n, &err), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_dead_put(s, &d, &err), 0); /* goes on by itself */
    assert_int_equal(store_dead_drop(s, d.number, &err), 1);
    store_close(s);
}

static void
a_copy_that_fails_names_the_cause(void **state)
{
    char copy[96];
    struct error err = {0, ""};
    FILE *f;

    (void)state;
    snprintf(copy, sizeof(copy), "%s/copy.db", dir);
    assert_int_equal(store_copy(url, copy, &err), -1);
    assert_int_equal(err.code, EX_NOINPUT);
    assert_int_not_equal(access(copy, F_OK), 0);
    store_close(open_it(STORE_WRITE));
    f = fopen(path, "w");
    fputs("no database", f);
    fclose(f);
    assert_int_equal(store_copy(url, copy, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    assert_non_null(strstr(err.text, path));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(it_is_made_for_its_owner_alone),
        ROW(reading_makes_nothing),
        ROW(what_it_does_not_understand_is_refused),
        ROW(checkpoints_survive_and_roll_back),
        ROW(a_copy_holds_the_same),
        ROW(processes_may_make_it_at_once),
        ROW(a_foreign_file_stays_as_it_is),
        ROW(a_file_that_was_cut_is_refused_and_kept),
        ROW(a_reader_sees_one_moment_and_changes_nothing),
        ROW(a_second_connection_ends_no_lock_of_the_first),
        ROW(feeds_tell_how_they_are),
        ROW(an_older_state_is_brought_up_to_date),
        ROW(a_full_disk_is_told),
        ROW(a_copy_that_fails_names_the_cause)};

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
