/* store: see store.h. Chooses the backend and hands every call on to it. */
#include "common/store.h"
#include "common/store_ops.h"

#include <string.h>

static const struct store_ops *const backends[] = {&store_sqlite_ops};

static const struct store_ops *
backend_of(const char *url, const char **rest, struct error *err)
{
    for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
        size_t n = strlen(backends[i]->scheme);

        if (strncmp(url, backends[i]->scheme, n) == 0 && url[n] != '\0') {
            *rest = url + n;
            return backends[i];
        }
    }
    error_set(err, EX_CONFIG,
              "the state \"%.*s:\" is of an unknown kind; known: sqlite:PATH",
              (int)strcspn(url, ":"), url); /* behind it may be a password */
    return NULL;
}

int
store_open(const char *url, enum store_mode mode, struct store **out,
           struct error *err)
{
    const char *rest;
    const struct store_ops *ops = backend_of(url, &rest, err);

    return ops != NULL ? ops->open(rest, mode, out, err) : -1;
}

bool
store_is_there(const char *url)
{
    const char *rest;
    const struct store_ops *ops = backend_of(url, &rest, NULL);

    return ops != NULL && ops->is_there(rest);
}

bool
store_is_shared(const struct store *store)
{
    return store != NULL && store->is_shared;
}

int
store_copy(const char *url, const char *to_path, struct error *err)
{
    const char *rest;
    const struct store_ops *ops = backend_of(url, &rest, err);

    return ops != NULL ? ops->copy(rest, to_path, err) : -1;
}

void
store_close(struct store *store)
{
    if (store != NULL)
        store->ops->close(store);
}

int
store_begin(struct store *store, struct error *err)
{
    return store->ops->begin(store, err);
}

int
store_commit(struct store *store, struct error *err)
{
    return store->ops->commit(store, err);
}

void
store_rollback(struct store *store)
{
    store->ops->rollback(store);
}

int
store_checkpoint_get(struct store *store, const char *feed, char **cursor,
                     struct error *err)
{
    return store->ops->checkpoint_get(store, feed, cursor, err);
}

int
store_checkpoint_put(struct store *store, const char *feed, const char *cursor,
                     struct error *err)
{
    return store->ops->checkpoint_put(store, feed, cursor, err);
}

int
store_feed_put(struct store *store, const struct store_feed *feed,
               struct error *err)
{
    return store->ops->feed_put(store, feed, err);
}

int
store_feed_each(struct store *store,
                int (*fn)(void *ctx, const struct store_feed *feed), void *ctx,
                struct error *err)
{
    return store->ops->feed_each(store, fn, ctx, err);
}

int
store_contact_get(struct store *store, const char *hubspot_id,
                  struct store_contact *out, struct error *err)
{
    return store->ops->contact_get(store, hubspot_id, out, err);
}

int
store_contact_by_email(struct store *store, const char *email,
                       struct store_contact *out, struct error *err)
{
    return store->ops->contact_by_email(store, email, out, err);
}

int
store_contact_by_salesforce_id(struct store *store, const char *salesforce_id,
                               struct store_contact *out, struct error *err)
{
    return store->ops->contact_by_salesforce_id(store, salesforce_id, out, err);
}

int
store_contact_put(struct store *store, const struct store_contact *contact,
                  struct error *err)
{
    return store->ops->contact_put(store, contact, err);
}

int
store_contacts_due(struct store *store, int limit,
                   int (*fn)(void *ctx, const struct store_contact *c),
                   void *ctx, struct error *err)
{
    return store->ops->contacts_due(store, limit, fn, ctx, err);
}

int
store_contacts_untied(struct store *store, const char *after, int limit,
                      int (*fn)(void *ctx, const struct store_contact *c),
                      void *ctx, struct error *err)
{
    return store->ops->contacts_untied(store, after, limit, fn, ctx, err);
}

int
store_company_get(struct store *store, const char *hubspot_id,
                  struct store_company *out, struct error *err)
{
    return store->ops->company_get(store, hubspot_id, out, err);
}

