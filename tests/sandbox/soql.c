/* soql: a query as a value: making room for it, giving it back, asking it. */
#include "tests/sandbox/soql_tree.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void *
soql_memory(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

void *
soql_add(void **array, size_t *n, size_t *size, size_t each)
{
    if (*n == *size) {
        *size = *size ? *size * 2 : 8;
        *array = soql_memory(realloc(*array, *size * each));
    }
    return memset((char *)*array + (*n)++ * each, 0, each);
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
