/* store_quarters_test: what a report counts: records once, all their versions,
 * in the quarter of an hour in which the newest version says that they were,
 * and under the contact that it hangs on. */
#include "store_fixture.h"

#define QUARTER INT64_C(900000)

struct row {
    const char *key, *kind, *outcome;
    int64_t at, occurred_at;
};
struct hanging {
    struct row row;
    const char *contact;
};

static const struct store_quarter_filter all = {false, NULL};
static const struct store_quarter_filter by_contact = {true, NULL};

static void
put(struct store *s, const struct row *row, size_t i, const char *contact)
{
    struct store_outcome o = {.at = row->at, .occurred_at = row->occurred_at};
    struct error err;

    snprintf(o.key, sizeof(o.key), "%s", row->key);
    snprintf(o.kind, sizeof(o.kind), "%s", row->kind);
    snprintf(o.contact, sizeof(o.contact), "%s", contact);
    snprintf(o.o.id, sizeof(o.o.id), "%s@%zu", row->key, i);
    snprintf(o.o.outcome, sizeof(o.o.outcome), "%s", row->outcome);
    snprintf(o.o.source, sizeof(o.o.source), "%.*s",
             (int)strcspn(row->key, ":"), row->key);
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
}

static int
note(void *ctx, const struct store_quarter *q)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 512 - n, "%s%s%s %s %lld%s: %d of %d w%d u%d d%d x%d\n",
             q->contact, q->contact[0] != '\0' ? " " : "", q->kind, q->source,
             (long long)(q->from / QUARTER), q->is_day ? " (day)" : "",
             (int)q->records, (int)q->versions, (int)q->written,
             (int)q->unchanged, (int)q->dropped, (int)q->dead);
    return strstr(seen, "stop") != NULL;
}

