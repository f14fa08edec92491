/* ties_decide_test: what two records hang on, and what is written of it. */
#include "tests/stages/conflict-resolver/ties_decide.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define TASK "00T000000000001AAA"

static const struct row {
    const char *name;
    const char *from;  /* "h" | "s": whose event; 'n': there is no link */
    const char *base;  /* of both sides */
    const char *h, *s; /* what each hangs on now; NULL: must not be asked for */
    const char *want;  /* what is written, "who=b what=- +c -a !", '!': a
                          conflict; then the base after that */
    const char *flags; /* "p": HubSpot is preferred; 'o': opportunities are;
                          'S', 'H': contacts go to that side only, '0': not at
                          all; 'A': accounts go to HubSpot only; 'f': a has
                          become b since, 'g': a is deleted; 'O': an
                          opportunity was found; 't': HubSpot's record
                          hangs on "a 1" by now */
} rows[] = {
    {"nothing has changed", "h", "a1 a1", "a 1", NULL, "| a1 a1", ""},
    {"another contact here", "h", "a1 a1", "b 1", "a 1", "who=b | b1 b1", ""},
    {"another account here", "h", "a1 a1", "a 2", "a 1", "what=2 | a2 a2", ""},
    {"none here any more", "h", "a1 a1", "- -", "a 1", "who=- what=- | -- --",
     ""},
    {"one more contact here", "h", "a1 a1", "ba 12", NULL, "| a1 a1", ""},
    {"the agreed one of several goes here", "h", "a1 a1", "cb 1", "a 1",
     "who=c | c1 c1", ""},
    {"what the event says was long ago", "h", "a1 a1", "b 2", "a 1", "| a1 a1",
     "t"},
    {"another person there", "s", "a1 a1", "a 1", "b 1", "+b -a | b1 b1", ""},
    {"the others of a record stay", "s", "a1 a1", "cad 13", "b 2",
     "+b -a +2 -1 | b2 b2", ""},
    {"to one that the record hangs on already", "s", "a1 a1", "ab 1", "b 1",
     "-a | b1 b1", ""},
    {"nobody there any more", "s", "a1 a1", "a 1", "- -", "-a -1 | -- --", ""},
    {"nobody there, and another one stays here", "s", "a1 a1", "ac 1", "- 1",
     "-a | c1 -1", ""},
    {"and that is no news then", "h", "c1 -1", "c 1", NULL, "| c1 -1", ""},
    {"nor when somebody comes there: it stays", "s", "c1 -1", "c 1", "a 1",
     "+a | a1 a1", ""},
    {"but what may not go over gives way", "s", "c1 -1", "c 1", "a 1",
     "+a -c | a1 a1", "H"},
    {"both to the same", "h", "a1 a1", "b 1", "b 1", "| b1 b1", ""},
    {"several here, one of them there", "h", "a1 a1", "bc 12", "c 1", "| c1 c1",
     ""},
    {"the same, from there", "s", "a1 a1", "bc 1", "c 1", "| c1 c1", "p"},
    {"both to another one", "h", "a1 a1", "b 1", "c 1", "+c ! | c1 c1", ""},
    {"the same, HubSpot is preferred", "h", "a1 a1", "b 1", "c 1",
     "who=b ! | b1 b1", "p"},
    {"each side another one", "h", "a1 a1", "b 1", "a 2", "+2 -1 who=b | b2 b2",
     ""},

    {"only to Salesforce: not back", "s", "a1 a1", "a 1", "b 1", "| a1 b1",
     "S"},
    {"only to Salesforce: there", "h", "a1 b1", "c 1", "b 1", "who=c | c1 c1",
     "S"},
    {"only to HubSpot: not back", "h", "a1 a1", "b 1", "a 1", "| b1 a1", "H"},
    {"only to HubSpot: there", "s", "b1 a1", "b 1", "c 1", "+c -b | c1 c1",
     "H"},
    {"off", "h", "-1 -1", "b 2", "a 1", "what=2 | -2 -2", "0"},

    {"a person whom HubSpot has not", "s", "a1 a1", "a 1", "x 1", "| a1 X1",
     ""},
    {"that is no conflict", "s", "a1 a1", "b 1", "x 1", "who=b | b1 b1", ""},
    {"it is known now", "s", "a1 X1", "a 1", "b 1", "+b -a | b1 b1", ""},
    {"a contact of nobody", "h", "a1 a1", "d 1", "a 1", "| D1 a1", ""},
    {"whoever was agreed has become another", "h", "a1 a1", "cb 1", NULL,
     "| b1 b1", "f"},
    {"and is replaced as that one", "s", "a1 a1", "b 1", "c 1", "+c -b | c1 c1",
     "f"},
    {"a person who is deleted stays here", "s", "a1 a1", "d 1", "- 1",
     "| D1 A1", "g"},
    {"that is no news then", "s", "D1 A1", NULL, "- 1", "| D1 A1", "g"},
    {"an account and a company without another side", "s", "a1 a1", "a 3",
     "a y", "| a3 aY", ""},

    {"a lead here: no account beside it", "h", "a1 a1", "l 1", "a 1",
     "who=l what=- | lI l-", ""},
    {"that is no news then", "s", "lI l-", NULL, "l -", "| lI l-", ""},
    {"nor here", "h", "lI l-", "l 1", "l -", "| lI l-", ""},
    {"nor does another account go there", "h", "lI l-", "l 2", "l -", "| lZ l-",
     ""},
    {"the account goes when the lead goes", "h", "lI l-", "a 1", "l -",
     "who=a what=1 | a1 a1", ""},
    {"the same there", "s", "lI l-", "l 1", "a -", "+a -l what=1 | a1 a1", ""},
    {"or when nobody takes its place", "s", "lI l-", "l 1", "- -",
     "-l what=1 | -1 -1", ""},
    {"another account there: of those that it hangs on here", "s", "lI l-",
     "l 12", "a 2", "+a -l | a2 a2", ""},
    {"another one there: nobody has agreed on the one here", "s", "lI l-",
     "l 1", "a 2", "+a -l +2 ! | a2 a2", ""},
    {"a lead there: the account waits here", "s", "a1 a1", "a 1", "l -",
     "+l -a | lI l-", ""},
    {"another account here meanwhile", "s", "a1 a1", "a 2", "l -",
     "+l -a | lZ l-", ""},
    {"ours there, as if decided before: it waits here", "h", "a1 a1", "l 1",
     "l -", "| lI l-", ""},
    {"the same with another account here", "h", "a1 a1", "l 2", "l -",
     "| lZ l-", "p"},
    {"accounts go the other way: it stays here", "s", "a1 a1", "a 1", "l -",
     "+l -a | l1 l-", "A"},
    {"a lead there, a contact here that is preferred: the account comes back",
     "s", "a1 a1", "b 1", "l -", "who=b what=1 ! | b1 b1", "p"},
    {"an account there, a lead here", "h", "a1 a1", "l 1", "a 2",
     "+2 -1 who=l what=- | lZ l-", ""},
    {"a lead cannot go where the account must stay", "h", "a1 a1", "l 1", "a 1",
     "| L1 a1", "A"},
    {"nor beside something else", "h", "a1 a1", "l 1", "a k", "| L1 a1", ""},

    {"an opportunity gives way to an account", "h", "a1 a1", "a 2", "a o",
     "what=2 | a2 a2", ""},
    {"or it stays, and counts as agreed", "h", "a1 a1", "a 2", "a o", "| a2 a2",
     "o"},
    {"so it does on its own side", "s", "a1 a1", "a 1", "b o", "+b -a | b1 b1",
     "o"},
    {"a case stays anyhow", "h", "a1 a1", "a 2", "a k", "| a2 a2", ""},

    {"new in HubSpot", "hn", "-- --", "ba 2", "- -", "who=b what=2 | b2 b2",
     ""},
    {"new, and there is an opportunity", "hn", "-- --", "a 1", "- -",
     "who=a what=o | a1 a1", "O"},
    {"that is no news then", "s", "a1 a1", NULL, "a o", "| a1 a1", "o"},
    {"new of no account: no opportunity either", "hn", "-- --", "a -", "- -",
     "who=a | a- a-", "O"},
    {"new of a lead", "hn", "-- --", "l 1", "- -", "who=l | lI l-", ""},
    {"new of somebody tied to nobody", "hn", "-- --", "d 3", "- -", "| D3 --",
     ""},
    {"new in Salesforce", "sn", "-- --", "- -", "a 1", "+a +1 | a1 a1", ""},
    {"new of somebody whom HubSpot has not", "sn", "-- --", "- -", "x y",
     "| -- XY", ""},
    {"new, contacts go the other way", "sn", "-- --", "- -", "a 1",
     "+1 | -1 a1", "S"},
    {"new, contacts are off", "hn", "-- --", "a 1", "- -", "what=1 | -1 -1",
     "0"},
};

