/* soql_check: are there the objects and fields that a query names, and do its
 * literals suit them? */
#include "tests/sandbox/soql_tree.h"

#include "common/sf_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const type_names[] = {
    [SOQL_TEXT] = "string",   [SOQL_ID] = "ID",
    [SOQL_NUMBER] = "double", [SOQL_BOOL] = "boolean",
    [SOQL_DATE] = "date",     [SOQL_DATETIME] = "dateTime"};

static bool
resolve(struct parser *p, const char *object, struct soql_column *c)
{
    const struct soql_source *source = p->q->source;

    if (p->is_bad)
        return false;
    source->resolve(source->ctx, object, c);
    if (c->type == SOQL_UNKNOWN)
        soql_bad(
            p, "INVALID_FIELD",
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
    enum soql_type type = node->column.type;
    char id[SF_ID_SIZE];

    if (value->type == SOQL_UNKNOWN || p->is_bad)
        return;
    if (type == SOQL_ID && value->type == SOQL_TEXT) {
        if (node->op == OP_LIKE || !sf_id_normalise(value->text, id)) {
            soql_bad(p, "INVALID_QUERY_FILTER_OPERATOR",
                     "invalid ID field: %.60s", value->text);
            return;
        }
        free(value->text);
        value->text = soql_memory(strdup(id));
        value->type = SOQL_ID;
    } else if (type != value->type) {
        soql_bad(
            p, "INVALID_FIELD",
            "value of filter criterion for field '%s' must be of type %s and "
            "should %sbe enclosed in quotes",
            node->column.path, type_names[type],
            type == SOQL_TEXT || type == SOQL_ID ? "" : "not ");
    }
}

static void
check_node(struct parser *p, struct node *node)
{
    if (node->op <= OP_NOT || !resolve(p, p->q->object, &node->column))
        return;
    if (!node->column.is_filterable)
        soql_bad(p, "INVALID_FIELD",
                 "field '%s' can not be filtered in a query call",
                 node->column.path);
    for (size_t i = 0; i < node->n_values; i++)
        suit(p, node, &node->values[i]);
    if (node->op == OP_LIKE && node->column.type != SOQL_TEXT)
        soql_bad(p, "INVALID_QUERY_FILTER_OPERATOR",
                 "invalid operator on %s field", type_names[node->column.type]);
    qsort(node->values, node->n_values, sizeof(*node->values), soql_compare);
}

/* What a TYPEOF is about may not be selected in another way, too. */
static bool
covers(const struct item *a, const struct item *b)
{
    const char *path = a->column.path, *other = b->column.path;
    size_t n = strlen(path);

    return strncasecmp(path, other, n) == 0 &&
           (other[n] == '\0' || (a->is_typeof && other[n] == '.'));
}

static void
check_item(struct parser *p, size_t i)
{
    struct soql *q = p->q;
    struct item *item = &q->items[i];
    struct soql_column probe = {.path = ""};

    for (size_t k = 0; k < i && !p->is_bad; k++)
        if (covers(&q->items[k], item) || covers(item, &q->items[k]))
            soql_bad(p, "MALFORMED_QUERY", "duplicate field selected: %s",
                     item->column.path);
    snprintf(probe.path, sizeof(probe.path), "%.*s.Id", SOQL_NAME_SIZE - 4,
             item->column.path);
    resolve(p, q->object, item->is_typeof ? &probe : &item->column);
}

static void
check_branch(struct parser *p, size_t i)
{
    const struct soql_source *source = p->q->source;
    struct branch *b = &p->q->branches[i];
    const char *type = b->type[0] != '\0' ? b->type : "Name";

    for (size_t k = i; k > 0 && !p->is_bad; k--) {
        const struct branch *other = &p->q->branches[k - 1];

        if (other->item != b->item || strcasecmp(other->type, b->type) != 0)
            break;
        if (strcasecmp(other->column.path, b->column.path) == 0)
            soql_bad(p, "MALFORMED_QUERY", "duplicate field selected: %s",
                     b->column.path);
    }
    if (!source->has_object(source->ctx, type))
        soql_bad(p, "INVALID_TYPE", "sObject type '%s' is not supported.",
                 type);
    resolve(p, type, &b->column);
}

void
soql_check(struct parser *p)
{
    struct soql *q = p->q;

    if (!q->source->has_object(q->source->ctx, q->object))
        soql_bad(
            p, "INVALID_TYPE",
            "sObject type '%s' is not supported. If you are attempting to use "
            "a custom object, be sure to append the '__c' after the entity "
            "name. Please reference your WSDL or the describe call for the "
            "appropriate names.",
            q->object);
    for (size_t i = 0; i < q->n_items; i++)
        check_item(p, i);
    for (size_t i = 0; i < q->n_branches; i++)
        check_branch(p, i);
    for (size_t i = 0; i < q->n_nodes; i++)
        check_node(p, &q->nodes[i]);
    for (size_t i = 0; i < q->n_orders; i++)
        if (resolve(p, q->object, &q->orders[i].column) &&
            !q->orders[i].column.is_filterable)
            soql_bad(p, "MALFORMED_QUERY",
                     "field '%s' can not be sorted in a query call",
                     q->orders[i].column.path);
}
