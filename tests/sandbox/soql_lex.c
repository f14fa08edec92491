/* soql_lex: the words, marks and literals of a query's text. */
#include "tests/sandbox/soql_tree.h"

#include "common/timetext.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LITERAL_MAX 4000

int
soql_bad(struct parser *p, const char *code, const char *format, ...)
{
    va_list args;

    if (p->is_bad)
        return -1;
    p->is_bad = true;
    snprintf(p->err->code, sizeof(p->err->code), "%s", code);
    va_start(args, format);
    vsnprintf(p->err->message, sizeof(p->err->message), format, args);
    va_end(args);
    return -1;
}

int
soql_unexpected(struct parser *p)
{
    size_t n = strcspn(p->s, " \t\r\n");

    if (*p->s == '\0')
        return soql_bad(p, "MALFORMED_QUERY", "unexpected token: '<EOF>'");
    return soql_bad(p, "MALFORMED_QUERY", "unexpected token: '%.*s'",
                    n > 40 ? 40 : (int)n, p->s);
}

void
soql_blanks(struct parser *p)
{
    while (isspace((unsigned char)*p->s))
        p->s++;
}

static bool
is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

bool
soql_word(struct parser *p, const char *w)
{
    size_t n = strlen(w);

    soql_blanks(p);
    if (strncasecmp(p->s, w, n) != 0 || is_word_char(p->s[n]))
        return false;
    p->s += n;
    return true;
}

bool
soql_mark(struct parser *p, const char *m)
{
    soql_blanks(p);
    if (strncmp(p->s, m, strlen(m)) != 0)
        return false;
    p->s += strlen(m);
    return true;
}

bool
soql_name(struct parser *p, char out[SOQL_NAME_SIZE])
{
    static const char *const reserved[] = {
        "AND",   "ASC", "DESC",  "FROM",   "GROUP", "HAVING", "IN",   "LIKE",
        "LIMIT", "NOT", "NULLS", "OFFSET", "OR",    "SELECT", "WHERE"};
    size_t n = 0;

    soql_blanks(p);
    while (is_word_char(p->s[n]))
        n++;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (strlen(reserved[i]) == n && strncasecmp(p->s, reserved[i], n) == 0)
            n = 0;
    if (n == 0 || n >= SOQL_NAME_SIZE || !isalpha((unsigned char)p->s[0]) ||
        p->s[n - 1] == '.') {
        soql_unexpected(p);
        return false;
    }
    snprintf(out, SOQL_NAME_SIZE, "%.*s", (int)n, p->s);
    p->s += n;
    return true;
}

long
soql_count(struct parser *p)
{
    char *end;
    long n;

    soql_blanks(p);
    if (!isdigit((unsigned char)*p->s))
        return soql_unexpected(p);
    n = strtol(p->s, &end, 10);
    p->s = end;
    return n;
}

/* ---- literals ---- */

static void
put_utf8(char *to, size_t *n, unsigned long c)
{
    if (c < 0x80) {
        to[(*n)++] = (char)c;
    } else if (c < 0x800) {
        to[(*n)++] = (char)(0xc0 | c >> 6);
        to[(*n)++] = (char)(0x80 | (c & 0x3f));
    } else {
        to[(*n)++] = (char)(0xe0 | c >> 12);
        to[(*n)++] = (char)(0x80 | (c >> 6 & 0x3f));
        to[(*n)++] = (char)(0x80 | (c & 0x3f));
    }
}

/* What stands behind a backslash at p->s; false: nothing that may. A pattern
 * keeps the backslash in front of what it means. */
static bool
escape(struct parser *p, bool is_pattern, char *to, size_t *n)
{
    static const char from[] = "nrtbfNRTBF\"'",
                      as[] = "\n\r\t\b\f\n\r\t\b\f\"'";
    const char *at = p->s[1] != '\0' ? strchr(from, p->s[1]) : NULL;
    char hex[5] = "";

    p->s++;
    if (at != NULL) {
        to[(*n)++] = as[at - from];
    } else if (*p->s == '\\' ||
               (is_pattern && (*p->s == '_' || *p->s == '%'))) {
        if (is_pattern)
            to[(*n)++] = '\\';
        to[(*n)++] = *p->s;
    } else if (*p->s == 'u' || *p->s == 'U') {
        for (int i = 0; i < 4 && isxdigit((unsigned char)p->s[1]); i++)
            hex[i] = *++p->s;
        if (strlen(hex) < 4)
            return false;
        put_utf8(to, n, strtoul(hex, NULL, 16));
    } else {
        return false;
    }
    return true;
}

static bool
string_literal(struct parser *p, bool is_pattern, struct literal *out)
{
    size_t n = 0;

    out->type = SOQL_TEXT;
    out->text = soql_memory(malloc(strlen(p->s) + 1));
    for (p->s++; *p->s != '\'' && *p->s != '\0'; p->s++) {
        if (*p->s != '\\') {
            out->text[n++] = *p->s;
        } else if (!escape(p, is_pattern, out->text, &n)) {
            soql_bad(p, "MALFORMED_QUERY",
                     "Illegal string literal: invalid escape sequence");
            return false;
        }
    }
    out->text[n] = '\0';
    if (*p->s != '\'') {
        soql_bad(p, "MALFORMED_QUERY", "unexpected end of a string literal");
        return false;
    }
    if (n > LITERAL_MAX) {
        soql_bad(p, "MALFORMED_QUERY", "string literal longer than 4000");
        return false;
    }
    p->s++;
    return true;
}

static bool
plain_literal(struct parser *p, struct literal *out)
{
    char text[64], *end;
    size_t n = 0;
    int64_t ms;

    while (n < sizeof(text) - 1 && p->s[n] != '\0' &&
           strchr("0123456789-+:.TZtz", p->s[n]) != NULL)
        n++;
    snprintf(text, sizeof(text), "%.*s", (int)n, p->s);
    if (n == 10 && text[4] == '-' && timetext_parse(text, n, &ms) == 0) {
        out->type = SOQL_DATE;
        out->number = (double)ms;
    } else if (n > 10 && text[10] == 'T' && strpbrk(text + 11, "Z+-") != NULL &&
               timetext_parse(text, n, &ms) == 0) {
        out->type = SOQL_DATETIME;
        out->number = (double)ms;
    } else {
        out->type = SOQL_NUMBER;
        out->number = strtod(text, &end);
        if (n == 0 || *end != '\0' || is_word_char(p->s[n])) {
            soql_unexpected(p);
            return false;
        }
    }
    p->s += n;
    return true;
}

bool
soql_literal(struct parser *p, struct node *node)
{
    struct literal *out =
        SOQL_ADD(node->values, node->n_values, node->values_size);

    soql_blanks(p);
    if (*p->s == '\'')
        return string_literal(p, node->op == OP_LIKE, out);
    if (soql_word(p, "NULL"))
        return true;
    out->number = soql_word(p, "TRUE");
    if (out->number == 0 && !soql_word(p, "FALSE"))
        return plain_literal(p, out);
    out->type = SOQL_BOOL;
    return true;
}
