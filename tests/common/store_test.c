/* store_test: the state on real SQLite files. */
#include "common/store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

static char dir[64], path[96], url[128];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/crmpipe-store-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/s/state.db", dir);
    snprintf(url, sizeof(url), "sqlite:%s", path);
    return 0;
}

static int
remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    return system(command);
}

static struct store *
open_it(enum store_mode mode)
{
    struct store *store;
    struct error err = {0, ""};

    if (store_open(url, mode, &store, &err) < 0)
        fail_msg("%s", err.text);
    return store;
}

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
execute(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
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
    refused(STORE_WRITE, EX_CONFIG, "move it aside");
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

static int
count_contact(void *ctx, const struct store_contact *c)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s ", c->hubspot_id);
    return 0;
}

static void
put_contact(struct store *s, const char *id, const char *email,
            const char *more, const char *sf, bool due)
{
    struct store_contact c = {.matches = 1, .lookback_due = due};
    struct error err;

    snprintf(c.hubspot_id, sizeof(c.hubspot_id), "%s", id);
    snprintf(c.email, sizeof(c.email), "%s", email);
    snprintf(c.more_emails, sizeof(c.more_emails), "%s", more);
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "%s", sf);
    assert_int_equal(store_contact_put(s, &c, &err), 0);
}

static void
contacts_are_found_by_any_address(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c;
    char seen[256] = "";
    struct error err;

    (void)state;
    put_contact(s, "9", "a@x.test", "b@x.test;c@x.test", "", true);
    put_contact(s, "10", "d@x.test", "", "003A", true);
    put_contact(s, "11", "", "", "", false);
    assert_int_equal(store_contact_get(s, "9", &c, &err), 1);
    assert_true(c.lookback_due);
    assert_int_equal(store_contact_by_email(s, "C@X.test", &c, &err), 1);
    assert_string_equal(c.hubspot_id, "9");
    assert_int_equal(store_contact_by_email(s, "z@x.test", &c, &err), 0);
    assert_int_equal(store_contacts_due(s, 9, count_contact, seen, &err), 0);
    assert_string_equal(seen, "9 10 ");
    seen[0] = '\0';
    store_contacts_untied(s, "", 9, count_contact, seen, &err);
    assert_string_equal(seen, "9 ");
    seen[0] = '\0';
    store_contacts_untied(s, "9", 9, count_contact, seen, &err);
    assert_string_equal(seen, "");
    put_contact(s, "9", "new@x.test", "", "003B", false);
    assert_int_equal(store_contact_by_email(s, "b@x.test", &c, &err), 0);
    assert_int_equal(store_contact_by_email(s, "new@x.test", &c, &err), 1);
    store_close(s);
}

/* Whom a person of Salesforce is found by, row by row: "10" is tied to 003A,
 * "11" to a lead that became a contact that was merged into 003C, "12" and "13"
 * to the same. */
static const struct by_id_row {
    const char *name, *id, *want;
} by_id_rows[] = {
    {"the tied one", "003A", "10"},
    {"who was a lead before", "003C", "11"},
    {"in the middle of the way", "003B", "11"},
    {"the lead itself", "00QL", "11"},
    {"of two the one that was changed last", "003D", "13"},
    {"somebody else", "003E", NULL},
    {"who goes round in circles", "003X", NULL},
    {"nobody", "", NULL},
};

