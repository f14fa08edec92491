/* soql_match: does a record fit, and what order do records come in? */
#include "tests/sandbox/soql_tree.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int
soql_compare(const void *a, const void *b)
{
    const struct literal *x = a, *y = b;

    if (x->type != y->type)
        return (x->type > y->type) - (x->type < y->type);
    if (x->text != NULL)
        return x->type == SOQL_ID ? strcmp(x->text, y->text)
                                  : strcasecmp(x->text, y->text);
    return (x->number > y->number) - (x->number < y->number);
}

/* ---- WHERE ---- */

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
        return (bsearch(v, n->values, n->n_values, sizeof(*v), soql_compare) !=
                NULL) == (n->op == OP_IN);
    if (n->op == OP_LIKE)
        return !any_null && like(v->text, n->values[0].text);
    c = soql_compare(v, &n->values[0]);
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

/* As deep as the query's parentheses, however many conditions it has. */
static bool
fits(const struct soql *q, const struct node *n, const void *record)
{
    struct literal v;

    if (n->op > OP_NOT) {
        v = as_literal(n->column.type,
                       q->source->value(q->source->ctx, record, &n->column));
        return compares(n, &v);
    }
    for (int at = n->first; at >= 0; at = q->nodes[at].next)
        if (fits(q, &q->nodes[at], record) != (n->op == OP_AND))
            return n->op == OP_OR;
    return n->op != OP_OR;
}

bool
soql_matches(const struct soql *q, const void *record)
{
    return q->root < 0 || fits(q, &q->nodes[q->root], record);
}

/* ---- ORDER BY ---- */

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
        int c = soql_compare(&x->keys[i], &y->keys[i]);

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
    rows = soql_memory(malloc(n * sizeof(*rows)));
    keys = soql_memory(malloc(n * q->n_orders * sizeof(*keys)));
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
