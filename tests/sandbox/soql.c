/* soql: the part of SOQL that is served: SELECT with relationships, TYPEOF and
 * COUNT(), WHERE, ORDER BY, LIMIT (salesforce-api.md, 3). */
#include "tests/sandbox/salesforce.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELDS_MAX 64
#define NODES_MAX  512
#define ORDERS_MAX 4
#define NAME_SIZE  96

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
    OP_IN
};

struct node {
    enum op op;
    int a, b; /* AND OR NOT */
    char field[NAME_SIZE];
    cJSON *value; /* literal; array for IN */
    bool is_time;
    bool is_not; /* NOT IN */
};
struct branch {
    char relation[NAME_SIZE], type[NAME_SIZE], field[NAME_SIZE];
};
struct soql {
    const struct soql_source *source;
    char object[NAME_SIZE];
    char fields[FIELDS_MAX][NAME_SIZE];
    size_t n_fields;
    struct branch branches[FIELDS_MAX];
    size_t n_branches;
    bool is_count;
    struct node nodes[NODES_MAX];
    int n_nodes, root; /* -1: no WHERE */
    struct {
        char field[NAME_SIZE];
        bool is_desc, nulls_last;
    } orders[ORDERS_MAX];
    int n_orders;
    long limit;
};

struct parser {
    const char *s;
    struct soql *q;
    struct sf_error *err;
    bool is_bad;
};