/* ---- the rules ---- */

static const struct transform_env env = {.zone = "UTC"};

static void
add_line(struct activity_rules *r, const char *name, const char *field,
         const char *direction, enum transform transform)
{
    struct mapping_pair *pair = &r->map.pairs[r->map.n++];
    char line[64];
    struct error err;

    snprintf(line, sizeof(line), "%s, %s", field, direction);
    assert_int_equal(mapping_parse(name, line, pair, &err), 0);
    pair->transform = transform;
}

static void
make_rules(const char *flags, struct activity_rules rules[ACTIVITY_COUNT])
{
    struct activity_rules *r = &rules[ACTIVITY_CALL];

    memset(rules, 0, ACTIVITY_COUNT * sizeof(*rules));
    r->is_on = true;
    r->prefers_opportunity = strchr(flags, 'o') != NULL;
    r->merge.prefer =
        strchr(flags, 'p') != NULL ? SIDE_HUBSPOT : SIDE_SALESFORCE;
    for (int s = 0; s < SIDE_COUNT; s++)
        r->creates_from[s] = r->merge.carries_updates[s] = true;
    add_line(r, "hs_call_title", "Subject", "both", TRANSFORM_TEXT);
    if (strchr(flags, '0') == NULL)
        add_line(r, MAPPING_CONTACT_NAME, "WhoId",
                 strchr(flags, 'S') != NULL   ? "to_salesforce"
                 : strchr(flags, 'H') != NULL ? "to_hubspot"
                                              : "both",
                 TRANSFORM_CONTACT);
    add_line(r, MAPPING_ACCOUNT_NAME, "WhatId",
             strchr(flags, 'A') != NULL ? "to_hubspot" : "both",
             TRANSFORM_ACCOUNT);
}

