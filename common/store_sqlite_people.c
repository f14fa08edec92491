/* store_sqlite_people: contacts, companies, and people of Salesforce. */
#include "common/store_sqlite.h"

#include <stdio.h>
#include <string.h>

#define CONTACT                                                                \
    "c.hubspot_id, c.email, c.more_emails, c.salesforce_id,"                   \
    " c.salesforce_type, c.synced_at, c.modified_at, c.document_viewed_at,"    \
    " c.matches, c.lookback_due"

static void
read_contact(sqlite3_stmt *stmt, struct store_contact *c)
{
    store_sqlite_text(stmt, 0, c->hubspot_id, sizeof(c->hubspot_id));
    store_sqlite_text(stmt, 1, c->email, sizeof(c->email));
    store_sqlite_text(stmt, 2, c->more_emails, sizeof(c->more_emails));
    store_sqlite_text(stmt, 3, c->salesforce_id, sizeof(c->salesforce_id));
    store_sqlite_text(stmt, 4, c->salesforce_type, sizeof(c->salesforce_type));
    c->synced_at = sqlite3_column_int64(stmt, 5);
    c->modified_at = sqlite3_column_int64(stmt, 6);
    c->document_viewed_at = sqlite3_column_int64(stmt, 7);
    c->matches = sqlite3_column_int64(stmt, 8);
    c->lookback_due = sqlite3_column_int(stmt, 9) != 0;
}

/* The one contact of a bound statement. */
static int
one_contact(struct store *store, sqlite3_stmt *stmt, struct store_contact *out,
            struct error *err)
{
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        read_contact(stmt, out);
    store_sqlite_end(stmt);
    return rv;
}

/* Each contact of a bound statement. */
static int
each_contact(struct store *store, sqlite3_stmt *stmt, store_contact_fn *fn,
             void *ctx, struct error *err)
{
    struct store_contact c;
    int rv = -1;

    while (stmt != NULL && (rv = store_sqlite_step(store, stmt, err)) == 1) {
        read_contact(stmt, &c);
        if (fn(ctx, &c) != 0)
            break;
    }
    if (stmt != NULL)
        store_sqlite_end(stmt);
    return rv < 0 ? -1 : 0;
}

int
store_sqlite_contact_get(struct store *store, const char *id,
                         struct store_contact *out, struct error *err)
{
    return one_contact(store,
                       store_sqlite_bind(store, err,
                                         "SELECT " CONTACT
                                         " FROM contact c WHERE hubspot_id = ?",
                                         "s", id),
                       out, err);
}

int
store_sqlite_contact_by_email(struct store *store, const char *email,
                              struct store_contact *out, struct error *err)
{
    return one_contact(
        store,
        store_sqlite_bind(store, err,
                          "SELECT " CONTACT
                          " FROM contact_email e JOIN contact c"
                          " ON c.hubspot_id = e.hubspot_id"
                          " WHERE e.email = lower(?)"
                          " ORDER BY c.salesforce_id = '',"
                          " c.email <> e.email, c.modified_at DESC LIMIT 1",
                          "s", email),
        out, err);
}

/* Whoever a contact was tied to may have been converted or merged since, step
 * by step. UNION ends a circle. */
int
store_sqlite_contact_by_salesforce_id(struct store *store, const char *id,
                                      struct store_contact *out,
                                      struct error *err)
{
    return one_contact(
        store,
        store_sqlite_bind(
            store, err,
            "WITH RECURSIVE was(id) AS (SELECT ?1 UNION"
            " SELECT p.salesforce_id FROM was JOIN person p"
            " ON p.became_id = was.id AND p.became_id <> '')"
            " SELECT " CONTACT " FROM was JOIN contact c"
            " ON c.salesforce_id = was.id AND c.salesforce_id <> ''"
            " ORDER BY c.salesforce_id <> ?1, c.modified_at DESC,"
            " length(c.hubspot_id), c.hubspot_id LIMIT 1",
            "s", id),
        out, err);
}

static int
put_email(struct store *store, const char *id, const char *email, size_t len,
          struct error *err)
{
    char text[256];

    if (len == 0 || len >= sizeof(text))
        return 0;
    snprintf(text, sizeof(text), "%.*s", (int)len, email);
    return store_sqlite_run(store, err,
                            "INSERT OR IGNORE INTO contact_email(email,"
                            " hubspot_id) VALUES(lower(?), ?)",
                            "ss", text, id);
}

static int
put_emails(struct store *store, const struct store_contact *c,
           struct error *err)
{
    const char *s = c->more_emails;

    if (store_sqlite_run(store, err,
                         "DELETE FROM contact_email WHERE hubspot_id = ?", "s",
                         c->hubspot_id) < 0 ||
        put_email(store, c->hubspot_id, c->email, strlen(c->email), err) < 0)
        return -1;
    while (*s != '\0') {
        size_t n = strcspn(s, ";");

        if (put_email(store, c->hubspot_id, s, n, err) < 0)
            return -1;
        s += n + (s[n] == ';');
    }
    return 0;
}

