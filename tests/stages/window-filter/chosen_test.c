/* chosen_test: which activities `only` lets come over, row by row. */
#include "stages/window-filter/chosen.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char timeline[] =
    "{\"props\": {\"title\": \"A Demo for Bonn\", \"owner_id\": \"51\","
    " \"owner_email\": \"Ann@Example.com\"},"
    " \"contact\": {\"email\": \"joe@corp.example\","
    " \"salesforce_type\": \"Lead\"},"
    " \"contacts\": [{\"email\": \"sue@corp.example\"}, {}],"
    " \"lists\": {\"Good ones\": true, \"12\": false},"
    " \"companies\": [{\"hubspot_id\": \"7\"}]}";
static const char note[] =
    "{\"props\": {\"preview\": \"Likes tea\"}, \"companies\": []}";
static const char activity[] =
    "{\"sync\": \"activity\","
    " \"about\": {\"title\": \"Kick-off\", \"owner_id\":"
    " \"005000000000001AAA\", \"owner_email\": \"bob@example.com\","
    " \"has_account\": true},"
    " \"props\": {\"title\": \"of no account here\"},"
    " \"contact\": {\"salesforce_type\": \"Contact\"}}";
static const char bare[] = "{\"sync\": \"activity\"}";
static const char odd[] =
    "{\"props\": 5, \"contact\": [], \"contacts\": {}, \"companies\": \"x\","
    " \"lists\": [1]}";

static const struct row {
    const char *event, *only;
    const char *missed; /* the term, "?" before it: not known; NULL: chosen */
} rows[] = {
    {timeline, "", NULL},
    {timeline, "owner:ann@example.com", NULL},
    {timeline, "owner:*@EXAMPLE.com", NULL},
    {timeline, "owner:51", NULL},
    {timeline, "owner:5", "owner:5"},
    {timeline, "owner:bob@example.com|ann@example.com", NULL},
    {timeline, "owner:bob@example.com", "owner:bob@example.com"},
    {timeline, "subject:*demo*", NULL},
    {timeline, "subject:demo*", "subject:demo*"},
    {timeline, "subject:\"a demo*\"|x", NULL},
    {timeline, "subject:x|\"a tour*\" company:no", "subject:x|\"a tour*\""},
    {timeline, "contact:joe@*", NULL},
    {timeline, "contact:sue@*", NULL},
    {timeline, "contact:jim@*", "contact:jim@*"},
    {timeline, "company:yes", NULL},
    {timeline, "company:no", "company:no"},
    {timeline, "company:no|yes", NULL},
    {timeline, "type:lead", NULL},
    {timeline, "type:contact", "type:contact"},
    {timeline, "owner:51 subject:*demo* contact:* company:yes type:lead", NULL},
    {timeline, "owner:51 subject:*demo* company:no type:lead", "company:no"},
    {timeline, "list:\"Good ones\"", NULL},
    {timeline, "list:12", "list:12"},
    {timeline, "list:12|\"Good ones\"", NULL},
    {timeline, "list:\"Good*\"", "?list:\"Good*\""},
    {timeline, "list:\"good ones\"", "?list:\"good ones\""},
    {timeline, "list:13|12", "?list:13|12"},
    {timeline, "list:13|\"Good ones\"", NULL},
    {timeline, "list:13 list:12", "list:12"},
    {timeline, "list:13 company:no", "company:no"},
    {timeline, "list:13 company:yes list:14", "?list:13"},
    {note, "list:12", "?list:12"},
    {note, "subject:*tea", NULL},
    {note, "company:no", NULL},
    {note, "owner:*", "owner:*"},
    {note, "contact:*", "contact:*"},
    {activity, "subject:kick*", NULL},
    {activity, "subject:*account*", "subject:*account*"},
    {activity, "owner:005000000000001AAA|x", NULL},
    {activity, "owner:005000000000001", NULL},
    {activity, "owner:005000000000002", "owner:005000000000002"},
    {activity, "company:yes type:contact", NULL},
    {bare, "company:no", NULL},
    {bare, "type:lead|contact", "type:lead|contact"},
    {bare, "subject:*", "subject:*"},
    {odd, "company:no", NULL},
    {odd, "subject:*", "subject:*"},
    {odd, "contact:*", "contact:*"},
    {odd, "list:1", "?list:1"},
};

static void
build(const char *json, struct event *ev)
{
    cJSON *all = cJSON_Parse(json);
    const cJSON *item;
    msgpack_packer pk;

    assert_non_null(all);
    event_init(ev);
    cJSON_ArrayForEach(item, all)
    {
        for (int f = 0; f < EVENT_FIELDS; f++) {
            if (strcmp(event_field_name((enum event_field)f), item->string) !=
                0)
                continue;
            msgpack_packer_init(&pk, event_set(ev, (enum event_field)f),
                                msgpack_sbuffer_write);
            json_to_mp(item, 4096, &pk);
            event_set_done(ev, (enum event_field)f);
        }
    }
    cJSON_Delete(all);
}

static void
check_row(void **state)
{
    const struct row *r = *state;
    struct only_term missed = {.s = NULL};
    struct error err;
    struct event ev;
    enum chosen is_chosen, want;

    assert_int_equal(only_check("activity.call", r->only, &err), 0);
    build(r->event, &ev);
    is_chosen = chosen(&ev, r->only, &missed);
    want = r->missed == NULL     ? CHOSEN
           : r->missed[0] == '?' ? CHOSEN_UNKNOWN
                                 : CHOSEN_NOT;
    assert_int_equal(is_chosen, want);
    if (is_chosen != CHOSEN) {
        const char *term = r->missed + (want == CHOSEN_UNKNOWN);

        assert_int_equal(missed.len, strlen(term));
        assert_memory_equal(missed.s, term, missed.len);
    }
    event_fini(&ev);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    static char names[N_ROWS][120];
    struct CMUnitTest tests[N_ROWS];

    for (size_t i = 0; i < N_ROWS; i++) {
        snprintf(names[i], sizeof(names[i]), "%zu %s", i, rows[i].only);
        tests[i] = (struct CMUnitTest){.name = names[i],
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    }
    return cmocka_run_group_tests_name("chosen", tests, NULL, NULL);
}