static void
contacts_are_found_by_whom_they_are_tied_to(void **state)
{
    static const struct store_person people[] = {
        {"00QL", "Lead", "", "003B", false},
        {"003B", "Contact", "", "003C", true},
        {"003X", "Contact", "", "003Y", false},
        {"003Y", "Contact", "", "003X", false}};
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c = {.modified_at = 9};
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_person_put(s, &people[i], &err), 0);
    put_contact(s, "9", "a@x.test", "", "", false);
    put_contact(s, "10", "", "", "003A", false);
    put_contact(s, "11", "", "", "00QL", false);
    put_contact(s, "12", "", "", "003D", false);
    snprintf(c.hubspot_id, sizeof(c.hubspot_id), "13");
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "003D");
    assert_int_equal(store_contact_put(s, &c, &err), 0);
    for (size_t i = 0; i < sizeof(by_id_rows) / sizeof(by_id_rows[0]); i++) {
        const struct by_id_row *row = &by_id_rows[i];
        int rv = store_contact_by_salesforce_id(s, row->id, &c, &err);

        if (rv != (row->want != NULL) ||
            (rv == 1 && strcmp(c.hubspot_id, row->want) != 0))
            fail_msg("%s: %d %s", row->name, rv, c.hubspot_id);
    }
    store_close(s);
}

static void
companies_are_found_by_their_account(void **state)
{
    static const struct store_company all[] = {
        {"7", "001A", 5}, {"8", "001A", 6}, {"9", "001B", 7}, {"10", "", 8}};
    struct store *s = open_it(STORE_WRITE);
    struct store_company co;
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_company_put(s, &all[i], &err), 0);
    assert_int_equal(store_company_by_salesforce_id(s, "001A", &co, &err), 1);
    assert_string_equal(co.hubspot_id, "8");
    assert_int_equal(store_company_by_salesforce_id(s, "001B", &co, &err), 1);
    assert_string_equal(co.hubspot_id, "9");
    assert_int_equal(store_company_by_salesforce_id(s, "001C", &co, &err), 0);
    assert_int_equal(store_company_by_salesforce_id(s, "", &co, &err), 0);
    store_close(s);
}

static void
only_the_living_have_an_address(void **state)
{
    static const struct store_person people[] = {
        {"003A", "Contact", "a@x.test", "", false},
        {"003B", "Contact", "a@x.test", "", false},
        {"003C", "Contact", "a@x.test", "", true},
        {"00QD", "Lead", "a@x.test", "003A", false}};
    struct store *s = open_it(STORE_WRITE);
    struct store_person found[1];
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_person_put(s, &people[i], &err), 0);
    assert_int_equal(store_people_by_email(s, "A@x.test", found, 1, &err), 2);
    assert_string_equal(found[0].salesforce_id, "003A");
    assert_int_equal(store_people_by_email(s, "", found, 1, &err), 0);
    assert_int_equal(store_person_get(s, "00QD", found, &err), 1);
    assert_string_equal(found[0].became_id, "003A");
    store_close(s);
}

static int
count_one(void *ctx, const struct store_outcome *o)
{
    (void)o;
    ++*(int *)ctx;
    return 0;
}

static int
found(struct store *s, const char *text)
{
    struct error err;
    int n = 0;

    assert_int_equal(store_outcome_find(s, text, count_one, &n, &err), 0);
    return n;
}

static void
outcomes_are_found_and_trimmed(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_outcome o = {.key = "hubspot:call:512", .at = 5};
    struct error err;

    (void)state;
    snprintf(o.o.outcome, sizeof(o.o.outcome), "written");
    snprintf(o.o.id, sizeof(o.o.id), "hubspot:call:512@1");
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    snprintf(o.o.id, sizeof(o.o.id), "hubspot:call:512@2");
    o.at = 7;
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(found(s, "512"), 2);
    assert_int_equal(found(s, "hubspot:call:512"), 2);
    assert_int_equal(found(s, "hubspot:call:512@2"), 1);
    assert_int_equal(found(s, "call:512"), 2);
    assert_int_equal(found(s, "12"), 0);
    assert_int_equal(store_outcome_get(s, "hubspot:call:512@1", &o, &err), 1);
    assert_int_equal(store_outcome_trim(s, 6, 10, &err), 1);
    assert_int_equal(found(s, "512"), 1);
    store_close(s);
}

static int
keep_letter(void *ctx, const struct store_dead *d)
{
    struct store_dead *to = ctx;

    *to = *d;
    to->at++; /* proves that it was here */
    return 0;
}

