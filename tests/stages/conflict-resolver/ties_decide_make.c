/* ties_decide_make: see ties_decide.h. */
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

static const struct known {
    char letter;
    const char *id[SIDE_COUNT];
} known[] = {
    {'a', {"101", "00300000000000aAAA"}},
    {'b', {"102", "00300000000000bAAA"}},
    {'c', {"103", "00300000000000cAAA"}},
    {'d', {"104", ""}},
    {'l', {"105", "00Q00000000000lEAA"}},
    {'x', {"", "00300000000000xAAA"}},
    {'1', {"201", "001000000000001AAA"}},
    {'2', {"202", "001000000000002AAA"}},
    {'3', {"203", ""}},
    {'y', {"", "00100000000000yAAA"}},
    {'o', {"", "00600000000000oAAA"}},
    {'k', {"", "50000000000000kAAA"}},
};

static const struct known *
find(char letter)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i].letter == letter)
            return &known[i];
    fail_msg("%c is nobody", letter);
    return NULL;
}

char
letter_of(enum side side, const char *id)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (id != NULL && strcmp(known[i].id[side], id) == 0)
            return known[i].letter;
    return '?';
}

/* ---- a side in a few letters ---- */

static void
say_tie(struct text *t, char letter)
{
    const struct known *who = find(letter);

    text_printf(t, "{");
    if (who->id[SIDE_HUBSPOT][0] != '\0')
        text_printf(t, "\"hubspot_id\":\"%s\",", who->id[SIDE_HUBSPOT]);
    if (who->id[SIDE_SALESFORCE][0] != '\0')
        text_printf(t, "\"salesforce_id\":\"%s\",", who->id[SIDE_SALESFORCE]);
    text_printf(t, "\"matches\":1}");
}

/* Salesforce shows the account of an opportunity, too: here it is the first. */
static const char *
account_of(char what)
{
    return what == 'o'                  ? find('1')->id[SIDE_SALESFORCE]
           : what == 'k' || what == '-' ? ""
                                        : find(what)->id[SIDE_SALESFORCE];
}

void
say_parents(struct text *t, const char *s)
{
    char what = strchr(s, ' ')[1];

    text_printf(t, "{\"Subject\":\"b\"");
    if (s[0] != '-')
        text_printf(t, ",\"WhoId\":\"%s\"", find(s[0])->id[SIDE_SALESFORCE]);
    if (what != '-')
        text_printf(t, ",\"WhatId\":\"%s\"", find(what)->id[SIDE_SALESFORCE]);
    text_printf(t, ",\"AccountId\":\"%s\"}", account_of(what));
}

void
say_ties(struct text *t, enum side side, const char *s)
{
    const char *accounts = strchr(s, ' ') + 1;
    const char *comma = "";

    if (s[0] != '-' &&
        !(side == SIDE_SALESFORCE && find(s[0])->id[SIDE_HUBSPOT][0] == '\0')) {
        text_printf(t, "\"contact\":");
        say_tie(t, s[0]);
        text_printf(t, ",\"contacts\":[");
        for (const char *c = s + 1; *c != ' '; c++, comma = ",") {
            text_puts(t, comma);
            say_tie(t, *c);
        }
        text_printf(t, "],");
    }
    comma = "";
    text_printf(t, "\"companies\":[");
    for (const char *c = accounts; *c != '\0' && *c != '-'; c++, comma = ",") {
        char letter = *c == 'o' ? '1' : *c;

        if (find(letter)->id[SIDE_HUBSPOT][0] == '\0')
            continue;
        text_puts(t, comma);
        say_tie(t, letter);
    }
    text_printf(t, "],");
}

void
make_current(enum side side, const char *s, struct current *out)
{
    struct text t;

    memset(out, 0, sizeof(*out));
    out->state = CURRENT_ALIVE;
    text_init(&t);
    if (side == SIDE_SALESFORCE)
        say_parents(&t, s);
    else
        text_puts(&t, "{\"hs_call_title\":\"b\"}");
    text_putc(&t, '\0');
    out->fields = cJSON_Parse(t.data);
    assert_non_null(out->fields);
    text_fini(&t);
    for (int k = MAPPING_CONTACT; k <= MAPPING_ACCOUNT; k++) {
        const char *c = k == MAPPING_CONTACT ? s : strchr(s, ' ') + 1;

        for (; *c != '\0' && *c != ' ' && *c != '-'; c++) {
            const struct known *one = find(*c == 'o' ? '1' : *c);

            if (side == SIDE_HUBSPOT || one->id[SIDE_HUBSPOT][0] != '\0')
                tie_list_add(&out->ties.list[k], one->id[SIDE_HUBSPOT],
                             one->id[SIDE_SALESFORCE]);
        }
    }
    if (side == SIDE_SALESFORCE)
        ties_set_parents(&out->ties, json_str(out->fields, "WhoId"),
                         json_str(out->fields, "WhatId"),
                         json_str(out->fields, "AccountId"));
}

struct span
packed(const char *json)
{
    cJSON *value = cJSON_Parse(json);
    msgpack_sbuffer out;
    msgpack_packer pk;

    if (value == NULL)
        fail_msg("no JSON: %s", json);
    msgpack_sbuffer_init(&out);
    msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
    json_to_mp(value, MP_EVENT_MAX, &pk);
    cJSON_Delete(value);
    return (struct span){(const uint8_t *)out.data, out.size};
}

char
letter_alone(char letter)
{
    if (letter == '1' || letter == '2')
        return letter == '1' ? 'I' : 'Z';
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

/* A value by its letter. What Salesforce has and may not go there has the same
 * id as if it did. */
static void
say_value(struct text *t, const char *name, char letter)
{
    bool is_alone = letter == letter_alone(letter);
    const struct known *one = known;

    if (letter == '-')
        return;
    while (letter != (is_alone ? letter_alone(one->letter) : one->letter))
        one++;
    text_printf(t, ",\"%s\":\"%s%s\"", name, is_alone ? "\\u0002" : "",
                one->id[SIDE_SALESFORCE][0] != '\0' ? one->id[SIDE_SALESFORCE]
                                                    : one->id[SIDE_HUBSPOT]);
}

struct span
make_snapshot(const char *base)
{
    struct text t;
    struct span out;

    text_init(&t);
    for (int s = 0; s < SIDE_COUNT; s++) {
        text_printf(&t, "%s\"%s\":{\"hs_call_title\":\"b\"", s > 0 ? "," : "{",
                    side_name((enum side)s));
        say_value(&t, MAPPING_CONTACT_NAME, base[3 * s]);
        say_value(&t, MAPPING_ACCOUNT_NAME, base[3 * s + 1]);
        text_puts(&t, "}");
    }
    text_puts(&t, "}");
    text_putc(&t, '\0');
    out = packed(t.data);
    text_fini(&t);
    return out;
}
