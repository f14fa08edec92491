/* soql_lex: the words, marks and literals of a query's text. */
#include "tests/sandbox/soql_tree.h"

#include "common/text.h"
#include "common/timetext.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LITERAL_MAX 4000 /* UTF-16 units */

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
    if (c >= 0x10000)
        to[(*n)++] = (char)(0xf0 | c >> 18);
    else if (c >= 0x800)
        to[(*n)++] = (char)(0xe0 | c >> 12);
    else if (c >= 0x80)
        to[(*n)++] = (char)(0xc0 | c >> 6);
    else
        to[(*n)++] = (char)c;
    if (c >= 0x10000)
        to[(*n)++] = (char)(0x80 | (c >> 12 & 0x3f));
    if (c >= 0x800)
        to[(*n)++] = (char)(0x80 | (c >> 6 & 0x3f));
    if (c >= 0x80)
        to[(*n)++] = (char)(0x80 | (c & 0x3f));
}

/* The UTF-16 unit of \uXXXX at s; 0: there is none. */
static unsigned long
unit_at(const char *s)
{
    char hex[5] = "";

    if (s[0] != '\\' || (s[1] != 'u' && s[1] != 'U'))
        return 0;
    for (int i = 0; i < 4 && isxdigit((unsigned char)s[2 + i]); i++)
        hex[i] = s[2 + i];
    return hex[3] != '\0' ? strtoul(hex, NULL, 16) : 0;
}

/* The character of one or, beyond the first 65,536, two \uXXXX at p->s, which
 * moves to the last digit. */
static bool
unicode(struct parser *p, char *to, size_t *n)
{
    unsigned long c = unit_at(p->s), low;

    if (c == 0)
        return false;
    p->s += 5;
    low = c >= 0xd800 && c < 0xdc00 ? unit_at(p->s + 1) : 0;
    if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        p->s += 6;
    }
    put_utf8(to, n, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    return true;
}

/* What the backslash at p->s and what is behind it stand for; false: nothing.
 * A pattern keeps the backslash in front of what means itself. */
static bool
escape(struct parser *p, bool is_pattern, char *to, size_t *n)
{
    static const char from[] = "nrtbfNRTBF\"'",
                      as[] = "\n\r\t\b\f\n\r\t\b\f\"'";
    const char c = p->s[1];
    const char *at = c != '\0' ? strchr(from, c) : NULL;

    if (c == 'u' || c == 'U')
        return unicode(p, to, n);
    p->s++;
    if (at != NULL) {
        to[(*n)++] = as[at - from];
        return true;
    }
    if (c != '\\' && !(is_pattern && (c == '_' || c == '%')))
        return false;
    if (is_pattern)
        to[(*n)++] = '\\';
    to[(*n)++] = c;
    return true;
}

/* The bytes from behind the quote to the one that ends the literal. */
static size_t
literal_bytes(const char *s)
{
    size_t n = 0;

    while (s[n] != '\'' && s[n] != '\0')
        n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : 1;
    return n;
}

/* No escape becomes longer than it was. */
static bool
string_literal(struct parser *p, bool is_pattern, struct literal *out)
{
    size_t n = 0;

    out->type = SOQL_TEXT;
    out->text = soql_memory(malloc(literal_bytes(p->s + 1) + 1));
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
    if (text_units(out->text, n) > LITERAL_MAX) {
        soql_bad(p, "MALFORMED_QUERY", "string literal longer than %d",
                 LITERAL_MAX);
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
