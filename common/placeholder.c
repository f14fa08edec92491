/* placeholder: see placeholder.h. */
#include "common/placeholder.h"
#include "common/nearest.h"

#include <stdio.h>
#include <string.h>

static struct piece
placeholder(const char *name, size_t len)
{
    const char *dot = memchr(name, '.', len);
    size_t n = dot != NULL ? (size_t)(dot - name) : len;
    enum prop prop = prop_find(name, n);
    struct piece p = {PIECE_VALUE, prop, name + len, 0};

    if (dot != NULL) {
        p.s = dot + 1;
        p.len = len - n - 1;
    }
    if (prop == PROP_COUNT || prop == PROP_SUBJECT ||
        prop == PROP_DESCRIPTION ||
        (dot != NULL && prop != PROP_FIELDS && prop != PROP_EVENT_PROPERTIES))
        return (struct piece){PIECE_UNKNOWN, PROP_COUNT, name, len};
    return p;
}

struct piece
placeholder_next(const char **s)
{
    const char *at = *s;
    struct piece p = {PIECE_LITERAL, PROP_COUNT, at, 1};

    *s += 1;
    if (at[0] == '\n' || (at[0] == '\\' && at[1] == 'n')) {
        p.kind = PIECE_NEWLINE;
        *s += at[0] == '\\';
    } else if ((at[0] == '{' || at[0] == '}') && at[1] == at[0]) {
        *s += 1;
    } else if (at[0] == '{') {
        size_t len = strcspn(at + 1, "{}\n");

        if (at[1 + len] != '}') {
            p.kind = PIECE_BRACE;
        } else {
            p = placeholder(at + 1, len);
            *s += len + 1;
        }
    } else if (at[0] == '}') {
        p.kind = PIECE_BRACE;
    } else {
        p.len += strcspn(at + 1, "{}\\\n");
        *s += p.len - 1;
    }
    return p;
}

static int
unknown(const char *name, size_t len, struct error *err)
{
    struct nearest best = {NULL, 0};
    char wrong[64];

    /* Of {titel.x} the part before the dot can be mended. */
    snprintf(wrong, sizeof(wrong), "%.*s", (int)len, name);
    wrong[strcspn(wrong, ".")] = '\0';
    for (int i = 0; i < PROP_COUNT; i++)
        if (i != PROP_SUBJECT && i != PROP_DESCRIPTION)
            nearest_consider(&best, wrong, prop_name((enum prop)i));
    return error_set(err, EX_CONFIG,
                     "{%.*s} is no property of an activity; the nearest known "
                     "one is {%s}; a brace itself is written {{",
                     len < 64 ? (int)len : 64, name, best.name);
}

int
placeholder_check(const char *template, struct error *err)
{
    while (*template != '\0') {
        struct piece p = placeholder_next(&template);

        if (p.kind == PIECE_UNKNOWN)
            return unknown(p.s, p.len, err);
        if (p.kind == PIECE_BRACE && p.s[0] == '{')
            return error_set(err, EX_CONFIG,
                             "a \"{\" is not closed in its line; a brace "
                             "itself is written {{");
        if (p.kind == PIECE_BRACE)
            return error_set(err, EX_CONFIG,
                             "a \"}\" closes nothing; a brace itself is "
                             "written }}");
    }
    return 0;
}
