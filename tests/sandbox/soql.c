/* soql: see soql.h. First the parser, by recursive descent into a list of
 * nodes; then the evaluator. */
#include "tests/sandbox/soql.h"

#include "common/sf_id.h"
#include "common/timetext.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX   50
#define OFFSET_MAX  2000
#define TEXT_MAX    100000 /* bytes of a query */
#define LITERAL_MAX 4000

enum op {
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_LIKE,
    OP_IN,
    OP_NOT_IN
};
struct literal {
    enum soql_type type; /* SOQL_UNKNOWN: null */
    char *text;          /* a string; owned */
    double number;
};
struct node {
    enum op op;
    int a, b; /* of AND, OR, NOT */
    struct soql_column column;
    struct literal *values; /* several: IN, sorted */
    size_t n_values, values_size;
};
struct item {
    struct soql_column column; /* a TYPEOF: its relation */
    bool is_typeof;
};
struct branch {
    size_t item;
    char type[SOQL_NAME_SIZE]; /* "": ELSE */
    struct soql_column column;
};
struct order {
    struct soql_column column;
    bool is_desc, nulls_last;
};
struct soql {
    const struct soql_source *source;
    char object[SOQL_NAME_SIZE];
    struct item *items;
    size_t n_items, items_size;
    struct branch *branches;
    size_t n_branches, branches_size;
    struct node *nodes;
    size_t n_nodes, nodes_size;
    struct order *orders;
    size_t n_orders, orders_size;
    int root; /* -1: no WHERE */
    bool is_count;
    long limit, offset;
};
struct parser {
    const char *s;
    struct soql *q;
    struct soql_error *err;
    bool is_bad;
};

static void *
memory(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

/* One more zeroed element at the end of an array. */
#define ADD(array, n, size)                                                    \
    (add_one((void **)&(array), &(n), &(size), sizeof(*(array))),              \
     &(array)[(n)-1])

static void
add_one(void **array, size_t *n, size_t *size, size_t each)
{
    if (*n == *size) {
        *size = *size ? *size * 2 : 8;
        *array = memory(realloc(*array, *size * each));
    }
    memset((char *)*array + *n * each, 0, each);
    (*n)++;
}

/* ---- words ---- */

static int __attribute__((format(printf, 3, 4)))
bad(struct parser *p, const char *code, const char *format, ...)
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

static int
unexpected(struct parser *p)
{
    size_t n = strcspn(p->s, " \t\r\n");

    if (*p->s == '\0')
        return bad(p, "MALFORMED_QUERY", "unexpected token: '<EOF>'");
    return bad(p, "MALFORMED_QUERY", "unexpected token: '%.*s'",
               n > 40 ? 40 : (int)n, p->s);
}

static void
blanks(struct parser *p)
{
    while (isspace((unsigned char)*p->s))
        p->s++;
}

static bool
is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static bool
word(struct parser *p, const char *w)
{
    size_t n = strlen(w);

    blanks(p);
    if (strncasecmp(p->s, w, n) != 0 || is_word_char(p->s[n]))
        return false;
    p->s += n;
    return true;
}

static bool
mark(struct parser *p, const char *m)
{
    blanks(p);
    if (strncmp(p->s, m, strlen(m)) != 0)
        return false;
    p->s += strlen(m);
    return true;
}

static bool
name(struct parser *p, char out[SOQL_NAME_SIZE])
{
    static const char *const reserved[] = {
        "AND",   "ASC", "DESC",  "FROM",   "GROUP", "HAVING", "IN",   "LIKE",
        "LIMIT", "NOT", "NULLS", "OFFSET", "OR",    "SELECT", "WHERE"};
    size_t n = 0;

    blanks(p);
    while (is_word_char(p->s[n]))
        n++;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (strlen(reserved[i]) == n && strncasecmp(p->s, reserved[i], n) == 0)
            n = 0;
    if (n == 0 || n >= SOQL_NAME_SIZE || !isalpha((unsigned char)p->s[0]) ||
        p->s[n - 1] == '.') {
        unexpected(p);
        return false;
    }
    snprintf(out, SOQL_NAME_SIZE, "%.*s", (int)n, p->s);
    p->s += n;
    return true;
}

static long
count(struct parser *p)
{
    char *end;
    long n;

    blanks(p);
    if (!isdigit((unsigned char)*p->s))
        return unexpected(p);
    n = strtol(p->s, &end, 10);
    p->s = end;
    return n;
}

/* ---- SELECT ---- */

static void
type_of(struct parser *p)
{
    struct soql *q = p->q;
    struct item *item = ADD(q->items, q->n_items, q->items_size);
    char type[SOQL_NAME_SIZE] = "";
    bool is_else = false, has_when = false;

    item->is_typeof = true;
    if (!name(p, item->column.path))
        return;
    while (!p->is_bad && !word(p, "END")) {
        if (!is_else && word(p, "WHEN")) {
            has_when = true;
            if (!name(p, type) || !word(p, "THEN")) {
                unexpected(p);
                return;
            }
        } else if (has_when && !is_else && word(p, "ELSE")) {
            is_else = true;
            type[0] = '\0';
        } else {
            unexpected(p);
            return;
        }
        do {
            struct branch *b =
                ADD(q->branches, q->n_branches, q->branches_size);

            b->item = q->n_items - 1;
            memcpy(b->type, type, sizeof(type));
        } while (name(p, q->branches[q->n_branches - 1].column.path) &&
                 mark(p, ","));
    }
}

static void
select_list(struct parser *p)
{
    struct soql *q = p->q;

    if (!word(p, "SELECT")) {
        unexpected(p);
        return;
    }
    do {
        if (q->is_count) {
            unexpected(p);
        } else if (word(p, "TYPEOF")) {
            type_of(p);
        } else if (q->n_items == 0 && word(p, "COUNT")) {
            q->is_count = mark(p, "(") && mark(p, ")");
            if (!q->is_count)
                unexpected(p);
        } else {
            struct item *item = ADD(q->items, q->n_items, q->items_size);

            name(p, item->column.path);
        }
    } while (!p->is_bad && mark(p, ","));
    if (!p->is_bad && (!word(p, "FROM") || !name(p, q->object)))
        unexpected(p);
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
    out->text = memory(malloc(strlen(p->s) + 1));
    for (p->s++; *p->s != '\'' && *p->s != '\0'; p->s++) {
        if (*p->s != '\\') {
            out->text[n++] = *p->s;
        } else if (!escape(p, is_pattern, out->text, &n)) {
            bad(p, "MALFORMED_QUERY",
                "Illegal string literal: invalid escape sequence");
            return false;
        }
    }
    out->text[n] = '\0';
    if (*p->s != '\'') {
        bad(p, "MALFORMED_QUERY", "unexpected end of a string literal");
        return false;
    }
    if (n > LITERAL_MAX) {
        bad(p, "MALFORMED_QUERY", "string literal longer than 4000");
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
            unexpected(p);
            return false;
        }
    }
    p->s += n;
    return true;
}

