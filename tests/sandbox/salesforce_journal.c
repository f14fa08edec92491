/* salesforce_journal: taking writes back: what records were before, while a
 * transaction is open. */
#include "tests/sandbox/salesforce.h"

#include <stdlib.h>

struct before {
    struct sf_record *rec;
    cJSON *fields; /* NULL: it was not there */
    int64_t modstamp, touched;
    bool is_deleted;
};

void
sf_remember(struct salesforce *sf, struct sf_record *rec, bool is_new)
{
    struct before *b;

    if (!sf->is_journaling)
        return;
    b = hs_alloc(sizeof(*b));
    *b =
        (struct before){rec, is_new ? NULL : cJSON_Duplicate(rec->fields, true),
                        rec->modstamp, rec->touched, rec->is_deleted};
    hs_list_add(&sf->journal, b);
}

bool
sf_begin(struct salesforce *sf)
{
    bool is_begun = !sf->is_journaling;

    sf->is_journaling = true;
    return is_begun;
}

static void
drop_new(struct salesforce *sf, struct sf_record *rec)
{
    hs_list_drop(sf_list(sf, rec->object), rec);
    hs_map_put(&sf->by_id, rec->id, NULL);
    hs_list_add(&sf->dropped, rec); /* a query's locator may hold it */
}

void
sf_end(struct salesforce *sf, bool is_begun, bool keep)
{
    if (!is_begun)
        return;
    sf->is_journaling = false;
    while (sf->journal.n > 0) {
        struct before *b = sf->journal.v[--sf->journal.n];

        if (!keep)
            sf_index(sf, b->rec, false);
        if (!keep && b->fields != NULL) {
            cJSON_Delete(b->rec->fields);
            b->rec->fields = b->fields;
            b->fields = NULL;
            b->rec->modstamp = b->modstamp;
            b->rec->touched = b->touched;
            b->rec->is_deleted = b->is_deleted;
            sf_index(sf, b->rec, true);
        } else if (!keep) {
            drop_new(sf, b->rec);
        }
        cJSON_Delete(b->fields);
        free(b);
    }
}