int
store_company_by_salesforce_id(struct store *store, const char *salesforce_id,
                               struct store_company *out, struct error *err)
{
    return store->ops->company_by_salesforce_id(store, salesforce_id, out, err);
}

int
store_company_put(struct store *store, const struct store_company *company,
                  struct error *err)
{
    return store->ops->company_put(store, company, err);
}

int
store_person_get(struct store *store, const char *salesforce_id,
                 struct store_person *out, struct error *err)
{
    return store->ops->person_get(store, salesforce_id, out, err);
}

int
store_person_put(struct store *store, const struct store_person *person,
                 struct error *err)
{
    return store->ops->person_put(store, person, err);
}

int
store_people_by_email(struct store *store, const char *email,
                      struct store_person *out, int max, struct error *err)
{
    return store->ops->people_by_email(store, email, out, max, err);
}

int
store_link_get(struct store *store, const char *key, struct store_link *out,
               struct error *err)
{
    return store->ops->link_get(store, key, out, err);
}

int
store_link_by_target(struct store *store, const char *target,
                     struct store_link *out, struct error *err)
{
    return store->ops->link_by_target(store, target, out, err);
}

int
store_link_put(struct store *store, const struct store_link *link,
               struct error *err)
{
    return store->ops->link_put(store, link, err);
}

int
store_link_move(struct store *store, const char *key, const char *became,
                struct error *err)
{
    return store->ops->link_move(store, key, became, err);
}

int
store_link_moved(struct store *store, const char *key, char *became,
                 size_t size, struct error *err)
{
    return store->ops->link_moved(store, key, became, size, err);
}

int
store_pair_each(struct store *store, const char *after, const char *before,
                int limit, int (*fn)(void *ctx, const struct store_link *link),
                void *ctx, struct error *err)
{
    return store->ops->pair_each(store, after, before, limit, fn, ctx, err);
}

int64_t
store_pair_count(struct store *store, const char *after, const char *before,
                 struct error *err)
{
    return store->ops->pair_count(store, after, before, err);
}

int
store_deletion_get(struct store *store, const char *key,
                   struct store_deletion *out, struct error *err)
{
    return store->ops->deletion_get(store, key, out, err);
}

int
store_deletion_put(struct store *store, struct store_deletion *deletion,
                   struct error *err)
{
    return store->ops->deletion_put(store, deletion, err);
}

int
store_deletion_drop(struct store *store, const char *key, struct error *err)
{
    return store->ops->deletion_drop(store, key, err);
}

int
store_deletion_each(struct store *store, const char *source,
                    const char *verdict,
                    int (*fn)(void *ctx, const struct store_deletion *d),
                    void *ctx, struct error *err)
{
    return store->ops->deletion_each(store, source, verdict, fn, ctx, err);
}

int
store_deletion_judge(struct store *store, const char *source, const char *from,
                     const char *to, int64_t at, struct error *err)
{
    return store->ops->deletion_judge(store, source, from, to, at, err);
}

int
store_deletion_allow(struct store *store, int64_t number, int64_t at,
                     struct error *err)
{
    return store->ops->deletion_allow(store, number, at, err);
}

int
store_deletion_end(struct store *store, int64_t number, struct error *err)
{
    return store->ops->deletion_end(store, number, err);
}

int
store_deletion_count(struct store *store, const char *source, int64_t since,
                     struct store_deletion_counts *out, struct error *err)
{
    return store->ops->deletion_count(store, source, since, out, err);
}

int
store_deletion_trim(struct store *store, int64_t before, struct error *err)
{
    return store->ops->deletion_trim(store, before, err);
}

int
store_intent_get(struct store *store, const char *key, struct store_intent *out,
                 struct error *err)
{
    return store->ops->intent_get(store, key, out, err);
}

int
store_intent_put(struct store *store, const struct store_intent *intent,
                 struct error *err)
{
    return store->ops->intent_put(store, intent, err);
}