static bool
literal(struct parser *p, struct node *node)
{
    struct literal *out = ADD(node->values, node->n_values, node->values_size);

    blanks(p);
    if (*p->s == '\'')
        return string_literal(p, node->op == OP_LIKE, out);
    if (word(p, "NULL"))
        return true;
    out->number = word(p, "TRUE");
    if (out->number == 0 && !word(p, "FALSE"))
        return plain_literal(p, out);
    out->type = SOQL_BOOL;
    return true;
}

/* ---- WHERE ---- */

static int
add_node(struct parser *p, enum op op, int a, int b)
{
    struct node *node = ADD(p->q->nodes, p->q->n_nodes, p->q->nodes_size);

    node->op = op;
    node->a = a;
    node->b = b;
    return (int)p->q->n_nodes - 1;
}

static bool
operator_of(struct parser *p, struct node *node)
{
    static const struct {
        const char *mark;
        enum op op;
    } ops[] = {{"!=", OP_NE}, {"<>", OP_NE}, {"<=", OP_LE}, {">=", OP_GE},
               {"=", OP_EQ},  {"<", OP_LT},  {">", OP_GT}};

    if (word(p, "NOT")) {
        node->op = OP_NOT_IN;
        return word(p, "IN");
    }
    node->op = word(p, "IN") ? OP_IN : OP_LIKE;
    if (node->op == OP_IN || word(p, "LIKE"))
        return true;
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        node->op = ops[i].op;
        if (mark(p, ops[i].mark))
            return true;
    }
    return false;
}

static int
comparison(struct parser *p)
{
    int at = add_node(p, OP_EQ, 0, 0);
    struct node *node = &p->q->nodes[at];

    if (!name(p, node->column.path))
        return -1;
    if (!operator_of(p, node))
        return unexpected(p);
    if (node->op != OP_IN && node->op != OP_NOT_IN)
        return literal(p, node) ? at : -1;
    if (!mark(p, "("))
        return unexpected(p);
    do
        if (!literal(p, node))
            return -1;
    while (mark(p, ","));
    return mark(p, ")") ? at : unexpected(p);
}

static int condition(struct parser *p, int depth);

