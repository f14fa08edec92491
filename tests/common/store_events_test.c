/* store_events_test: outcomes, dead letters, links and counters in the state.
 */
#include "tests/common/store_fixture.h"

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
                           .at = 5,
                           .event = {(const uint8_t *)"\x80", 1}};
    struct store_dead got = {0};
    struct error err;
    int64_t number;

    (void)state;
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    number = d.number;
    assert_true(number > 0);
    assert_int_equal(store_dead_retry(s, number + 1, &err), 0);
    assert_int_equal(store_dead_retry(s, number, &err), 1);
    assert_int_equal(store_dead_each(s, &retrying, keep_letter, &got, &err), 0);
    assert_int_equal(got.number, number);
    assert_int_equal(got.event.len, 1);
    d.at = 9;
    d.tries = 3;
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    assert_int_equal(d.number, number);
    got.number = 0;
    store_dead_each(s, &retrying, keep_letter, &got, &err);
    assert_int_equal(got.number, 0);
    assert_int_equal(store_dead_each(s, &all, keep_letter, &got, &err), 0);
    assert_int_equal(got.number, number);
    assert_int_equal(got.tries, 1 + 3); /* what was not counted was one */
    assert_int_equal(got.at, 9 + 1);
    assert_int_equal(got.first_at, 5);
    assert_int_equal(store_dead_drop(s, number + 1, &err), 0);
    assert_int_equal(store_dead_drop(s, number, &err), 1);
    assert_int_equal(store_dead_drop(s, number, &err), 0);
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
an_intent_is_open_until_its_event_has_ended(void **state)
{
    static const struct {
        const char *id, *key;
        int64_t at;
        int is_open;
    } rows[] = {
        {"salesforce:Task:1@40", "salesforce:Task:1", 99, 1}, /* older */
        {"salesforce:Task:1@50", "salesforce:Task:1", 8, 1},  /* before */
        {"salesforce:Task:2@60", "salesforce:Task:2", 99, 1}, /* another's */
        {"salesforce:Task:1@50", "salesforce:Task:1", 9, 0},
        {"salesforce:Task:1@600", "salesforce:Task:1", 99, 0}, /* later */
    };
    const struct store_intent intent = {.key = "salesforce:Task:1",
                                        .at = 9,
                                        .what = "hubspot:call",
                                        .version = 50};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store_outcome row = {.at = rows[i].at};
        struct store *s = open_it(STORE_WRITE);

        snprintf(row.o.id, sizeof(row.o.id), "%s", rows[i].id);
        snprintf(row.key, sizeof(row.key), "%s", rows[i].key);
        snprintf(row.o.outcome, sizeof(row.o.outcome), "dropped");
        assert_int_equal(store_intent_put(s, &intent, &err), 0);
        assert_int_equal(store_outcome_put(s, &row, &err), 0);
        assert_int_equal(store_intent_open(s, "hubspot:call", 0, &err),
                         rows[i].is_open);
        store_close(s);
    }
}

static void
intents_stand_until_they_are_dropped(void **state)
{
    struct store_intent intent = {.key = "salesforce:Task:1",
                                  .at = 7,
                                  .what = "hubspot:call",
                                  .version = 5,
                                  .decision = {(const uint8_t *)"\x80", 1}};
    struct store_intent got;
    struct store *s = open_it(STORE_WRITE);
    struct error err;

    (void)state;
    assert_int_equal(store_intent_get(s, intent.key, &got, &err), 0);
    assert_int_equal(store_intent_open(s, "hubspot:call", 0, &err), 0);
    assert_int_equal(store_intent_put(s, &intent, &err), 0);
    intent.at = 9;
    assert_int_equal(store_intent_put(s, &intent, &err), 0);
    assert_int_equal(store_intent_get(s, intent.key, &got, &err), 1);
    assert_int_equal(got.at, 9);
    assert_string_equal(got.what, "hubspot:call");
    assert_int_equal(got.version, 5);
    assert_int_equal(got.decision.len, 1);
    assert_int_equal(got.decision.data[0], 0x80);
    assert_int_equal(store_intent_open(s, "hubspot:call", 9, &err), 1);
    assert_int_equal(store_intent_open(s, "hubspot:call", 10, &err), 0);
    assert_int_equal(store_intent_open(s, "hubspot:task", 0, &err), 0);
    assert_int_equal(store_intent_drop(s, intent.key, &err), 0);
    assert_int_equal(store_intent_get(s, intent.key, &got, &err), 0);
    store_close(s);
}