static int
bad(struct parser *p, const char *what)
{
    if (!p->is_bad) {
        snprintf(p->err->code, sizeof(p->err->code), "MALFORMED_QUERY");
        snprintf(p->err->message, sizeof(p->err->message), "%s near '%.40s'",
                 what, p->s);
    }
    p->is_bad = true;
    return -1;
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
name(struct parser *p, char out[NAME_SIZE])
{
    size_t n = 0;

    blanks(p);
    while (is_word_char(p->s[n]))
        n++;
    if (n == 0 || n >= NAME_SIZE || isdigit((unsigned char)p->s[0])) {
        bad(p, "unexpected token");
        return false;
    }
    snprintf(out, NAME_SIZE, "%.*s", (int)n, p->s);
    p->s += n;
    return true;
}

static void
type_of(struct parser *p)
{
    struct soql *q = p->q;
    char relation[NAME_SIZE], type[NAME_SIZE] = "";

    if (!name(p, relation))
        return;
    while (!p->is_bad && !word(p, "END")) {
        if (word(p, "WHEN")) {
            if (!name(p, type) || !word(p, "THEN")) {
                bad(p, "THEN expected");
                return;
            }
        } else if (word(p, "ELSE")) {
            type[0] = '\0';
        } else {
            bad(p, "WHEN, ELSE or END expected");
            return;
        }
        do {
            struct branch *b = &q->branches[q->n_branches];

            if (q->n_branches == FIELDS_MAX || !name(p, b->field)) {
                bad(p, "field expected");
                return;
            }
            snprintf(b->relation, NAME_SIZE, "%s", relation);
            snprintf(b->type, NAME_SIZE, "%s", type);
            q->n_branches++;
        } while (mark(p, ","));
    }
}

static void
select_list(struct parser *p)
{
    struct soql *q = p->q;

    if (!word(p, "SELECT")) {
        bad(p, "SELECT expected");
        return;
    }
    do {
        if (word(p, "TYPEOF")) {
            type_of(p);
        } else if (word(p, "COUNT")) {
            q->is_count = mark(p, "(") && mark(p, ")");
            if (!q->is_count)
                bad(p, "COUNT() expected");
        } else if (q->n_fields < FIELDS_MAX &&
                   name(p, q->fields[q->n_fields])) {
            q->n_fields++;
        } else {
            bad(p, "field expected");
        }
    } while (!p->is_bad && mark(p, ","));
    if (!p->is_bad && (!word(p, "FROM") || !name(p, q->object)))
        bad(p, "FROM expected");
}

static cJSON *
string_literal(struct parser *p)
{
    static const char from[] = "nrtbf\"'\\_%", to[] = "\n\r\t\b\f\"'\\_%";
    size_t n = 0;
    char *text = malloc(strlen(p->s) + 1);
    cJSON *value;
    const char *at;

    if (text == NULL)
        abort();
    for (p->s++; *p->s != '\'' && *p->s != '\0'; p->s++) {
        if (*p->s == '\\') {
            at = p->s[1] != '\0' ? strchr(from, p->s[1]) : NULL;
            if (at == NULL)
                break;
            text[n++] = to[at - from];
            p->s++;
        } else {
            text[n++] = *p->s;
        }
    }
    text[n] = '\0';
    if (*p->s != '\'') {
        free(text);
        bad(p, "bad string literal");
        return NULL;
    }
    p->s++;
    value = cJSON_CreateString(text);
    free(text);
    return value;
}

static cJSON *
literal(struct parser *p, bool *is_time)
{
    char text[64];
    size_t n = 0;
    char *end;
    int64_t ms;
    double d;

    blanks(p);
    if (*p->s == '\'')
        return string_literal(p);
    if (word(p, "NULL"))
        return cJSON_CreateNull();
    if (word(p, "TRUE"))
        return cJSON_CreateTrue();
    if (word(p, "FALSE"))
        return cJSON_CreateFalse();
    while (n < sizeof(text) - 1 && p->s[n] != '\0' &&
           strchr("0123456789-+:.TZ", p->s[n]) != NULL)
        n++;
    snprintf(text, sizeof(text), "%.*s", (int)n, p->s);
    if (n >= 10 && text[4] == '-' && timetext_parse(text, n, &ms) == 0) {
        p->s += n;
        *is_time = true;
        return cJSON_CreateNumber((double)ms);
    }
    d = strtod(text, &end);
    if (n == 0 || *end != '\0') {
        bad(p, "literal expected");
        return NULL;
    }
    p->s += n;
    return cJSON_CreateNumber(d);
}

static int
add_node(struct parser *p, enum op op, int a, int b)
{
    struct node *node;

    if (p->q->n_nodes == NODES_MAX)
        return bad(p, "query too complicated");
    node = &p->q->nodes[p->q->n_nodes];
    *node = (struct node){.op = op, .a = a, .b = b};
    return p->q->n_nodes++;
}

static int
comparison(struct parser *p)
{
    static const struct {
        const char *mark;
        enum op op;
    } ops[] = {{"!=", OP_NE}, {"<>", OP_NE}, {"<=", OP_LE}, {">=", OP_GE},
               {"=", OP_EQ},  {"<", OP_LT},  {">", OP_GT}};
    int at = add_node(p, OP_EQ, 0, 0);
    struct node *node;

    if (at < 0)
        return -1;
    node = &p->q->nodes[at];
    if (!name(p, node->field))
        return -1;
    node->is_not = word(p, "NOT");
    if (word(p, "IN")) {
        node->op = OP_IN;
        node->value = cJSON_CreateArray();
        if (!mark(p, "("))
            return bad(p, "( expected");
        do {
            cJSON *item = literal(p, &node->is_time);

            if (item == NULL)
                return -1;
            cJSON_AddItemToArray(node->value, item);
        } while (mark(p, ","));
        return mark(p, ")") ? at : bad(p, ") expected");
    }
    if (node->is_not)
        return bad(p, "IN expected");
    if (word(p, "LIKE")) {
        node->op = OP_LIKE;
        node->value = literal(p, &node->is_time);
        return node->value != NULL ? at : -1;
    }
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        if (!mark(p, ops[i].mark))
            continue;
        node->op = ops[i].op;
        node->value = literal(p, &node->is_time);
        return node->value != NULL ? at : -1;
    }
    return bad(p, "operator expected");
}

static int condition(struct parser *p, int depth);

static int
factor(struct parser *p, int depth)
{
    int a;

    if (depth > 50)
        return bad(p, "query too complicated");
    if (word(p, "NOT")) {
        a = factor(p, depth + 1);
        return a < 0 ? -1 : add_node(p, OP_NOT, a, 0);
    }
    if (mark(p, "(")) {
        a = condition(p, depth + 1);
        return a >= 0 && !mark(p, ")") ? bad(p, ") expected") : a;
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
            return bad(p, "AND and OR need parentheses");
        b = factor(p, depth);
        a = b < 0 ? -1 : add_node(p, is_and ? OP_AND : OP_OR, a, b);
    }
    return a;
}

