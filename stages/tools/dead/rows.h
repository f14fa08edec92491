/* rows: which dead letters are meant, and those as JSON (dead_letter.h). */
#ifndef DEAD_ROWS_H
#define DEAD_ROWS_H

#include "common/dead_class.h"
#include "common/store.h"
#include "common/tool.h"
#include <cJSON.h>

struct rows_filter {
    struct store_dead_filter in_store;
    enum dead_class class;    /* DEAD_CLASSES: any */
    const char *const *words; /* numbers, ids, keys; */
    int n_words;              /* 0: any */
};

/* An array, oldest first, none twice; NULL on an error of the store. `store`
 * NULL: there is none. Caller frees with cJSON_Delete(). */
cJSON *rows_read(struct store *store, const struct rows_filter *filter,
                 bool with_event, struct error *err);
/* How many there are of each class, reason and mend, the most first: an array
 * of {class, reason, means, mend, n}. Caller frees with cJSON_Delete(). */
cJSON *rows_groups(const cJSON *rows);
/* All but the first `max` go. */
void rows_cut(cJSON *rows, int64_t max);

#endif
