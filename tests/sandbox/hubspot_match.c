/* hubspot_match: does a record meet a search's filters and words? */
#include "tests/sandbox/hubspot_filter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
glob(const char *pattern, const char *text, size_t len)
{
    if (*pattern == '\0')
        return len == 0;
    if (*pattern == '*')
        return glob(pattern + 1, text, len) ||
               (len > 0 && glob(pattern, text + 1, len - 1));
    return len > 0 && tolower((unsigned char)*text) == *pattern &&
           glob(pattern + 1, text + 1, len - 1);
}

/* The pattern is the whole value, or one of its words. */
static bool
has_token(const char *pattern, const char *text)
{
    if (glob(pattern, text, strlen(text)))
        return true;
    for (const char *p = text; *p != '\0';) {
        size_t len = 0;

        while (p[len] != '\0' &&
               (isalnum((unsigned char)p[len]) || (p[len] & 0x80)))
            len++;
        if (len > 0 && glob(pattern, p, len))
            return true;
        p += len ? len : 1;
    }
    return false;
}

/* -1, 0, 1: the record's value against the filter's. */
static int
compare(const struct filter *f, const char *text, const struct value *v)
{
    int64_t ms;
    double number;

    switch (f->form) {
    case FORM_TIME:
        if (timetext_parse(text, strlen(text), &ms) < 0)
            return -1;
        return ms < v->time_ms ? -1 : ms > v->time_ms;
    case FORM_NUMBER:
        number = strtod(text, NULL);
        return number < v->number ? -1 : number > v->number;
    case FORM_ENUM:
        return strcmp(text, v->text);
    case FORM_TEXT:
        break;
    }
    return strcasecmp(text, v->text);
}

static bool
is_in(const struct filter *f, const char *text)
{
    for (size_t i = 0; i < f->n; i++) {
        bool is_same;

        if (f->form == FORM_TEXT) {
            char *lower = hs_lower(text);

            is_same = strcmp(lower, f->values[i].text) == 0;
            free(lower);
        } else {
            is_same = compare(f, text, &f->values[i]) == 0;
        }
        if (is_same)
            return true;
    }
    return false;
}

static bool
match_value(const struct filter *f, const char *text)
{
    const struct value *v = f->values;

    if (f->op == OP_HAS || f->op == OP_HAS_NOT)
        return (text != NULL) == (f->op == OP_HAS);
    if (text == NULL)
        return f->op == OP_NOT_TOKEN;
    if (f->n == 0)
        return f->op == OP_NEQ || f->op == OP_NOT_IN;
    switch (f->op) {
    case OP_LT:
        return compare(f, text, v) < 0;
    case OP_LTE:
        return compare(f, text, v) <= 0;
    case OP_GT:
        return compare(f, text, v) > 0;
    case OP_GTE:
        return compare(f, text, v) >= 0;
    case OP_EQ:
        return compare(f, text, v) == 0;
    case OP_NEQ:
        return compare(f, text, v) != 0;
    case OP_BETWEEN:
        return f->n == 2 && compare(f, text, v) >= 0 &&
               compare(f, text, v + 1) <= 0;
    case OP_TOKEN:
        return has_token(v->text, text);
    case OP_NOT_TOKEN:
        return !has_token(v->text, text);
    default:
        return is_in(f, text) == (f->op == OP_IN);
    }
}

static bool
match_number(const struct filter *f, int64_t have)
{
    int64_t want[2] = {0};

    if (f->n == 0 || f->op > OP_BETWEEN) {
        char text[24];

        snprintf(text, sizeof(text), "%lld", (long long)have);
        return match_value(f, text);
    }
    for (size_t i = 0; i < f->n && i < 2; i++)
        want[i] = f->form == FORM_TIME ? f->values[i].time_ms
                                       : hs_i64(f->values[i].number);
    return f->op == OP_LT        ? have < want[0]
           : f->op == OP_LTE     ? have <= want[0]
           : f->op == OP_GT      ? have > want[0]
           : f->op == OP_GTE     ? have >= want[0]
           : f->op == OP_EQ      ? have == want[0]
           : f->op == OP_NEQ     ? have != want[0]
           : f->op == OP_BETWEEN ? have >= want[0] && have <= want[1]
                                 : false;
}

static bool
match_association(struct hubspot *hs, const struct filter *f,
                  const struct hs_record *rec)
{
    size_t n;
    const struct hs_link *links = hs_links(rec, f->to_type, &n);

    if (f->op == OP_HAS || f->op == OP_HAS_NOT)
        return (n > 0) == (f->op == OP_HAS);
    for (size_t i = 0; i < n; i++)
        for (size_t v = 0; v < f->n; v++)
            if (links[i].to == hs_i64(f->values[v].number) &&
                hs_link_is_live(hs, &links[i]))
                return f->op == OP_EQ || f->op == OP_IN;
    return f->op == OP_NEQ || f->op == OP_NOT_IN;
}

static bool
match_filter(const struct hs_query *q, const struct filter *f,
             const struct hs_record *rec)
{
    char buf[HS_VALUE_SIZE];

    if (f->def < 0)
        return match_association(q->hs, f, rec);
    switch (q->hs->tables[q->type].defs[f->def].sys) {
    case HS_SYS_ID:
        return match_number(f, rec->id);
    case HS_SYS_CREATED:
        return match_number(f, rec->created_ms);
    case HS_SYS_MODIFIED:
        return match_number(f, rec->modified_ms);
    case HS_PLAIN:
        break;
    }
    return match_value(f, hs_value(q->hs, rec, f->def, buf));
}

static bool
match_words(const struct hs_query *q, const struct hs_record *rec)
{
    for (const char *p = hs_types[q->type].query; *p != '\0';) {
        size_t len = strcspn(p, ",");
        char name[64], buf[HS_VALUE_SIZE];
        const char *text;

        snprintf(name, sizeof(name), "%.*s", (int)len, p);
        text = hs_value_named(q->hs, rec, name, buf);
        if (text != NULL && strcasestr(text, q->words) != NULL)
            return true;
        p += len + (p[len] == ',');
    }
    return false;
}

bool
hs_query_match(const struct hs_query *q, const struct hs_record *rec)
{
    int at = 0;

    if (q->words != NULL && !match_words(q, rec))
        return false;
    for (int g = 0; g < q->n_groups; g++) {
        bool is_match = true;

        for (; at < q->group_end[g]; at++)
            is_match = is_match && match_filter(q, &q->filters[at], rec);
        if (is_match)
            return true;
    }
    return q->n_groups == 0;
}
