/* store_sqlite_quarters: how outcomes add up, for a report. */
#include "common/store_sqlite.h"

#define QUARTER "900000"
#define DAY     "86400000"

/* Each record once. Beside max() the other columns are those of its row. The +
 * keeps SQLite from going through the index of keys, which leads to and fro in
 * the table. A Task has a date, which the normalizer takes for its midnight in
 * UTC. */
#define RECORDS(contact)                                                       \
    "SELECT kind, source, " contact " AS whom,"                                \
    " occurred_at - (occurred_at % " QUARTER " + " QUARTER ")"                 \
    " % " QUARTER " AS quarter, (occurred_at <> 0 AND occurred_at % " DAY      \
    " = 0 AND substr(key, 1, 16) = 'salesforce:Task:') AS is_day,"             \
    " max(CASE WHEN occurred_at <> 0 THEN at END),"                            \
    " count(*) AS versions, sum(outcome = 'written') AS written,"              \
    " sum(outcome = 'unchanged') AS unchanged,"                                \
    " sum(outcome = 'dropped') AS dropped, sum(outcome = 'dead') AS dead"      \
    " FROM outcome GROUP BY +key"

/* The same that store_contact_by_salesforce_id() finds first. */
#define CONTACT_OF_WHOM                                                        \
    "SELECT c.hubspot_id FROM contact c"                                       \
    " WHERE c.salesforce_id = whom AND c.salesforce_id <> ''"                  \
    " ORDER BY c.modified_at DESC, length(c.hubspot_id), c.hubspot_id LIMIT 1"

/* Nobody is looked up where it is not asked. Ids of people in Salesforce begin
 * with 00, those of HubSpot with no 0. */
#define QUARTERS_OF                                                            \
    "SELECT CASE WHEN ?1 THEN whom ELSE '' END, kind, source, quarter,"        \
    " is_day, count(*), sum(versions), sum(written), sum(unchanged),"          \
    " sum(dropped), sum(dead) FROM (SELECT CASE WHEN (?1 OR ?2 <> '')"         \
    " AND whom GLOB '00*' THEN ifnull((" CONTACT_OF_WHOM "), whom)"            \
    " ELSE whom END AS whom, kind, source, quarter, is_day, versions,"         \
    " written, unchanged, dropped, dead FROM ("
#define AND_ADD_UP                                                             \
    ")) WHERE ?2 = '' OR whom = ?2"                                            \
    " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"

static const char select_quarters[] = QUARTERS_OF RECORDS("contact") AND_ADD_UP;
/* Who only reads may find a state from before contacts were kept. */
static const char select_old_quarters[] = QUARTERS_OF RECORDS("''") AND_ADD_UP;

/* NULL: error. */
static sqlite3_stmt *
bind_quarters(struct store *store, const struct store_quarter_filter *filter,
              struct error *err)
{
    struct store_sqlite *s = (struct store_sqlite *)store;
    bool has_contact =
        sqlite3_table_column_metadata(s->db, NULL, "outcome", "contact", NULL,
                                      NULL, NULL, NULL, NULL) == SQLITE_OK;

    return store_sqlite_bind(
        store, err, has_contact ? select_quarters : select_old_quarters, "is",
        (int64_t)filter->by_contact,
        filter->contact != NULL ? filter->contact : "");
}

static void
read_quarter(sqlite3_stmt *stmt, struct store_quarter *q)
{
    store_sqlite_text(stmt, 0, q->contact, sizeof(q->contact));
    store_sqlite_text(stmt, 1, q->kind, sizeof(q->kind));
    store_sqlite_text(stmt, 2, q->source, sizeof(q->source));
    q->from = sqlite3_column_int64(stmt, 3);
    q->is_day = sqlite3_column_int(stmt, 4) != 0;
    q->records = sqlite3_column_int64(stmt, 5);
    q->versions = sqlite3_column_int64(stmt, 6);
    q->written = sqlite3_column_int64(stmt, 7);
    q->unchanged = sqlite3_column_int64(stmt, 8);
    q->dropped = sqlite3_column_int64(stmt, 9);
    q->dead = sqlite3_column_int64(stmt, 10);
}

int
store_sqlite_outcome_quarters(struct store *store,
                              const struct store_quarter_filter *filter,
                              store_quarter_fn *fn, void *ctx,
                              struct error *err)
{
    sqlite3_stmt *stmt = bind_quarters(store, filter, err);
    struct store_quarter q;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        read_quarter(stmt, &q);
        if (fn(ctx, &q) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}