static void
letters_keep_their_number_and_their_event(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_dead_filter all = {0}, retrying = {.retrying_only = true};
    struct store_dead d = {.id = "hubspot:call:1@1",
                           .key = "hubspot:call:1",
                           .kind = "call",
                           .reason = "R",
                           .event = {(const uint8_t *)"\x80", 1}};
    struct store_dead got = {0};
    struct error err;
    int64_t number;

    (void)state;
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    number = d.number;
    assert_true(number > 0);
    assert_int_equal(store_dead_retry(s, &all, &err), 1);
    assert_int_equal(store_dead_each(s, &retrying, keep_letter, &got, &err), 0);
    assert_int_equal(got.number, number);
    assert_int_equal(got.event.len, 1);
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    assert_int_equal(d.number, number);
    got.number = 0;
    store_dead_each(s, &retrying, keep_letter, &got, &err);
    assert_int_equal(got.number, 0);
    all.kind = "note";
    assert_int_equal(store_dead_drop(s, &all, &err), 0);
    all.kind = "call";
    all.text = "1";
    assert_int_equal(store_dead_drop(s, &all, &err), 1);
    store_close(s);
}

static void
links_and_counters(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_link link = {
        .key = "k",
        .target = "salesforce:Task:1",
        .version = 1,
        .snapshot = {(const uint8_t *)"\x81\xa1x\x01", 4}};
    struct store_link got;
    struct error err;
    int64_t n;

    (void)state;
    assert_int_equal(store_link_get(s, "k", &got, &err), 0);
    assert_int_equal(store_link_put(s, &link, &err), 0);
    link.version = 2;
    assert_int_equal(store_link_put(s, &link, &err), 0);
    assert_int_equal(store_link_get(s, "k", &got, &err), 1);
    assert_int_equal(got.version, 2);
    assert_int_equal(mp_get_i64(got.snapshot, "x", 0), 1);
    assert_int_equal(store_link_by_target(s, "salesforce:Task:2", &got, &err),
                     0);
    assert_int_equal(store_link_by_target(s, "salesforce:Task:1", &got, &err),
                     1);
    assert_string_equal(got.key, "k");
    assert_int_equal(got.version, 2);
    assert_int_equal(store_counter_get(s, "c", &n, &err), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_counter_put(s, "c", 3, &err), 0);
    assert_int_equal(store_counter_get(s, "c", &n, &err), 1);
    assert_int_equal(n, 3);
    assert_int_equal(store_api_add(s, "hubspot", 20000, 2, &n, &err), 0);
    assert_int_equal(store_api_add(s, "hubspot", 20000, 3, &n, &err), 0);
    assert_int_equal(n, 5);
    assert_int_equal(store_api_add(s, "hubspot", 20001, 0, &n, &err), 0);
    assert_int_equal(n, 0);
    store_close(s);
}

static void
intents_stand_until_they_are_dropped(void **state)
{
    struct store_intent intent = {"salesforce:Task:1", 7, "hubspot:call"}, got;
    struct store *s = open_it(STORE_WRITE);
    struct error err;
    int64_t at;

    (void)state;
    assert_int_equal(store_intent_get(s, intent.key, &got, &err), 0);
    assert_int_equal(store_intent_last(s, "hubspot:call", &at, &err), 0);
    assert_int_equal(at, 0);
    assert_int_equal(store_intent_put(s, &intent, &err), 0);
    intent.at = 9;
    assert_int_equal(store_intent_put(s, &intent, &err), 0);
    assert_int_equal(store_intent_get(s, intent.key, &got, &err), 1);
    assert_int_equal(got.at, 9);
    assert_string_equal(got.what, "hubspot:call");
    assert_int_equal(store_intent_last(s, "hubspot:call", &at, &err), 0);
    assert_int_equal(at, 9);
    assert_int_equal(store_intent_last(s, "hubspot:task", &at, &err), 0);
    assert_int_equal(at, 0);
    assert_int_equal(store_intent_drop(s, intent.key, &err), 0);
    assert_int_equal(store_intent_get(s, intent.key, &got, &err), 0);
    store_close(s);
}