int
store_intent_drop(struct store *store, const char *key, struct error *err)
{
    return store->ops->intent_drop(store, key, err);
}

int
store_intent_open(struct store *store, const char *what, int64_t since,
                  struct error *err)
{
    return store->ops->intent_open(store, what, since, err);
}

int
store_conflict_put(struct store *store, struct store_conflict *conflict,
                   struct error *err)
{
    return store->ops->conflict_put(store, conflict, err);
}

int
store_conflict_each(struct store *store, const char *key,
                    int (*fn)(void *ctx, const struct store_conflict *c),
                    void *ctx, struct error *err)
{
    return store->ops->conflict_each(store, key, fn, ctx, err);
}

int
store_link_each(struct store *store,
                int (*fn)(void *ctx, const struct store_link *link), void *ctx,
                struct error *err)
{
    return store->ops->link_each(store, fn, ctx, err);
}

int
store_request_put(struct store *store, struct store_request *request,
                  struct error *err)
{
    return store->ops->request_put(store, request, err);
}

int
store_request_each(struct store *store, const char *source, int64_t after,
                   int limit,
                   int (*fn)(void *ctx, const struct store_request *r),
                   void *ctx, struct error *err)
{
    return store->ops->request_each(store, source, after, limit, fn, ctx, err);
}

int
store_request_drop(struct store *store, const char *key, struct error *err)
{
    return store->ops->request_drop(store, key, err);
}

int
store_conflict_flip(struct store *store, int64_t number, int64_t at,
                    struct error *err)
{
    return store->ops->conflict_flip(store, number, at, err);
}

int
store_outcome_put(struct store *store, const struct store_outcome *outcome,
                  struct error *err)
{
    return store->ops->outcome_put(store, outcome, err);
}

int
store_outcome_get(struct store *store, const char *id,
                  struct store_outcome *out, struct error *err)
{
    return store->ops->outcome_get(store, id, out, err);
}

int
store_outcome_find(struct store *store, const char *text,
                   int (*fn)(void *ctx, const struct store_outcome *o),
                   void *ctx, struct error *err)
{
    return store->ops->outcome_find(store, text, fn, ctx, err);
}

int
store_outcome_counts(struct store *store,
                     int (*fn)(void *ctx, const struct store_count *c),
                     void *ctx, struct error *err)
{
    return store->ops->outcome_counts(store, fn, ctx, err);
}

int
store_outcome_quarters(struct store *store,
                       const struct store_quarter_filter *filter,
                       int (*fn)(void *ctx, const struct store_quarter *q),
                       void *ctx, struct error *err)
{
    return store->ops->outcome_quarters(store, filter, fn, ctx, err);
}

int
store_outcome_trim(struct store *store, int64_t before, int limit,
                   struct error *err)
{
    return store->ops->outcome_trim(store, before, limit, err);
}

int
store_dead_put(struct store *store, struct store_dead *dead, struct error *err)
{
    return store->ops->dead_put(store, dead, err);
}

int
store_dead_each(struct store *store, const struct store_dead_filter *filter,
                int (*fn)(void *ctx, const struct store_dead *dead), void *ctx,
                struct error *err)
{
    return store->ops->dead_each(store, filter, fn, ctx, err);
}

int
store_dead_count(struct store *store, const char *but, int64_t *n,
                 struct error *err)
{
    return store->ops->dead_count(store, but, n, err);
}

int
store_dead_retry(struct store *store, int64_t number, struct error *err)
{
    return store->ops->dead_retry(store, number, err);
}

int
store_dead_drop(struct store *store, int64_t number, struct error *err)
{
    return store->ops->dead_drop(store, number, err);
}

int
store_counter_get(struct store *store, const char *name, int64_t *out,
                  struct error *err)
{
    return store->ops->counter_get(store, name, out, err);
}

int
store_counter_put(struct store *store, const char *name, int64_t value,
                  struct error *err)
{
    return store->ops->counter_put(store, name, value, err);
}