static struct span
make_event(const struct row *row)
{
    enum side side = row->from[0] == 'h' ? SIDE_HUBSPOT : SIDE_SALESFORCE;
    const char *own = side == SIDE_HUBSPOT ? row->h : row->s;
    struct text t;
    struct span out;

    text_init(&t);
    text_printf(&t,
                "{\"v\":1,\"id\":\"1\",\"key\":\"%s\",\"source\":\"%s\","
                "\"seq\":1,\"op\":\"upsert\",\"kind\":\"call\",\"sync\":"
                "\"activity\",\"occurred_at\":1714060800000,\"modified_at\":"
                "200,",
                side == SIDE_HUBSPOT ? "hubspot:call:512"
                                     : "salesforce:Task:" TASK,
                side_name(side));
    say_ties(&t, side, own);
    text_puts(&t, "\"props\":");
    if (side == SIDE_SALESFORCE)
        say_parents(&t, own);
    else
        text_puts(&t, "{\"hs_call_title\":\"b\"}");
    text_puts(&t, "}");
    text_putc(&t, '\0');
    out = packed(t.data);
    text_fini(&t);
    return out;
}

/* ---- a decision in a line ---- */

static void
hear_ids(struct text *t, const cJSON *write, const char *name, char sign)
{
    const cJSON *id;

    cJSON_ArrayForEach(id, json_at(write, name))
    {
        text_printf(t, "%c%c ", sign, letter_of(SIDE_HUBSPOT, id->valuestring));
    }
}

static void
hear_parent(struct text *t, const cJSON *write, const char *name,
            const char *as)
{
    const cJSON *fields = json_at(write, "fields");
    const cJSON *id = cJSON_GetObjectItem(fields, name);

    if (id != NULL)
        text_printf(t, "%s=%c ", as,
                    cJSON_IsNull(id)
                        ? '-'
                        : letter_of(SIDE_SALESFORCE, cJSON_GetStringValue(id)));
}