static int
factor(struct parser *p, int depth)
{
    int a;

    if (depth > DEPTH_MAX)
        return bad(p, "QUERY_TOO_COMPLICATED", "query is too complicated");
    if (word(p, "NOT")) {
        a = factor(p, depth + 1);
        return a < 0 ? -1 : add_node(p, OP_NOT, a, 0);
    }
    if (mark(p, "(")) {
        a = condition(p, depth + 1);
        return a >= 0 && !mark(p, ")") ? unexpected(p) : a;
    }
    return comparison(p);
}

/* AND and OR may not be mixed without parentheses. */
static int
condition(struct parser *p, int depth)
{
    int a = factor(p, depth), b;
    bool has_and = false, has_or = false;

    while (a >= 0) {
        bool is_and = word(p, "AND");

        if (!is_and && !word(p, "OR"))
            break;
        has_and |= is_and;
        has_or |= !is_and;
        if (has_and && has_or)
            return unexpected(p);
        b = factor(p, depth);
        a = b < 0 ? -1 : add_node(p, is_and ? OP_AND : OP_OR, a, b);
    }
    return a;
}

static void
order_by(struct parser *p)
{
    do {
        struct order *o = ADD(p->q->orders, p->q->n_orders, p->q->orders_size);

        if (!name(p, o->column.path))
            return;
        o->is_desc = word(p, "DESC");
        if (!o->is_desc)
            word(p, "ASC");
        if (!word(p, "NULLS"))
            continue;
        o->nulls_last = word(p, "LAST");
        if (!o->nulls_last && !word(p, "FIRST"))
            unexpected(p);
    } while (!p->is_bad && mark(p, ","));
}

/* ---- do the fields exist, and do the literals suit them? ---- */

static bool
resolve(struct parser *p, const char *object, struct soql_column *c)
{
    const struct soql_source *source = p->q->source;

    if (p->is_bad)
        return false;
    source->resolve(source->ctx, object, c);
    if (c->type == SOQL_UNKNOWN)
        bad(p, "INVALID_FIELD",
            "No such column '%s' on entity '%s'. If you are attempting to use "
            "a custom field, be sure to append the '__c' after the custom "
            "field name. Please reference your WSDL or the describe call for "
            "the appropriate names.",
            c->path, object);
    return !p->is_bad;
}

static void
suit(struct parser *p, const struct node *node, struct literal *value)
{
    static const char *const names[] = {
        [SOQL_TEXT] = "string",   [SOQL_ID] = "ID",
        [SOQL_NUMBER] = "double", [SOQL_BOOL] = "boolean",
        [SOQL_DATE] = "date",     [SOQL_DATETIME] = "dateTime"};
    enum soql_type type = node->column.type;
    char id[SF_ID_SIZE];

    if (value->type == SOQL_UNKNOWN || p->is_bad)
        return;
    if (type == SOQL_ID && value->type == SOQL_TEXT) {
        if (node->op == OP_LIKE || !sf_id_normalise(value->text, id)) {
            bad(p, "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: %.60s",
                value->text);
            return;
        }
        free(value->text);
        value->text = memory(strdup(id));
        value->type = SOQL_ID;
    } else if (type != value->type) {
        bad(p, "INVALID_FIELD",
            "value of filter criterion for field '%s' must be of type %s and "
            "should %sbe enclosed in quotes",
            node->column.path, names[type],
            type == SOQL_TEXT || type == SOQL_ID ? "" : "not ");
    }
}

/* Nulls first; texts without regard to case. */
static int
by_literal(const void *a, const void *b)
{
    const struct literal *x = a, *y = b;

    if (x->type != y->type)
        return (x->type > y->type) - (x->type < y->type);
    if (x->text != NULL)
        return x->type == SOQL_ID ? strcmp(x->text, y->text)
                                  : strcasecmp(x->text, y->text);
    return (x->number > y->number) - (x->number < y->number);
}

static void
check_node(struct parser *p, struct node *node)
{
    if (node->op <= OP_NOT || !resolve(p, p->q->object, &node->column))
        return;
    if (!node->column.is_filterable)
        bad(p, "INVALID_FIELD",
            "field '%s' can not be filtered in a query call",
            node->column.path);
    for (size_t i = 0; i < node->n_values; i++)
        suit(p, node, &node->values[i]);
    if (node->op == OP_LIKE && node->column.type != SOQL_TEXT)
        bad(p, "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on %s field",
            "this");
    qsort(node->values, node->n_values, sizeof(*node->values), by_literal);
}