static void
order_by(struct parser *p)
{
    struct soql *q = p->q;

    do {
        if (q->n_orders == ORDERS_MAX ||
            !name(p, q->orders[q->n_orders].field)) {
            bad(p, "field expected");
            return;
        }
        q->orders[q->n_orders].is_desc = word(p, "DESC");
        word(p, "ASC");
        if (word(p, "NULLS"))
            q->orders[q->n_orders].nulls_last =
                word(p, "LAST") || !word(p, "FIRST");
        q->n_orders++;
    } while (mark(p, ","));
}

static void
check_field(struct parser *p, const char *field, bool is_filter)
{
    int known =
        p->q->source->known(p->q->source->ctx, p->q->object, field, is_filter);

    if (known == 1 || p->is_bad)
        return;
    p->is_bad = true;
    snprintf(p->err->code, sizeof(p->err->code), "INVALID_FIELD");
    if (known == 0)
        snprintf(p->err->message, sizeof(p->err->message),
                 "No such column '%s' on entity '%s'.", field, p->q->object);
    else
        snprintf(p->err->message, sizeof(p->err->message),
                 "field '%s' can not be filtered in a query call", field);
}

static void
check_fields(struct parser *p)
{
    struct soql *q = p->q;

    for (size_t i = 0; i < q->n_fields; i++)
        check_field(p, q->fields[i], false);
    for (int i = 0; i < q->n_nodes; i++)
        if (q->nodes[i].op > OP_NOT)
            check_field(p, q->nodes[i].field, true);
    for (int i = 0; i < q->n_orders; i++)
        check_field(p, q->orders[i].field, true);
}

struct soql *
soql_parse(const char *text, const struct soql_source *source,
           struct sf_error *err)
{
    struct soql *q = calloc(1, sizeof(*q));
    struct parser p = {.s = text, .q = q, .err = err};
    char *end;

    if (q == NULL)
        abort();
    q->source = source;
    q->root = q->limit = -1;
    select_list(&p);
    if (!p.is_bad && word(&p, "WHERE"))
        q->root = condition(&p, 0);
    if (!p.is_bad && word(&p, "ORDER") && word(&p, "BY"))
        order_by(&p);
    if (!p.is_bad && word(&p, "LIMIT")) {
        q->limit = strtol(p.s, &end, 10);
        p.s = end;
    }
    blanks(&p);
    if (!p.is_bad && *p.s != '\0')
        bad(&p, "unexpected token");
    if (!p.is_bad)
        check_fields(&p);
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
    for (int i = 0; i < q->n_nodes; i++)
        cJSON_Delete(q->nodes[i].value);
    free(q);
}

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

size_t
soql_n_fields(const struct soql *q)
{
    return q->n_fields;
}

const char *
soql_field(const struct soql *q, size_t i)
{
    return q->fields[i];
}

const char *
soql_typeof(const struct soql *q, const char *relation, const char *type,
            size_t i)
{
    bool has_type = false;

    for (size_t k = 0; k < q->n_branches; k++)
        has_type |= strcasecmp(q->branches[k].relation, relation) == 0 &&
                    strcasecmp(q->branches[k].type, type) == 0;
    for (size_t k = 0; k < q->n_branches; k++) {
        const struct branch *b = &q->branches[k];

        if (strcasecmp(b->relation, relation) == 0 &&
            strcasecmp(b->type, has_type ? type : "") == 0 && i-- == 0)
            return b->field;
    }
    return NULL;
}

static int
sign(double d)
{
    return (d > 0) - (d < 0);
}

/* <0, 0, >0; texts without regard to case, 15 and 18 characters of an id are
 * the same. A null is less than all. */