static void
hear_value(struct text *t, const cJSON *base, const char *name, enum side side)
{
    const char *value = json_str(base, name);
    char letter;

    if (value == NULL) {
        text_putc(t, '-');
        return;
    }
    if (value[0] != VALUE_ALONE) {
        text_putc(t, letter_of(SIDE_SALESFORCE, value));
        return;
    }
    /* What may not go over, though Salesforce has it, has its id there. */
    letter = letter_of(side, value + 1);
    if (letter == '?')
        letter = letter_of(SIDE_SALESFORCE, value + 1);
    text_putc(t, letter_alone(letter));
}

static void
hear(struct text *t, const struct event *ev)
{
    cJSON *decision = json_from_mp(ev->field[EVENT_DECISION]);
    const cJSON *w;

    assert_non_null(decision);
    cJSON_ArrayForEach(w, json_at(decision, "writes"))
    {
        hear_parent(t, w, "WhoId", "who");
        hear_parent(t, w, "WhatId", "what");
        hear_ids(t, w, "contacts", '+');
        hear_ids(t, w, "untie_contacts", '-');
        hear_ids(t, w, "companies", '+');
        hear_ids(t, w, "untie_companies", '-');
    }
    cJSON_ArrayForEach(w, json_at(decision, "conflicts"))
    {
        text_puts(t, "! ");
    }
    text_puts(t, "|");
    for (int s = 0; s < SIDE_COUNT; s++) {
        const cJSON *base = cJSON_GetObjectItem(json_at(decision, "base"),
                                                side_name((enum side)s));

        text_putc(t, ' ');
        hear_value(t, base, MAPPING_CONTACT_NAME, (enum side)s);
        hear_value(t, base, MAPPING_ACCOUNT_NAME, (enum side)s);
    }
    cJSON_Delete(decision);
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct activity_rules rules[ACTIVITY_COUNT];
    const struct activity_world world = {
        .rules = rules, .env = &env, .fallback = "", .user = "005me", .now = 1};
    const char *mine = row->from[0] == 'h' ? row->h : row->s;
    const char *other = row->from[0] == 'h' ? row->s : row->h;
    struct span bytes = make_event(row);
    struct store_link link = {.key = "hubspot:call:512",
                              .target = "salesforce:Task:" TASK,
                              .version = 3};
    bool is_new = strchr(row->from, 'n') != NULL;
    struct activity_case c;
    struct outcome o = {.outcome = ""};
    enum activity_step step;
    struct event ev;
    struct error err;
    struct text said;
    char id[64];

    make_rules(row->flags, rules);
    text_init(&said);
    assert_int_equal(event_parse(&ev, bytes.data, bytes.len, &err), 0);
    assert_true(activity_case_of(&ev, &c, id, sizeof(id), &o));
    link.snapshot = make_snapshot(row->base);
    c.link = is_new ? NULL : &link;
    for (int side = 0; side < SIDE_COUNT && strchr(row->flags, 'f'); side++)
        strcpy(c.agreed.became[side], "00300000000000bAAA");
    if (strchr(row->flags, 'O') != NULL)
        strcpy(c.opportunity, "00600000000000oAAA");
    c.agreed.who_is_gone = strchr(row->flags, 'g') != NULL;
    step = activity_begin(&world, &c, &ev, &o);
    assert_true((step == ACTIVITY_PASS) == (other == NULL || is_new));
    if (step != ACTIVITY_PASS) {
        struct current current, own;
        struct ties read = {0};

        make_current(c.side, strchr(row->flags, 't') != NULL ? "a 1" : mine,
                     &own);
        if (step == ACTIVITY_READ_BOTH)
            activity_own(&c, &own, &read, &ev, &o);
        make_current(side_other(c.side), other, &current);
        step = activity_finish(&world, &c, &current, &ev, &o);
        cJSON_Delete(current.fields);
        ties_fini(&current.ties);
        cJSON_Delete(own.fields);
        ties_fini(&own.ties);
        ties_fini(&read);
    }
    assert_int_equal(step, ACTIVITY_PASS);
    hear(&said, &ev);
    text_putc(&said, '\0');
    assert_string_equal(said.data, row->want);
    text_fini(&said);
    event_fini(&ev);
    free((void *)link.snapshot.data);
    free((void *)bytes.data);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("ties_decide", tests, NULL, NULL);
}