static int
add_conflict(void *ctx, const struct store_conflict *c)
{
    char *all = ctx;

    sprintf(all + strlen(all), "%lld %s %s %s>%s %s %lld%s|",
            (long long)c->number, c->key, c->property, c->kept, c->lost,
            c->kept_side, (long long)c->at,
            c->flipped_at == 9   ? " flipped"
            : c->flipped_at == 0 ? ""
                                 : " ?");
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
    all[0] = '\0';
    assert_int_equal(store_conflict_flip(s, 2, 9, &err), 0);
    assert_int_equal(store_conflict_flip(s, 7, 9, &err), 0);
    assert_int_equal(store_conflict_each(s, NULL, add_conflict, all, &err), 0);
    assert_int_equal(store_conflict_flip(s, 2, 0, &err), 0);
    assert_int_equal(store_conflict_each(s, "b", add_conflict, all, &err), 0);
    assert_string_equal(
        all,
        "1 a p x>y hubspot 5|2 b p x>y hubspot 5 flipped|2 b p x>y hubspot 5|");
    assert_int_equal(store_link_put(s, &link, &err), 0);
    assert_int_equal(store_link_moved(s, "a", all, sizeof(all), &err), 0);
    assert_int_equal(store_link_move(s, "a", "b", &err), 0);
    assert_int_equal(store_link_move(s, "a", "c", &err), 0);
    assert_int_equal(store_link_get(s, "a", &link, &err), 0);
    assert_int_equal(store_link_moved(s, "a", all, sizeof(all), &err), 1);
    assert_string_equal(all, "c");
    store_close(s);
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

static void
the_outcome_of_a_dead_letter_stays(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_dead letter = {.id = "b", .key = "hubspot:note:8"};
    struct error err;

    (void)state;
    put_outcome(s, "a", "r", 1);
    put_outcome(s, "b", "r", 2);
    put_outcome(s, "c", "r", 3);
    assert_int_equal(store_dead_put(s, &letter, &err), 0);
    assert_int_equal(store_outcome_trim(s, 9, 10, &err), 2);
    assert_int_equal(found(s, "b"), 1);
    assert_int_equal(store_dead_drop(s, letter.number, &err), 1);
    assert_int_equal(store_outcome_trim(s, 9, 10, &err), 1);
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
        {{.text = "salesforce:call:9"}, "3"},
        {{.text = "salesforce:call:9@3"}, "3"},
        {{.text = "ote:8"}, ""},
        {{.retrying_only = true}, "2"},
        {{.kind = "call", .retrying_only = true}, ""},
        {{.stage = "writer"}, "2"},
        {{.source = "salesforce"}, "3"},
        {{.source = "hub"}, ""},
        {{.since = 20}, "23"},
        {{.since = 30, .without_event = true}, "3"},
    };
    struct store_dead letters[] = {
        {.id = "hubspot:call:7@1",
         .key = "hubspot:call:7",
         .kind = "call",
         .reason = "R1",
         .at = 10},
        {.id = "hubspot:note:8@2",
         .key = "hubspot:note:8",
         .kind = "note",
         .stage = "writer",
         .reason = "R2",
         .at = 20},
        {.id = "salesforce:call:9@3",
         .key = "salesforce:call:9",
         .kind = "call",
         .reason = "R2",
         .at = 30},
    };
    struct store *s = open_it(STORE_WRITE);
    struct error err;
    int64_t n;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_dead_put(s, &letters[i], &err), 0);
    assert_int_equal(store_dead_retry(s, 2, &err), 1);
    assert_int_equal(store_dead_count(s, NULL, &n, &err), 0);
    assert_int_equal(n, 3);
    assert_int_equal(store_dead_count(s, letters[1].id, &n, &err), 0);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char seen[64] = "";

        assert_int_equal(
            store_dead_each(s, &rows[i].filter, note_number, seen, &err), 0);
        assert_string_equal(seen, rows[i].want);
    }
    store_close(s);
}

static int
note_request(void *ctx, const struct store_request *r)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 64 - n, "%d%s ", (int)r->number, strrchr(r->key, ':'));
    return 0;
}

static void
requests_are_read_in_their_order(void **state)
{
    struct store_request requests[] = {{.key = "hubspot:call:1"},
                                       {.key = "salesforce:Task:2"},
                                       {.key = "hubspot:call:3"},
                                       {.key = "hubspot:call:1"}};
    static const struct {
        const char *source;
        int64_t after;
        int limit;
        const char *want;
    } rows[] = {{NULL, 0, 9, "2:2 4:1 "},     {"hubspot", 0, 9, "4:1 "},
                {"salesforce", 0, 9, "2:2 "}, {"hub", 0, 9, ""},
                {NULL, 2, 9, "4:1 "},         {NULL, 0, 1, "2:2 "}};
    struct store *s = open_it(STORE_WRITE);
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_request_put(s, &requests[i], &err), 0);
    /* The one that was asked for again is a new one. */
    assert_int_equal(requests[3].number, 4);
    assert_int_equal(store_request_drop(s, "hubspot:call:3", &err), 0);
    assert_int_equal(store_request_drop(s, "hubspot:call:3", &err), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char seen[64] = "";

        assert_int_equal(store_request_each(s, rows[i].source, rows[i].after,
                                            rows[i].limit, note_request, seen,
                                            &err),
                         0);
        assert_string_equal(seen, rows[i].want);
    }
    store_close(s);
}

static int
note_link(void *ctx, const struct store_link *link)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 64 - n, "%s=%s%d ", link->key, link->target,
             (int)link->snapshot.len);
    return strcmp(link->key, "b") == 0;
}

static void
all_links_by_key(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_link links[] = {{.key = "c", .target = "T"},
                                 {.key = "a", .target = "U"},
                                 {.key = "b", .target = "V"}};
    char seen[64] = "";
    struct error err;

    (void)state;
    links[1].snapshot = (struct span){(const uint8_t *)"xyz", 3};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_link_put(s, &links[i], &err), 0);
    assert_int_equal(store_link_each(s, note_link, seen, &err), 0);
    assert_string_equal(seen, "a=U3 b=V0 ");
    store_close(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(outcomes_are_found_and_trimmed),
        ROW(letters_keep_their_number_and_their_event),
        ROW(links_and_counters),
        ROW(an_intent_is_open_until_its_event_has_ended),
        ROW(intents_stand_until_they_are_dropped),
        ROW(conflicts_and_a_dropped_link),
        ROW(outcomes_come_newest_first_and_are_counted),
        ROW(the_outcome_of_a_dead_letter_stays),
        ROW(letters_are_chosen_by_every_filter),
        ROW(requests_are_read_in_their_order),
        ROW(all_links_by_key)};

    return cmocka_run_group_tests_name("store_events", tests, NULL, NULL);
}