static int
add_conflict(void *ctx, const struct store_conflict *c)
{
    char *all = ctx;

    sprintf(all + strlen(all), "%lld %s %s %s>%s %s %lld|",
            (long long)c->number, c->key, c->property, c->kept, c->lost,
            c->kept_side, (long long)c->at);
    return 0;
}

static void
conflicts_and_a_dropped_link(void **state)
{
    struct store_conflict c = {.key = "a",
                               .property = "p",
                               .kept = "x",
                               .lost = "y",
                               .kept_side = "hubspot",
                               .at = 5};
    struct store_link link = {.key = "a", .kind = "call", .target = "t"};
    struct store *s = open_it(STORE_WRITE);
    char all[256] = "";
    struct error err;

    (void)state;
    assert_int_equal(store_conflict_put(s, &c, &err), 0);
    assert_int_equal(c.number, 1);
    snprintf(c.key, sizeof(c.key), "b");
    assert_int_equal(store_conflict_put(s, &c, &err), 0);
    assert_int_equal(store_conflict_each(s, "b", add_conflict, all, &err), 0);
    assert_string_equal(all, "2 b p x>y hubspot 5|");
    assert_int_equal(store_conflict_each(s, NULL, add_conflict, all, &err), 0);
    assert_string_equal(
        all, "2 b p x>y hubspot 5|1 a p x>y hubspot 5|2 b p x>y hubspot 5|");
    assert_int_equal(store_link_put(s, &link, &err), 0);
    assert_int_equal(store_link_drop(s, "a", &err), 0);
    assert_int_equal(store_link_drop(s, "a", &err), 0);
    assert_int_equal(store_link_get(s, "a", &link, &err), 0);
    store_close(s);
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
    refused(STORE_WRITE, EX_CONFIG, "move it aside");
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

static void
fill(char *buf, size_t size, char c)
{
    memset(buf, c, size - 1);
    buf[size - 1] = '\0';
}

static void
contacts_and_companies_come_back_whole(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c = {.synced_at = 1,
                              .modified_at = INT64_MAX,
                              .document_viewed_at = -3,
                              .matches = 4,
                              .lookback_due = true};
    struct store_contact got = {.matches = 0};
    struct store_company co = {"7", "001A", 5}, co_got;
    struct error err;

    (void)state;
    fill(c.hubspot_id, sizeof(c.hubspot_id), '1');
    fill(c.email, sizeof(c.email), 'e');
    fill(c.more_emails, sizeof(c.more_emails), ';');
    fill(c.salesforce_id, sizeof(c.salesforce_id), 'S');
    fill(c.salesforce_type, sizeof(c.salesforce_type), 'T');
    assert_int_equal(store_contact_put(s, &c, &err), 0);
    assert_int_equal(store_contact_get(s, c.hubspot_id, &got, &err), 1);
    assert_string_equal(got.hubspot_id, c.hubspot_id);
    assert_string_equal(got.email, c.email);
    assert_string_equal(got.more_emails, c.more_emails);
    assert_string_equal(got.salesforce_id, c.salesforce_id);
    assert_string_equal(got.salesforce_type, c.salesforce_type);
    assert_true(got.synced_at == 1 && got.modified_at == INT64_MAX);
    assert_true(got.document_viewed_at == -3 && got.matches == 4);
    assert_int_equal(store_contact_by_email(s, c.email, &got, &err), 1);
    assert_int_equal(store_contact_by_email(s, "", &got, &err), 0);
    assert_int_equal(store_company_get(s, "7", &co_got, &err), 0);
    assert_int_equal(store_company_put(s, &co, &err), 0);
    co.seen_at = 6;
    assert_int_equal(store_company_put(s, &co, &err), 0);
    assert_int_equal(store_company_get(s, "7", &co_got, &err), 1);
    assert_string_equal(co_got.salesforce_id, "001A");
    assert_true(co_got.seen_at == 6);
    store_close(s);
}

static void
untied_contacts_come_page_by_page(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[256] = "";
    struct error err;

    (void)state;
    put_contact(s, "100", "c@x.test", "", "", false);
    put_contact(s, "9", "a@x.test", "", "", false);
    put_contact(s, "20", "b@x.test", "", "", false);
    store_contacts_untied(s, "", 2, count_contact, seen, &err);
    assert_string_equal(seen, "9 20 ");
    store_contacts_untied(s, "20", 2, count_contact, seen, &err);
    assert_string_equal(seen, "9 20 100 ");
    store_contacts_untied(s, "100", 2, count_contact, seen, &err);
    assert_string_equal(seen, "9 20 100 ");
    store_close(s);
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

/* Who reads an older state makes do with it; who writes brings it up to date.
 */
static void
an_older_state_is_brought_up_to_date(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_feed f = {"a", "ok", "", 1, 5};
    char seen[256] = "";
    struct error err;

    (void)state;
    assert_int_equal(store_feed_put(s, &f, &err), 0);
    store_close(s);
    execute("DROP INDEX link_target; ALTER TABLE feed DROP COLUMN ok_at;"
            " DROP INDEX contact_salesforce; DROP INDEX company_salesforce;"
            " DROP INDEX person_became; DROP TABLE intent; DROP TABLE conflict;"
            " PRAGMA user_version = 1");
    s = open_it(STORE_READ);
    assert_int_equal(store_feed_each(s, keep_feed, seen, &err), 0);
    store_close(s);
    s = open_it(STORE_WRITE);
    assert_int_equal(store_feed_put(s, &f, &err), 0);
    assert_int_equal(store_feed_each(s, keep_feed, seen, &err), 0);
    assert_string_equal(seen, "a ok  1 0;a ok  1 5;");
    store_close(s);
    execute("DROP INDEX link_target"); /* it is there again */
}

static int
note_outcome(void *ctx, const struct store_outcome *o)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s:%s:%zu ", o->o.id, o->o.detail,
             o->o.trace.len);
    return strcmp(o->o.reason, "stop") == 0;
}

