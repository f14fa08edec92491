/* only: see only.h. */
#include "common/only.h"

#include "common/kind.h"
#include "common/nearest.h"

#include <stdio.h>
#include <string.h>

#define BLANKS " \t\r\n"

static const struct fact {
    const char *name;
    const char *words[2]; /* its only values; NULL: patterns */
} facts[ONLY_FACTS] = {
    [ONLY_OWNER] = {"owner", {NULL, NULL}},
    [ONLY_SUBJECT] = {"subject", {NULL, NULL}},
    [ONLY_CONTACT] = {"contact", {NULL, NULL}},
    [ONLY_LIST] = {"list", {NULL, NULL}},
    [ONLY_COMPANY] = {"company", {"yes", "no"}},
    [ONLY_TYPE] = {"type", {"lead", "contact"}},
};

/* Long ones are cut in messages. */
static int
shown(size_t len)
{
    return len < 64 ? (int)len : 64;
}

static int
find_fact(const char *s, size_t len, enum only_fact *out, struct error *err)
{
    struct nearest best = {NULL, 0};
    char wrong[64];

    for (int f = 0; f < ONLY_FACTS; f++) {
        *out = (enum only_fact)f;
        if (strlen(facts[f].name) == len && memcmp(facts[f].name, s, len) == 0)
            return 0;
    }
    snprintf(wrong, sizeof(wrong), "%.*s", (int)len, s);
    for (int f = 0; f < ONLY_FACTS; f++)
        nearest_consider(&best, wrong, facts[f].name);
    return error_set(err, EX_CONFIG,
                     "\"%.*s:\" is no term; the nearest known one is \"%s:\"",
                     shown(len), s, best.name);
}

static bool
is_word(const struct only_value *v, const char *word)
{
    return strlen(word) == v->len && memcmp(word, v->s, v->len) == 0;
}

/* The end of the value at *s to *s. */
static int
read_value(const char **s, enum only_fact fact, struct error *err)
{
    const struct fact *f = &facts[fact];
    bool is_quoted = **s == '"';
    struct only_value v = {*s + is_quoted, 0};

    v.len = strcspn(v.s, is_quoted ? "\"\n" : BLANKS "|\"");
    if (is_quoted && v.s[v.len] != '"')
        return error_set(err, EX_CONFIG,
                         "a \" is not closed in its line (a \";\" behind a "
                         "blank begins a comment; ? stands for it)");
    *s = v.s + v.len + is_quoted;
    if (**s != '\0' && strchr(BLANKS "|", **s) == NULL)
        return error_set(err, EX_CONFIG,
                         "%s: a \" stands around a whole value (? stands for "
                         "one inside)",
                         f->name);
    if (v.len == 0)
        return error_set(err, EX_CONFIG, "%s: a value is empty", f->name);
    if (fact == ONLY_LIST && v.len > ONLY_LIST_MAX)
        return error_set(err, EX_CONFIG, "%s: a value is longer than %d bytes",
                         f->name, ONLY_LIST_MAX);
    if (f->words[0] != NULL && !is_word(&v, f->words[0]) &&
        !is_word(&v, f->words[1]))
        return error_set(err, EX_CONFIG, "%s: \"%.*s\" is neither %s nor %s",
                         f->name, shown(v.len), v.s, f->words[0], f->words[1]);
    return 0;
}

int
only_term(const char **s, struct only_term *out, struct error *err)
{
    const char *at = *s + strspn(*s, BLANKS);
    size_t len = strcspn(at, BLANKS "|\":");

    *s = at;
    if (*at == '\0')
        return 0;
    if (at[len] != ':')
        return error_set(err, EX_CONFIG,
                         "\"%.*s\" is no term like owner:ann@example.com; a "
                         "value with blanks stands between two \"",
                         shown(strcspn(at, BLANKS)), at);
    if (find_fact(at, len, &out->fact, err) < 0)
        return -1;
    out->s = at;
    out->values = at += len + 1;
    while (read_value(&at, out->fact, err) == 0) {
        if (*at != '|') {
            out->len = (size_t)(at - out->s);
            *s = at;
            return 1;
        }
        at++;
    }
    return -1;
}

bool
only_value(struct only_term *term, struct only_value *out)
{
    const char *s = term->values;
    bool is_quoted;

    if (s >= term->s + term->len)
        return false;
    is_quoted = *s == '"';
    out->s = s + is_quoted;
    out->len = strcspn(out->s, is_quoted ? "\"" : BLANKS "|");
    term->values = out->s + out->len + is_quoted + 1;
    return true;
}

void
only_each_list(const char *only,
               void (*fn)(void *ctx, const struct only_value *list), void *ctx)
{
    struct only_term term;
    struct only_value value;
    struct error err;

    while (only_term(&only, &term, &err) == 1)
        while (term.fact == ONLY_LIST && only_value(&term, &value))
            fn(ctx, &value);
}

static bool
has_fact(enum kind kind, enum only_fact fact)
{
    return (fact != ONLY_OWNER && fact != ONLY_COMPANY) || kind_is_of_crm(kind);
}

int
only_check(const char *section, const char *only, struct error *err)
{
    static const char timeline[] = "timeline.";
    bool is_timeline = strncmp(section, timeline, sizeof(timeline) - 1) == 0;
    const char *name = section + sizeof(timeline) - 1;
    struct only_term term;
    int rv;

    while ((rv = only_term(&only, &term, err)) == 1)
        if (is_timeline && !has_fact(kind_parse(name, strlen(name)), term.fact))
            return error_set(err, EX_CONFIG,
                             "no %s has %s that HubSpot tells, so \"%.*s\" "
                             "would let nothing through",
                             name,
                             term.fact == ONLY_OWNER ? "an owner" : "a company",
                             shown(term.len), term.s);
    return rv;
}