int
store_sqlite_contact_put(struct store *store, const struct store_contact *c,
                         struct error *err)
{
    if (store_sqlite_run(
            store, err,
            "INSERT INTO contact VALUES(?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT(hubspot_id) DO UPDATE SET email = excluded.email,"
            " more_emails = excluded.more_emails,"
            " salesforce_id = excluded.salesforce_id,"
            " salesforce_type = excluded.salesforce_type,"
            " synced_at = excluded.synced_at,"
            " modified_at = excluded.modified_at,"
            " document_viewed_at = excluded.document_viewed_at,"
            " matches = excluded.matches,"
            " lookback_due = excluded.lookback_due",
            "sssssiiiii", c->hubspot_id, c->email, c->more_emails,
            c->salesforce_id, c->salesforce_type, c->synced_at, c->modified_at,
            c->document_viewed_at, c->matches, (int64_t)c->lookback_due) < 0)
        return -1;
    return put_emails(store, c, err);
}

int
store_sqlite_contacts_due(struct store *store, int limit, store_contact_fn *fn,
                          void *ctx, struct error *err)
{
    return each_contact(
        store,
        store_sqlite_bind(store, err,
                          "SELECT " CONTACT
                          " FROM contact c WHERE lookback_due = 1"
                          " ORDER BY length(hubspot_id), hubspot_id LIMIT ?",
                          "i", (int64_t)limit),
        fn, ctx, err);
}

int
store_sqlite_contacts_untied(struct store *store, const char *after, int limit,
                             store_contact_fn *fn, void *ctx, struct error *err)
{
    return each_contact(
        store,
        store_sqlite_bind(
            store, err,
            "SELECT " CONTACT " FROM contact c"
            " WHERE salesforce_id = '' AND email <> ''"
            " AND (length(hubspot_id), hubspot_id) > (length(?1), ?1)"
            " ORDER BY length(hubspot_id), hubspot_id LIMIT ?2",
            "si", after, (int64_t)limit),
        fn, ctx, err);
}

#define COMPANY "hubspot_id, salesforce_id, seen_at"

/* The one company of a bound statement. */
static int
one_company(struct store *store, sqlite3_stmt *stmt, struct store_company *out,
            struct error *err)
{
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1) {
        store_sqlite_text(stmt, 0, out->hubspot_id, sizeof(out->hubspot_id));
        store_sqlite_text(stmt, 1, out->salesforce_id,
                          sizeof(out->salesforce_id));
        out->seen_at = sqlite3_column_int64(stmt, 2);
    }
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_company_get(struct store *store, const char *id,
                         struct store_company *out, struct error *err)
{
    return one_company(store,
                       store_sqlite_bind(store, err,
                                         "SELECT " COMPANY
                                         " FROM company WHERE hubspot_id = ?",
                                         "s", id),
                       out, err);
}

int
store_sqlite_company_by_salesforce_id(struct store *store, const char *id,
                                      struct store_company *out,
                                      struct error *err)
{
    return one_company(
        store,
        store_sqlite_bind(store, err,
                          "SELECT " COMPANY " FROM company"
                          " WHERE salesforce_id = ? AND salesforce_id <> ''"
                          " ORDER BY seen_at DESC, length(hubspot_id),"
                          " hubspot_id LIMIT 1",
                          "s", id),
        out, err);
}

int
store_sqlite_company_put(struct store *store, const struct store_company *c,
                         struct error *err)
{
    return store_sqlite_run(
               store, err, "INSERT OR REPLACE INTO company VALUES(?,?,?)",
               "ssi", c->hubspot_id, c->salesforce_id, c->seen_at) < 0
               ? -1
               : 0;
}

#define PERSON "salesforce_id, type, email, became_id, is_deleted"

static void
read_person(sqlite3_stmt *stmt, struct store_person *p)
{
    store_sqlite_text(stmt, 0, p->salesforce_id, sizeof(p->salesforce_id));
    store_sqlite_text(stmt, 1, p->type, sizeof(p->type));
    store_sqlite_text(stmt, 2, p->email, sizeof(p->email));
    store_sqlite_text(stmt, 3, p->became_id, sizeof(p->became_id));
    p->is_deleted = sqlite3_column_int(stmt, 4) != 0;
}

int
store_sqlite_person_get(struct store *store, const char *id,
                        struct store_person *out, struct error *err)
{
    sqlite3_stmt *stmt = store_sqlite_bind(
        store, err, "SELECT " PERSON " FROM person WHERE salesforce_id = ?",
        "s", id);
    int rv;

    if (stmt == NULL)
        return -1;
    rv = store_sqlite_step(store, stmt, err);
    if (rv == 1)
        read_person(stmt, out);
    store_sqlite_end(stmt);
    return rv;
}

int
store_sqlite_person_put(struct store *store, const struct store_person *p,
                        struct error *err)
{
    return store_sqlite_run(store, err,
                            "INSERT OR REPLACE INTO person"
                            " VALUES(?,?,lower(?),?,?)",
                            "ssssi", p->salesforce_id, p->type, p->email,
                            p->became_id, (int64_t)p->is_deleted) < 0
               ? -1
               : 0;
}

int
store_sqlite_people_by_email(struct store *store, const char *email,
                             struct store_person *out, int max,
                             struct error *err)
{
    sqlite3_stmt *stmt;
    int n = 0, rv;

    if (email[0] == '\0')
        return 0;
    stmt = store_sqlite_bind(store, err,
                             "SELECT " PERSON " FROM person"
                             " WHERE email = lower(?) AND email <> ''"
                             " AND is_deleted = 0 AND became_id = ''"
                             " ORDER BY salesforce_id",
                             "s", email);
    if (stmt == NULL)
        return -1;
    while ((rv = store_sqlite_step(store, stmt, err)) == 1) {
        if (n < max)
            read_person(stmt, &out[n]);
        n++;
    }
    store_sqlite_end(stmt);
    return rv < 0 ? -1 : n;
}