static int
note_count(void *ctx, const struct store_count *c)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s/%s/%s=%d ", c->kind, c->outcome, c->reason,
             (int)c->n);
    return 0;
}

static void
put_outcome(struct store *s, const char *id, const char *reason, int64_t at)
{
    struct store_outcome o = {.key = "hubspot:note:8", .kind = "note"};
    struct error err;

    o.at = at;
    o.o.trace = (struct span){(const uint8_t *)"\x91\x01", 2};
    snprintf(o.o.id, sizeof(o.o.id), "%s", id);
    snprintf(o.o.outcome, sizeof(o.o.outcome), "dropped");
    snprintf(o.o.reason, sizeof(o.o.reason), "%s", reason);
    snprintf(o.o.detail, sizeof(o.o.detail), "d");
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
}

static void
outcomes_come_newest_first_and_are_counted(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[256] = "";
    struct error err;

    (void)state;
    put_outcome(s, "b", "r", 2);
    put_outcome(s, "c", "stop", 3);
    put_outcome(s, "a", "r", 1);
    put_outcome(s, "d", "r", 4);
    assert_int_equal(store_outcome_find(s, "8", note_outcome, seen, &err), 0);
    assert_string_equal(seen, "d:d:2 c:d:2 "); /* told to stop */
    seen[0] = '\0';
    assert_int_equal(store_outcome_counts(s, note_count, seen, &err), 0);
    assert_string_equal(seen, "note/dropped/r=3 note/dropped/stop=1 ");
    assert_int_equal(store_outcome_trim(s, 4, 2, &err), 2);
    assert_int_equal(found(s, "a"), 0); /* the oldest go first */
    assert_int_equal(found(s, "c"), 1);
    assert_int_equal(store_outcome_trim(s, 4, 2, &err), 1);
    assert_int_equal(store_outcome_trim(s, 4, 2, &err), 0);
    assert_int_equal(found(s, "8"), 1);
    store_close(s);
}

