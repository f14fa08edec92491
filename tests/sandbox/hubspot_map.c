/* hubspot_map: a string map, a growing list, and feeds of things that
 * happened, in the order of their times. */
#include "tests/sandbox/hubspot.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
hs_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    if (p == NULL)
        abort();
    return p;
}

/* Room for one more than n in v, of which *size fit now. */
void *
hs_grow(void *v, size_t n, size_t *size, size_t each)
{
    if (n < *size)
        return v;
    *size = *size ? *size * 2 : 4;
    v = realloc(v, *size * each);
    if (v == NULL)
        abort();
    return v;
}

char *
hs_strdup(const char *s)
{
    char *copy = strdup(s);

    if (copy == NULL)
        abort();
    return copy;
}

char *
hs_lower(const char *s)
{
    char *copy = hs_strdup(s);

    for (char *p = copy; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

void
hs_list_add(struct hs_list *list, void *item)
{
    list->v = hs_grow(list->v, list->n, &list->size, sizeof(*list->v));
    list->v[list->n++] = item;
}

void
hs_list_drop(struct hs_list *list, const void *item)
{
    for (size_t i = list->n; i > 0; i--)
        if (list->v[i - 1] == item) {
            memmove(&list->v[i - 1], &list->v[i],
                    (list->n - i) * sizeof(*list->v));
            list->n--;
            return;
        }
}

/* ---- map ---- */

static struct hs_slot *
map_slot(const struct hs_map *map, const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t i;

    for (const char *p = key; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    hash ^= hash >> 32;
    for (i = hash & (map->size - 1); map->slots[i].key != NULL;
         i = (i + 1) & (map->size - 1))
        if (strcmp(map->slots[i].key, key) == 0)
            break;
    return &map->slots[i];
}

void *
hs_map_get(const struct hs_map *map, const char *key)
{
    return map->size == 0 ? NULL : map_slot(map, key)->value;
}

static void
map_double(struct hs_map *map)
{
    struct hs_map big = {.size = map->size ? map->size * 2 : 16};

    big.slots = hs_alloc(big.size * sizeof(*big.slots));
    for (size_t i = 0; i < map->size; i++) {
        if (map->slots[i].key == NULL)
            continue;
        if (map->slots[i].value == NULL) {
            free(map->slots[i].key);
            continue;
        }
        *map_slot(&big, map->slots[i].key) = map->slots[i];
        big.n++;
    }
    free(map->slots);
    *map = big;
}

void
hs_map_put(struct hs_map *map, const char *key, void *value)
{
    struct hs_slot *slot;

    if (map->n * 2 >= map->size)
        map_double(map);
    slot = map_slot(map, key);
    if (slot->key == NULL && value != NULL) {
        slot->key = hs_strdup(key);
        map->n++;
    }
    if (slot->key != NULL)
        slot->value = value;
}

void
hs_map_fini(struct hs_map *map, void (*destroy)(void *value))
{
    for (size_t i = 0; i < map->size; i++) {
        if (destroy != NULL && map->slots[i].value != NULL)
            destroy(map->slots[i].value);
        free(map->slots[i].key);
    }
    free(map->slots);
    *map = (struct hs_map){0};
}

/* ---- feed ---- */

static int
compare_at(int64_t at, int64_t seq, const struct hs_item *item)
{
    if (at != item->at)
        return at < item->at ? -1 : 1;
    return seq < item->seq ? -1 : seq > item->seq;
}

static int
compare_items(const void *a, const void *b)
{
    const struct hs_item *left = *(struct hs_item *const *)a;

    return compare_at(left->at, left->seq, *(struct hs_item *const *)b);
}

static void
list_add_item(struct hs_list *list, struct hs_item *item)
{
    if (list->n == 0)
        list->is_sorted = true;
    else if (compare_items(&list->v[list->n - 1], &(void *){item}) > 0)
        list->is_sorted = false;
    hs_list_add(list, item);
}

static void
list_sort(struct hs_list *list)
{
    if (!list->is_sorted && list->n > 1)
        qsort(list->v, list->n, sizeof(*list->v), compare_items);
    list->is_sorted = true;
}

/* How many items come before (at, seq). */
static size_t
list_from(const struct hs_list *list, int64_t at, int64_t seq)
{
    size_t lo = 0, hi = list->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (compare_at(at, seq, list->v[mid]) > 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static struct hs_list *
key_list(struct hs_feed *feed, const char *key)
{
    struct hs_list *list = hs_map_get(&feed->by_key, key);

    if (list == NULL) {
        list = hs_alloc(sizeof(*list));
        hs_map_put(&feed->by_key, key, list);
    }
    return list;
}

static void
item_free(struct hs_item *item)
{
    free(item->id);
    free(item->type);
    free(item->key);
    cJSON_Delete(item->json);
    free(item);
}

void
hs_feed_put(struct hs_feed *feed, int64_t at, const char *id, const char *type,
            const char *key, cJSON *json)
{
    struct hs_item *old = hs_map_get(&feed->by_id, id), *item;
    static int64_t seq;

    item = hs_alloc(sizeof(*item));
    item->at = at;
    item->seq = old ? old->seq : ++seq;
    item->id = hs_strdup(id);
    item->type = hs_strdup(type);
    item->key = hs_strdup(key);
    item->json = json;
    if (old != NULL) {
        hs_list_drop(&feed->all, old);
        hs_list_drop(key_list(feed, old->key), old);
        item_free(old);
    }
    hs_map_put(&feed->by_id, id, item);
    list_add_item(&feed->all, item);
    list_add_item(key_list(feed, key), item);
}

static bool
page_bounds(const struct hs_list *list, const struct hs_page *page, size_t *lo,
            size_t *hi)
{
    int64_t at, seq;

    *lo = list_from(list, page->from, INT64_MIN);
    *hi = list_from(list, page->to, INT64_MAX);
    if (page->after == NULL || page->after[0] == '\0')
        return true;
    if (sscanf(page->after, "%" SCNx64 "-%" SCNx64, (uint64_t *)&at,
               (uint64_t *)&seq) != 2)
        return false;
    if (page->newest_first && list_from(list, at, seq) < *hi)
        *hi = list_from(list, at, seq);
    if (!page->newest_first && list_from(list, at, seq + 1) > *lo)
        *lo = list_from(list, at, seq + 1);
    return true;
}

cJSON *
hs_feed_page(struct hs_feed *feed, const char *key, struct hs_page *page)
{
    struct hs_list none = {0};
    struct hs_list *list = key ? hs_map_get(&feed->by_key, key) : &feed->all;
    const struct hs_item *last = NULL;
    cJSON *out;
    size_t lo, hi, n = 0;

    page->next[0] = '\0';
    if (list == NULL)
        list = &none;
    list_sort(list);
    if (!page_bounds(list, page, &lo, &hi))
        return NULL;
    out = cJSON_CreateArray();
    while (lo < hi) {
        const struct hs_item *item = list->v[page->newest_first ? --hi : lo++];

        if (page->match != NULL && !page->match(item, page->ctx))
            continue;
        if (n++ == page->limit) {
            snprintf(page->next, sizeof(page->next), "%" PRIx64 "-%" PRIx64,
                     (uint64_t)last->at, (uint64_t)last->seq);
            break;
        }
        cJSON_AddItemReferenceToArray(out, item->json);
        last = item;
    }
    return out;
}

cJSON *
hs_feed_dump(struct hs_feed *feed)
{
    cJSON *out = cJSON_CreateArray();

    list_sort(&feed->all);
    for (size_t i = 0; i < feed->all.n; i++)
        cJSON_AddItemReferenceToArray(out,
                                      ((struct hs_item *)feed->all.v[i])->json);
    return out;
}

static void
list_free(void *list)
{
    free(((struct hs_list *)list)->v);
    free(list);
}

void
hs_feed_fini(struct hs_feed *feed)
{
    for (size_t i = 0; i < feed->all.n; i++)
        item_free(feed->all.v[i]);
    free(feed->all.v);
    hs_map_fini(&feed->by_id, NULL);
    hs_map_fini(&feed->by_key, list_free);
}
