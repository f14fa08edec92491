/* soql_parse: from text to a query, by recursive descent: what is selected, the
 * conditions as lists of nodes, the order. */
#include "tests/sandbox/soql_tree.h"

#include "common/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX  50
#define OFFSET_MAX 2000
#define ORDER_MAX  32
#define TEXT_MAX   100000 /* UTF-16 units of a query */

/* ---- SELECT ---- */

/* The fields behind THEN, or with type "" behind ELSE. */
static void
branch(struct parser *p, const char *type)
{
    struct soql *q = p->q;
    struct branch *b;

    do {
        b = SOQL_ADD(q->branches, q->n_branches, q->branches_size);
        b->item = q->n_items - 1;
        snprintf(b->type, sizeof(b->type), "%s", type);
    } while (soql_name(p, b->column.path) && soql_mark(p, ","));
}

static void
type_of(struct parser *p)
{
    struct soql *q = p->q;
    struct item *item = SOQL_ADD(q->items, q->n_items, q->items_size);
    char type[SOQL_NAME_SIZE];
    bool has_when = false;

    item->is_typeof = true;
    soql_name(p, item->column.path);
    while (!p->is_bad && soql_word(p, "WHEN")) {
        has_when = true;
        if (soql_name(p, type) && soql_word(p, "THEN"))
            branch(p, type);
        else
            soql_unexpected(p);
    }
    if (has_when && soql_word(p, "ELSE"))
        branch(p, "");
    if (!has_when || !soql_word(p, "END"))
        soql_unexpected(p);
}

static void
select_list(struct parser *p)
{
    struct soql *q = p->q;

    if (!soql_word(p, "SELECT")) {
        soql_unexpected(p);
        return;
    }
    do {
        if (q->is_count) {
            soql_unexpected(p);
        } else if (soql_word(p, "TYPEOF")) {
            type_of(p);
        } else if (q->n_items == 0 && soql_word(p, "COUNT")) {
            q->is_count = soql_mark(p, "(") && soql_mark(p, ")");
            if (!q->is_count)
                soql_unexpected(p);
        } else {
            struct item *item = SOQL_ADD(q->items, q->n_items, q->items_size);

            soql_name(p, item->column.path);
        }
    } while (!p->is_bad && soql_mark(p, ","));
    if (!p->is_bad && (!soql_word(p, "FROM") || !soql_name(p, q->object)))
        soql_unexpected(p);
}

/* ---- WHERE ---- */

static int
add_node(struct parser *p, enum op op, int first)
{
    struct node *node = SOQL_ADD(p->q->nodes, p->q->n_nodes, p->q->nodes_size);

    node->op = op;
    node->first = first;
    node->next = -1;
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

    if (soql_word(p, "NOT")) {
        node->op = OP_NOT_IN;
        return soql_word(p, "IN");
    }
    node->op = soql_word(p, "IN") ? OP_IN : OP_LIKE;
    if (node->op == OP_IN || soql_word(p, "LIKE"))
        return true;
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        node->op = ops[i].op;
        if (soql_mark(p, ops[i].mark))
            return true;
    }
    return false;
}

static int
comparison(struct parser *p)
{
    int at = add_node(p, OP_EQ, -1);
    struct node *node = &p->q->nodes[at];

    if (!soql_name(p, node->column.path))
        return -1;
    if (!operator_of(p, node))
        return soql_unexpected(p);
    if (node->op != OP_IN && node->op != OP_NOT_IN)
        return soql_literal(p, node) ? at : -1;
    if (!soql_mark(p, "("))
        return soql_unexpected(p);
    do
        if (!soql_literal(p, node))
            return -1;
    while (soql_mark(p, ","));
    return soql_mark(p, ")") ? at : soql_unexpected(p);
}

static int condition(struct parser *p, int depth);

static int
factor(struct parser *p, int depth)
{
    int a;

    if (depth > DEPTH_MAX)
        return soql_bad(p, "QUERY_TOO_COMPLICATED", "query is too complicated");
    if (soql_word(p, "NOT")) {
        a = factor(p, depth + 1);
        return a < 0 ? -1 : add_node(p, OP_NOT, a);
    }
    if (soql_mark(p, "(")) {
        a = condition(p, depth + 1);
        return a >= 0 && !soql_mark(p, ")") ? soql_unexpected(p) : a;
    }
    return comparison(p);
}

/* OP_NOT: neither AND nor OR is next. */
static enum op
junction(struct parser *p)
{
    if (soql_word(p, "AND"))
        return OP_AND;
    return soql_word(p, "OR") ? OP_OR : OP_NOT;
}

/* AND and OR may not be mixed without parentheses. */
static int
condition(struct parser *p, int depth)
{
    int first = factor(p, depth), last = first;
    enum op op = junction(p), next_op = op;

    while (last >= 0 && next_op != OP_NOT) {
        int next = factor(p, depth);

        if (next >= 0)
            p->q->nodes[last].next = next;
        last = next;
        next_op = junction(p);
        if (next_op != op && next_op != OP_NOT)
            return soql_unexpected(p);
    }
    if (last < 0)
        return -1;
    return op == OP_NOT ? first : add_node(p, op, first);
}

static void
order_by(struct parser *p)
{
    do {
        struct order *o =
            SOQL_ADD(p->q->orders, p->q->n_orders, p->q->orders_size);

        if (!soql_name(p, o->column.path))
            return;
        o->is_desc = soql_word(p, "DESC");
        if (!o->is_desc)
            soql_word(p, "ASC");
        if (!soql_word(p, "NULLS"))
            continue;
        o->nulls_last = soql_word(p, "LAST");
        if (!o->nulls_last && !soql_word(p, "FIRST"))
            soql_unexpected(p);
    } while (!p->is_bad && soql_mark(p, ","));
    if (p->q->n_orders > ORDER_MAX)
        soql_bad(p, "MALFORMED_QUERY", "ORDER BY takes at most %d fields",
                 ORDER_MAX);
}

struct soql *
soql_parse(const char *text, const struct soql_source *source,
           struct soql_error *err)
{
    struct soql *q = soql_memory(calloc(1, sizeof(*q)));
    struct parser p = {.s = text, .q = q, .err = err};

    q->source = source;
    q->root = -1;
    q->limit = -1;
    if (text_units(text, strlen(text)) > TEXT_MAX)
        soql_bad(&p, "MALFORMED_QUERY",
                 "SOQL statements cannot be longer than %d characters.",
                 TEXT_MAX);
    if (!p.is_bad)
        select_list(&p);
    if (!p.is_bad && soql_word(&p, "WHERE"))
        q->root = condition(&p, 0);
    if (!p.is_bad && soql_word(&p, "ORDER")) {
        if (soql_word(&p, "BY"))
            order_by(&p);
        else
            soql_unexpected(&p);
    }
    if (!p.is_bad && soql_word(&p, "LIMIT"))
        q->limit = soql_count(&p);
    if (!p.is_bad && soql_word(&p, "OFFSET"))
        q->offset = soql_count(&p);
    soql_blanks(&p);
    if (!p.is_bad && *p.s != '\0')
        soql_unexpected(&p);
    if (q->offset > OFFSET_MAX)
        soql_bad(&p, "NUMBER_OUTSIDE_VALID_RANGE",
                 "Maximum SOQL offset allowed is %d", OFFSET_MAX);
    if (!p.is_bad)
        soql_check(&p);
    if (!p.is_bad)
        return q;
    soql_free(q);
    return NULL;
}