static int
note_number(void *ctx, const struct store_dead *d)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 64 - n, "%d", (int)d->number);
    return 0;
}

static void
letters_are_chosen_by_every_filter(void **state)
{
    static const struct {
        struct store_dead_filter filter;
        const char *want;
    } rows[] = {
        {{0}, "123"},
        {{.number = 2}, "2"},
        {{.kind = "call"}, "13"},
        {{.reason = "R2"}, "23"},
        {{.kind = "call", .reason = "R2"}, "3"},
        {{.text = "7"}, "1"},
        {{.text = "note:8"}, "2"},
        {{.text = "hubspot:call:9"}, "3"},
        {{.text = "k@3"}, "3"},
        {{.text = "ote:8"}, ""},
        {{.retrying_only = true}, "2"},
        {{.kind = "call", .retrying_only = true}, ""},
    };
    struct store_dead letters[] = {
        {.id = "k@1", .key = "hubspot:call:7", .kind = "call", .reason = "R1"},
        {.id = "k@2", .key = "hubspot:note:8", .kind = "note", .reason = "R2"},
        {.id = "k@3", .key = "hubspot:call:9", .kind = "call", .reason = "R2"},
    };
    struct store *s = open_it(STORE_WRITE);
    struct error err;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_dead_put(s, &letters[i], &err), 0);
    assert_int_equal(store_dead_retry(s, &rows[1].filter, &err), 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char seen[64] = "";

        assert_int_equal(
            store_dead_each(s, &rows[i].filter, note_number, seen, &err), 0);
        assert_string_equal(seen, rows[i].want);
    }
    store_close(s);
}

/* Outside a transaction the disk is met at the end of the statement. */
static void
a_full_disk_is_told(void **state)
{
    static const uint8_t event[20000];
    struct rlimit old, small;
    struct store_dead d = {.id = "a@1", .event = {event, sizeof(event)}};
    struct store_dead_filter all = {0};
    struct store *s;
    struct error err = {0, ""};
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
    assert_int_equal(store_dead_drop(s, &all, &err), 0);
    assert_int_equal(store_dead_put(s, &d, &err), 0); /* goes on by itself */
    assert_int_equal(store_dead_drop(s, &all, &err), 1);
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

#define ROW(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(it_is_made_for_its_owner_alone),
        ROW(reading_makes_nothing),
        ROW(what_it_does_not_understand_is_refused),
        ROW(checkpoints_survive_and_roll_back),
        ROW(contacts_are_found_by_any_address),
        ROW(contacts_are_found_by_whom_they_are_tied_to),
        ROW(companies_are_found_by_their_account),
        ROW(only_the_living_have_an_address),
        ROW(outcomes_are_found_and_trimmed),
        ROW(letters_keep_their_number_and_their_event),
        ROW(links_and_counters),
        ROW(intents_stand_until_they_are_dropped),
        ROW(conflicts_and_a_dropped_link),
        ROW(a_copy_holds_the_same),
        ROW(processes_may_make_it_at_once),
        ROW(a_foreign_file_stays_as_it_is),
        ROW(a_file_that_was_cut_is_refused_and_kept),
        ROW(a_reader_sees_one_moment_and_changes_nothing),
        ROW(contacts_and_companies_come_back_whole),
        ROW(untied_contacts_come_page_by_page),
        ROW(feeds_tell_how_they_are),
        ROW(an_older_state_is_brought_up_to_date),
        ROW(outcomes_come_newest_first_and_are_counted),
        ROW(letters_are_chosen_by_every_filter),
        ROW(a_full_disk_is_told),
        ROW(a_copy_that_fails_names_the_cause)};

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