static int
compare(const cJSON *a, const cJSON *b, bool is_time)
{
    int64_t ms;

    if (a == NULL || cJSON_IsNull(a))
        return b == NULL || cJSON_IsNull(b) ? 0 : -1;
    if (b == NULL || cJSON_IsNull(b))
        return 1;
    if (is_time && cJSON_IsString(a) &&
        timetext_parse(a->valuestring, strlen(a->valuestring), &ms) == 0)
        return sign((double)ms - b->valuedouble);
    if (cJSON_IsString(a) && cJSON_IsString(b)) {
        size_t n = strlen(a->valuestring), m = strlen(b->valuestring);

        if (n == 18 && m == 15)
            return strncmp(a->valuestring, b->valuestring, 15);
        return strcasecmp(a->valuestring, b->valuestring);
    }
    if (cJSON_IsNumber(a) && cJSON_IsNumber(b))
        return sign(a->valuedouble - b->valuedouble);
    return cJSON_IsTrue(a) - cJSON_IsTrue(b);
}

static bool
like(const char *text, const char *pattern)
{
    if (*pattern == '\0')
        return *text == '\0';
    if (*pattern == '%')
        return like(text, pattern + 1) ||
               (*text != '\0' && like(text + 1, pattern));
    return *text != '\0' &&
           (*pattern == '_' || tolower((unsigned char)*pattern) ==
                                   tolower((unsigned char)*text)) &&
           like(text + 1, pattern + 1);
}

static bool
is_null(const cJSON *v)
{
    return v == NULL || cJSON_IsNull(v);
}

static bool
compares(const struct node *n, const cJSON *v)
{
    const cJSON *item;
    bool has = false;

    switch (n->op) {
    case OP_EQ:
        return compare(v, n->value, n->is_time) == 0;
    case OP_NE:
        return compare(v, n->value, n->is_time) != 0;
    case OP_LT:
        return !is_null(v) && compare(v, n->value, n->is_time) < 0;
    case OP_LE:
        return !is_null(v) && compare(v, n->value, n->is_time) <= 0;
    case OP_GT:
        return !is_null(v) && compare(v, n->value, n->is_time) > 0;
    case OP_GE:
        return !is_null(v) && compare(v, n->value, n->is_time) >= 0;
    case OP_LIKE:
        return cJSON_IsString(v) && cJSON_IsString(n->value) &&
               like(v->valuestring, n->value->valuestring);
    default:
        cJSON_ArrayForEach(item, n->value) has |=
            compare(v, item, n->is_time) == 0;
        return has != n->is_not;
    }
}

static bool
fits(const struct soql *q, int at, const void *record)
{
    const struct node *n = &q->nodes[at];

    if (n->op == OP_AND)
        return fits(q, n->a, record) && fits(q, n->b, record);
    if (n->op == OP_OR)
        return fits(q, n->a, record) || fits(q, n->b, record);
    if (n->op == OP_NOT)
        return !fits(q, n->a, record);
    return compares(n, q->source->value(q->source->ctx, record, n->field));
}

bool
soql_matches(const struct soql *q, const void *record)
{
    return q->root < 0 || fits(q, q->root, record);
}

static int
by_order(const void *a, const void *b, void *ctx)
{
    const struct soql *q = ctx;
    const void *ra = *(const void *const *)a, *rb = *(const void *const *)b;

    for (int i = 0; i < q->n_orders; i++) {
        const char *field = q->orders[i].field;
        /* What value() lends out may be gone at its next call. */
        cJSON *va =
            cJSON_Duplicate(q->source->value(q->source->ctx, ra, field), false);
        const cJSON *vb = q->source->value(q->source->ctx, rb, field);
        int c = compare(va, vb, false);

        if (q->orders[i].nulls_last && is_null(va) != is_null(vb))
            c = is_null(va) ? 1 : -1;
        else if (q->orders[i].is_desc)
            c = -c;
        cJSON_Delete(va);
        if (c != 0)
            return c;
    }
    return 0;
}

void
soql_sort(const struct soql *q, const void **records, size_t n)
{
    if (q->n_orders > 0 && n > 1)
        qsort_r(records, n, sizeof(*records), by_order, (void *)q);
}