static void
check_items(struct parser *p)
{
    struct soql *q = p->q;

    for (size_t i = 0; i < q->n_items; i++) {
        struct soql_column probe = {.path = ""};
        struct soql_column *c = &q->items[i].column;

        for (size_t k = 0; k < i; k++)
            if (strcasecmp(q->items[k].column.path, c->path) == 0)
                bad(p, "MALFORMED_QUERY", "duplicate field selected: %s",
                    c->path);
        if (!q->items[i].is_typeof) {
            resolve(p, q->object, c);
        } else if (snprintf(probe.path, sizeof(probe.path), "%.80s.Id",
                            c->path) > 0 &&
                   resolve(p, q->object, &probe)) {
            c->handle = probe.handle;
        }
    }
    for (size_t i = 0; i < q->n_branches && !p->is_bad; i++) {
        struct branch *b = &q->branches[i];
        const char *type = b->type[0] != '\0' ? b->type : "Name";

        if (!q->source->has_object(q->source->ctx, type))
            bad(p, "INVALID_TYPE", "sObject type '%s' is not supported.", type);
        resolve(p, type, &b->column);
    }
}

static void
check(struct parser *p)
{
    struct soql *q = p->q;

    if (!q->source->has_object(q->source->ctx, q->object))
        bad(p, "INVALID_TYPE",
            "sObject type '%s' is not supported. If you are attempting to use "
            "a custom object, be sure to append the '__c' after the entity "
            "name. Please reference your WSDL or the describe call for the "
            "appropriate names.",
            q->object);
    check_items(p);
    for (size_t i = 0; i < q->n_nodes; i++)
        check_node(p, &q->nodes[i]);
    for (size_t i = 0; i < q->n_orders; i++)
        if (resolve(p, q->object, &q->orders[i].column) &&
            !q->orders[i].column.is_filterable)
            bad(p, "MALFORMED_QUERY",
                "field '%s' can not be sorted in a query call",
                q->orders[i].column.path);
}

struct soql *
soql_parse(const char *text, const struct soql_source *source,
           struct soql_error *err)
{
    struct soql *q = memory(calloc(1, sizeof(*q)));
    struct parser p = {.s = text, .q = q, .err = err};

    q->source = source;
    q->root = -1;
    q->limit = -1;
    if (strlen(text) > TEXT_MAX)
        bad(&p, "MALFORMED_QUERY",
            "SOQL statements cannot be longer than "
            "100000 characters.");
    if (!p.is_bad)
        select_list(&p);
    if (!p.is_bad && word(&p, "WHERE"))
        q->root = condition(&p, 0);
    if (!p.is_bad && word(&p, "ORDER")) {
        if (word(&p, "BY"))
            order_by(&p);
        else
            unexpected(&p);
    }
    if (!p.is_bad && word(&p, "LIMIT"))
        q->limit = count(&p);
    if (!p.is_bad && word(&p, "OFFSET"))
        q->offset = count(&p);
    blanks(&p);
    if (!p.is_bad && *p.s != '\0')
        unexpected(&p);
    if (q->offset > OFFSET_MAX)
        bad(&p, "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed is %d", OFFSET_MAX);
    if (!p.is_bad)
        check(&p);
    if (!p.is_bad)
        return q;
    soql_free(q);
    return NULL;
}

void
soql_free(struct soql *q)
{
    if (q == NULL)
        return;
    for (size_t i = 0; i < q->n_nodes; i++) {
        for (size_t k = 0; k < q->nodes[i].n_values; k++)
            free(q->nodes[i].values[k].text);
        free(q->nodes[i].values);
    }
    free(q->items);
    free(q->branches);
    free(q->nodes);
    free(q->orders);
    free(q);
}

/* ---- what it says ---- */

const char *
soql_object(const struct soql *q)
{
    return q->object;
}

bool
soql_is_count(const struct soql *q)
{
    return q->is_count;
}

long
soql_limit(const struct soql *q)
{
    return q->limit;
}

long
soql_offset(const struct soql *q)
{
    return q->offset;
}

const struct soql_column *
soql_item(const struct soql *q, size_t i)
{
    return i < q->n_items ? &q->items[i].column : NULL;
}

bool
soql_item_is_typeof(const struct soql *q, size_t i)
{
    return q->items[i].is_typeof;
}

const struct soql_column *
soql_typeof(const struct soql *q, size_t i, const char *type, size_t k)
{
    bool is_named = false;

    for (size_t b = 0; b < q->n_branches; b++)
        is_named |= q->branches[b].item == i &&
                    strcasecmp(q->branches[b].type, type) == 0;
    for (size_t b = 0; b < q->n_branches; b++)
        if (q->branches[b].item == i &&
            strcasecmp(q->branches[b].type, is_named ? type : "") == 0 &&
            k-- == 0)
            return &q->branches[b].column;
    return NULL;
}