static void
look(struct store *s, const struct store_quarter_filter *filter,
     const char *want)
{
    char seen[512] = "";
    struct error err = {0, ""};

    if (store_outcome_quarters(s, filter, note, seen, &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(seen, want);
}

static void
check(const struct row *rows, size_t n, const char *want)
{
    struct store *s = open_it(STORE_WRITE);

    for (size_t i = 0; i < n; i++)
        put(s, &rows[i], i, "");
    look(s, &all, want);
    store_close(s);
}

#define CHECK(rows, want) check(rows, sizeof(rows) / sizeof((rows)[0]), want)

static void
a_quarter_has_its_first_ms_and_its_last(void **state)
{
    static const struct row rows[] = {
        {"hubspot:call:1", "call", "written", 1, 8 * QUARTER - 1},
        {"hubspot:call:2", "call", "written", 1, 8 * QUARTER},
        {"hubspot:call:3", "call", "dropped", 1, 9 * QUARTER - 1},
        {"hubspot:call:4", "call", "dead", 1, 9 * QUARTER},
        {"salesforce:Task:00T1", "call", "unchanged", 1, 9 * QUARTER},
        {"hubspot:note:1", "note", "odd", 1, -1},
        {"hubspot:note:2", "note", "written", 1, -QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 7: 1 of 1 w1 u0 d0 x0\n"
                "call hubspot 8: 2 of 2 w1 u0 d1 x0\n"
                "call hubspot 9: 1 of 1 w0 u0 d0 x1\n"
                "call salesforce 9: 1 of 1 w0 u1 d0 x0\n"
                "note hubspot -1: 2 of 2 w1 u0 d0 x0\n");
}

static void
only_a_task_of_salesforce_has_nothing_but_a_day(void **state)
{
    static const struct row rows[] = {
        {"salesforce:Task:00T1", "task", "written", 1, 960 * QUARTER},
        {"salesforce:Task:00T2", "task", "written", 1, 960 * QUARTER + 1},
        {"salesforce:Task:00T3", "task", "written", 1, -96 * QUARTER},
        {"salesforce:Task:00T4", "task", "written", 1, 0},
        {"salesforce:Event:00U1", "meeting", "written", 1, 960 * QUARTER},
        {"hubspot:call:1", "call", "written", 1, 960 * QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 960: 1 of 1 w1 u0 d0 x0\n"
                "meeting salesforce 960: 1 of 1 w1 u0 d0 x0\n"
                "task salesforce -96 (day): 1 of 1 w1 u0 d0 x0\n"
                "task salesforce 0: 1 of 1 w1 u0 d0 x0\n"
                "task salesforce 960: 1 of 1 w1 u0 d0 x0\n"
                "task salesforce 960 (day): 1 of 1 w1 u0 d0 x0\n");
}

static void
a_record_is_counted_where_its_newest_version_is(void **state)
{
    static const struct row rows[] = {
        {"hubspot:meeting:1", "meeting", "written", 1, 20 * QUARTER},
        {"hubspot:meeting:1", "meeting", "written", 3, 30 * QUARTER},
        {"hubspot:meeting:1", "meeting", "unchanged", 2, 40 * QUARTER},
        /* A deletion, which says neither when it was nor of what kind. */
        {"hubspot:meeting:1", "", "dropped", 4, 0},
        {"hubspot:meeting:2", "meeting", "dead", 1, 30 * QUARTER}};

    (void)state;
    CHECK(rows, "meeting hubspot 30: 2 of 5 w2 u1 d1 x1\n");
}

static void
what_never_says_when_it_was_is_counted_apart(void **state)
{
    static const struct row rows[] = {
        {"hubspot:call:1", "call", "dead", 1, 0},
        {"hubspot:call:1", "call", "dropped", 2, 0},
        {"hubspot:call:2", "call", "written", 1, QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 0: 1 of 2 w0 u0 d1 x1\n"
                "call hubspot 1: 1 of 1 w1 u0 d0 x0\n");
}

static void
it_ends_when_told_to(void **state)
{
    static const struct row rows[] = {
        {"hubspot:call:1", "call", "written", 1, QUARTER},
        {"hubspot:stop:1", "stop", "written", 1, QUARTER},
        {"hubspot:task:1", "task", "written", 1, QUARTER}};

    (void)state;
    CHECK(rows, "call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
                "stop hubspot 1: 1 of 1 w1 u0 d0 x0\n");
}

#define PERSON "003000000000001AAA"
#define LEAD   "00Q000000000001EAA"

static const struct hanging of_contacts[] = {
    {{"hubspot:call:1", "call", "written", 1, QUARTER}, "51"},
    {{"hubspot:call:2", "call", "dropped", 1, QUARTER}, "52"},
    /* It hangs on another one by now. */
    {{"hubspot:call:3", "call", "written", 1, QUARTER}, "52"},
    {{"hubspot:call:3", "call", "written", 2, 2 * QUARTER}, "51"},
    /* A deletion says neither when it was nor whom it hung on. */
    {{"hubspot:call:3", "", "dropped", 3, 0}, ""},
    {{"hubspot:note:1", "note", "dropped", 1, QUARTER}, ""},
    {{"salesforce:Task:00T1", "call", "dropped", 1, QUARTER}, PERSON},
    {{"salesforce:Task:00T2", "call", "dropped", 1, QUARTER}, LEAD}};

static struct store *
with_contacts(void)
{
    struct store *s = open_it(STORE_WRITE);

    for (size_t i = 0; i < sizeof(of_contacts) / sizeof(of_contacts[0]); i++)
        put(s, &of_contacts[i].row, i, of_contacts[i].contact);
    return s;
}

static void
an_outcome_is_kept_whole(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_outcome o = {.o = {.id = "hubspot:call:1@2",
                                    .source = "hubspot",
                                    .outcome = "dead",
                                    .reason = "refused",
                                    .stage = "writer",
                                    .target = "salesforce:Task:00T1",
                                    .detail = "No",
                                    .tries = 3},
                              .key = "hubspot:call:1",
                              .kind = "call",
                              .contact = "51",
                              .at = 5,
                              .occurred_at = 4};
    struct store_outcome got;
    struct error err;

    (void)state;
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(store_outcome_get(s, o.o.id, &got, &err), 1);
    assert_memory_equal(&got, &o, sizeof(o));
    o.contact[0] = '\0'; /* it is not told, and stays */
    o.at = 6;
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(store_outcome_get(s, o.o.id, &got, &err), 1);
    assert_string_equal(got.contact, "51");
    assert_int_equal(got.at, 6);
    snprintf(o.contact, sizeof(o.contact), "52");
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(store_outcome_get(s, o.o.id, &got, &err), 1);
    assert_string_equal(got.contact, "52");
    store_close(s);
}

static void
contacts_are_told_apart_when_asked(void **state)
{
    struct store *s = with_contacts();

    (void)state;
    look(s, &by_contact,
         "note hubspot 1: 1 of 1 w0 u0 d1 x0\n" PERSON
         " call salesforce 1: 1 of 1 w0 u0 d1 x0\n" LEAD
         " call salesforce 1: 1 of 1 w0 u0 d1 x0\n"
         "51 call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
         "51 call hubspot 2: 1 of 3 w2 u0 d1 x0\n"
         "52 call hubspot 1: 1 of 1 w0 u0 d1 x0\n");
    look(s, &all,
         "call hubspot 1: 2 of 2 w1 u0 d1 x0\n"
         "call hubspot 2: 1 of 3 w2 u0 d1 x0\n"
         "call salesforce 1: 2 of 2 w0 u0 d2 x0\n"
         "note hubspot 1: 1 of 1 w0 u0 d1 x0\n");
    store_close(s);
}

static void
one_contact_is_counted_alone(void **state)
{
    static const struct store_quarter_filter of_51 = {false, "51"};
    static const struct store_quarter_filter by_51 = {true, "51"};
    static const struct store_quarter_filter of_nobody = {true, "5"};
    struct store *s = with_contacts();

    (void)state;
    look(s, &of_51,
         "call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
         "call hubspot 2: 1 of 3 w2 u0 d1 x0\n");
    look(s, &by_51,
         "51 call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
         "51 call hubspot 2: 1 of 3 w2 u0 d1 x0\n");
    look(s, &of_nobody, "");
    store_close(s);
}

/* What ended before the tie hangs on the same contact as what came after. */
static void
whom_a_contact_is_tied_to_is_that_contact(void **state)
{
    static const struct store_quarter_filter of_51 = {false, "51"};
    static const struct store_quarter_filter of_person = {false, PERSON};
    struct store_contact c = {.hubspot_id = "51", .salesforce_id = PERSON};
    struct store *s = with_contacts();
    struct error err;

    (void)state;
    assert_int_equal(store_contact_put(s, &c, &err), 0);
    look(s, &by_contact,
         "note hubspot 1: 1 of 1 w0 u0 d1 x0\n" LEAD
         " call salesforce 1: 1 of 1 w0 u0 d1 x0\n"
         "51 call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
         "51 call hubspot 2: 1 of 3 w2 u0 d1 x0\n"
         "51 call salesforce 1: 1 of 1 w0 u0 d1 x0\n"
         "52 call hubspot 1: 1 of 1 w0 u0 d1 x0\n");
    look(s, &of_51,
         "call hubspot 1: 1 of 1 w1 u0 d0 x0\n"
         "call hubspot 2: 1 of 3 w2 u0 d1 x0\n"
         "call salesforce 1: 1 of 1 w0 u0 d1 x0\n");
    look(s, &of_person, "");
    store_close(s);
}

/* It is read as it is: only a writer brings it up to date. */
static void
an_older_state_knows_no_contacts(void **state)
{
    static const struct store_quarter_filter of_51 = {true, "51"};
    struct store *s = with_contacts();

    (void)state;
    store_close(s);
    execute("ALTER TABLE outcome DROP COLUMN contact");
    s = open_it(STORE_READ);
    look(s, &by_contact,
         "call hubspot 1: 2 of 2 w1 u0 d1 x0\n"
         "call hubspot 2: 1 of 3 w2 u0 d1 x0\n"
         "call salesforce 1: 2 of 2 w0 u0 d2 x0\n"
         "note hubspot 1: 1 of 1 w0 u0 d1 x0\n");
    look(s, &of_51, "");
    store_close(s);
}

static void
an_empty_state_has_none(void **state)
{
    struct store *s = open_it(STORE_WRITE);

    (void)state;
    store_close(s);
    s = open_it(STORE_READ);
    look(s, &all, "");
    look(s, &by_contact, "");
    store_close(s);
}

static void
a_damaged_state_is_an_error(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    char seen[512] = "";
    struct error err;

    (void)state;
    store_close(s);
    execute("DROP TABLE outcome");
    s = open_it(STORE_READ);
    assert_int_equal(store_outcome_quarters(s, &all, note, seen, &err), -1);
    assert_non_null(strstr(err.text, "no such table"));
    store_close(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(a_quarter_has_its_first_ms_and_its_last),
        ROW(only_a_task_of_salesforce_has_nothing_but_a_day),
        ROW(a_record_is_counted_where_its_newest_version_is),
        ROW(what_never_says_when_it_was_is_counted_apart),
        ROW(it_ends_when_told_to),
        ROW(an_outcome_is_kept_whole),
        ROW(contacts_are_told_apart_when_asked),
        ROW(one_contact_is_counted_alone),
        ROW(whom_a_contact_is_tied_to_is_that_contact),
        ROW(an_older_state_knows_no_contacts),
        ROW(an_empty_state_has_none),
        ROW(a_damaged_state_is_an_error)};

    return cmocka_run_group_tests_name("store_quarters", tests, NULL, NULL);
}