/* ---- the evaluator ---- */

/* Without regard to case; '%' any, '_' one character. */
static bool
like(const char *text, const char *pattern)
{
    const char *again = NULL, *from = NULL; /* behind the last % */

    while (*text != '\0') {
        bool is_escaped = *pattern == '\\' && pattern[1] != '\0';
        char c = is_escaped ? pattern[1] : *pattern;

        if (c == '%' && !is_escaped) {
            again = ++pattern;
            from = text;
        } else if (c == '_' && !is_escaped) {
            pattern++;
            do
                text++;
            while (((unsigned char)*text & 0xc0) == 0x80);
        } else if (c != '\0' &&
                   tolower((unsigned char)c) == tolower((unsigned char)*text)) {
            pattern += 1 + is_escaped;
            text++;
        } else if (again != NULL) {
            pattern = again;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '%')
        pattern++;
    return *pattern == '\0';
}

static struct literal
as_literal(enum soql_type type, struct soql_value v)
{
    if (v.is_null)
        return (struct literal){SOQL_UNKNOWN, NULL, 0};
    return (struct literal){type, (char *)v.text, v.number};
}

/* Nothing is less or more than a null. */
static bool
compares(const struct node *n, const struct literal *v)
{
    bool any_null =
        v->type == SOQL_UNKNOWN || n->values[0].type == SOQL_UNKNOWN;
    int c;

    if (n->op == OP_IN || n->op == OP_NOT_IN)
        return (bsearch(v, n->values, n->n_values, sizeof(*v), by_literal) !=
                NULL) == (n->op == OP_IN);
    if (n->op == OP_LIKE)
        return !any_null && like(v->text, n->values[0].text);
    c = by_literal(v, &n->values[0]);
    switch (n->op) {
    case OP_EQ:
        return c == 0;
    case OP_NE:
        return c != 0;
    case OP_LT:
        return !any_null && c < 0;
    case OP_LE:
        return !any_null && c <= 0;
    case OP_GT:
        return !any_null && c > 0;
    default:
        return !any_null && c >= 0;
    }
}

static bool
fits(const struct soql *q, int at, const void *record)
{
    const struct node *n = &q->nodes[at];
    struct literal v;

    if (n->op == OP_AND)
        return fits(q, n->a, record) && fits(q, n->b, record);
    if (n->op == OP_OR)
        return fits(q, n->a, record) || fits(q, n->b, record);
    if (n->op == OP_NOT)
        return !fits(q, n->a, record);
    v = as_literal(n->column.type,
                   q->source->value(q->source->ctx, record, &n->column));
    return compares(n, &v);
}

bool
soql_matches(const struct soql *q, const void *record)
{
    return q->root < 0 || fits(q, q->root, record);
}

/* A record with what it is sorted by. */
struct sorted {
    const void *record;
    const struct literal *keys;
    size_t at;
};

static int
by_order(const void *a, const void *b, void *ctx)
{
    const struct soql *q = ctx;
    const struct sorted *x = a, *y = b;

    for (size_t i = 0; i < q->n_orders; i++) {
        const struct order *o = &q->orders[i];
        bool x_null = x->keys[i].type == SOQL_UNKNOWN;
        bool y_null = y->keys[i].type == SOQL_UNKNOWN;
        int c = by_literal(&x->keys[i], &y->keys[i]);

        if (x_null != y_null)
            return x_null == o->nulls_last ? 1 : -1;
        if (c != 0)
            return o->is_desc ? -c : c;
    }
    return (x->at > y->at) - (x->at < y->at);
}

void
soql_sort(const struct soql *q, const void **records, size_t n)
{
    const struct soql_source *source = q->source;
    struct sorted *rows;
    struct literal *keys;

    if (q->n_orders == 0 || n < 2)
        return;
    rows = memory(malloc(n * sizeof(*rows)));
    keys = memory(malloc(n * q->n_orders * sizeof(*keys)));
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct sorted){records[i], &keys[i * q->n_orders], i};
        for (size_t k = 0; k < q->n_orders; k++)
            keys[i * q->n_orders + k] = as_literal(
                q->orders[k].column.type,
                source->value(source->ctx, records[i], &q->orders[k].column));
    }
    qsort_r(rows, n, sizeof(*rows), by_order, (void *)q);
    for (size_t i = 0; i < n; i++)
        records[i] = rows[i].record;
    free(keys);
    free(rows);
}
