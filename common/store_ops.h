/* store_ops: what a backend of the store is made of. store.c dispatches by the
 * scheme of the URL; each function is documented in store.h under its name. */
#ifndef COMMON_STORE_OPS_H
#define COMMON_STORE_OPS_H

#include "common/store.h"

struct store_ops {
    const char *scheme; /* "sqlite:" */
    int (*open)(const char *rest, enum store_mode mode, struct store **out,
                struct error *err); /* rest: the URL behind the scheme */
    bool (*is_there)(const char *rest);
    int (*copy)(const char *rest, const char *to_path, struct error *err);
    void (*close)(struct store *store);
    int (*begin)(struct store *store, struct error *err);
    int (*commit)(struct store *store, struct error *err);
    void (*rollback)(struct store *store);

    int (*checkpoint_get)(struct store *store, const char *feed, char **cursor,
                          struct error *err);
    int (*checkpoint_put)(struct store *store, const char *feed,
                          const char *cursor, struct error *err);
    int (*feed_put)(struct store *store, const struct store_feed *feed,
                    struct error *err);
    int (*feed_each)(struct store *store,
                     int (*fn)(void *ctx, const struct store_feed *feed),
                     void *ctx, struct error *err);

    int (*contact_get)(struct store *store, const char *hubspot_id,
                       struct store_contact *out, struct error *err);
    int (*contact_by_email)(struct store *store, const char *email,
                            struct store_contact *out, struct error *err);
    int (*contact_by_salesforce_id)(struct store *store, const char *id,
                                    struct store_contact *out,
                                    struct error *err);
    int (*contact_put)(struct store *store, const struct store_contact *contact,
                       struct error *err);
    int (*contacts_due)(struct store *store, int limit,
                        int (*fn)(void *ctx, const struct store_contact *c),
                        void *ctx, struct error *err);
    int (*contacts_untied)(struct store *store, const char *after, int limit,
                           int (*fn)(void *ctx, const struct store_contact *c),
                           void *ctx, struct error *err);
    int (*company_get)(struct store *store, const char *hubspot_id,
                       struct store_company *out, struct error *err);
    int (*company_by_salesforce_id)(struct store *store, const char *id,
                                    struct store_company *out,
                                    struct error *err);
    int (*company_put)(struct store *store, const struct store_company *company,
                       struct error *err);
    int (*person_get)(struct store *store, const char *salesforce_id,
                      struct store_person *out, struct error *err);
    int (*person_put)(struct store *store, const struct store_person *person,
                      struct error *err);
    int (*people_by_email)(struct store *store, const char *email,
                           struct store_person *out, int max,
                           struct error *err);

    int (*link_get)(struct store *store, const char *key,
                    struct store_link *out, struct error *err);
    int (*link_by_target)(struct store *store, const char *target,
                          struct store_link *out, struct error *err);
    int (*link_put)(struct store *store, const struct store_link *link,
                    struct error *err);
    int (*link_move)(struct store *store, const char *key, const char *became,
                     struct error *err);
    int (*link_moved)(struct store *store, const char *key, char *became,
                      size_t size, struct error *err);

    int (*pair_each)(struct store *store, const char *after, const char *before,
                     int limit,
                     int (*fn)(void *ctx, const struct store_link *link),
                     void *ctx, struct error *err);
    int64_t (*pair_count)(struct store *store, const char *after,
                          const char *before, struct error *err);
    int (*deletion_get)(struct store *store, const char *key,
                        struct store_deletion *out, struct error *err);
    int (*deletion_put)(struct store *store, struct store_deletion *deletion,
                        struct error *err);
    int (*deletion_drop)(struct store *store, const char *key,
                         struct error *err);
    int (*deletion_each)(struct store *store, const char *source,
                         const char *verdict,
                         int (*fn)(void *ctx, const struct store_deletion *d),
                         void *ctx, struct error *err);
    int (*deletion_judge)(struct store *store, const char *source,
                          const char *from, const char *to, int64_t at,
                          struct error *err);
    int (*deletion_allow)(struct store *store, int64_t number, int64_t at,
                          struct error *err);
    int (*deletion_end)(struct store *store, int64_t number, struct error *err);
    int (*deletion_count)(struct store *store, const char *source,
                          int64_t since, struct store_deletion_counts *out,
                          struct error *err);
    int (*deletion_trim)(struct store *store, int64_t before,
                         struct error *err);
    int (*intent_get)(struct store *store, const char *key,
                      struct store_intent *out, struct error *err);
    int (*intent_put)(struct store *store, const struct store_intent *intent,
                      struct error *err);
    int (*intent_drop)(struct store *store, const char *key, struct error *err);
    int (*intent_open)(struct store *store, const char *what, int64_t since,
                       struct error *err);
    int (*conflict_put)(struct store *store, struct store_conflict *conflict,
                        struct error *err);
    int (*conflict_each)(struct store *store, const char *key,
                         int (*fn)(void *ctx, const struct store_conflict *c),
                         void *ctx, struct error *err);
    int (*conflict_flip)(struct store *store, int64_t number, int64_t at,
                         struct error *err);

    int (*link_each)(struct store *store,
                     int (*fn)(void *ctx, const struct store_link *link),
                     void *ctx, struct error *err);
    int (*request_put)(struct store *store, struct store_request *request,
                       struct error *err);
    int (*request_each)(struct store *store, const char *source, int64_t after,
                        int limit,
                        int (*fn)(void *ctx, const struct store_request *r),
                        void *ctx, struct error *err);
    int (*quota_get)(struct store *store, const char *service,
                     struct store_quota *out, struct error *err);
    int (*quota_put)(struct store *store, const char *service,
                     const struct store_quota *quota, struct error *err);
    int (*token_get)(struct store *store, const char *service,
                     struct store_token *out, struct error *err);
    int (*token_put)(struct store *store, const struct store_token *token,
                     struct error *err);
    int (*token_hold)(struct store *store, const char *service, int64_t holder,
                      int64_t now, int64_t until, struct error *err);
    int (*token_leave)(struct store *store, const char *service, int64_t holder,
                       struct error *err);
    int (*request_drop)(struct store *store, const char *key,
                        struct error *err);

    int (*outcome_put)(struct store *store, const struct store_outcome *outcome,
                       struct error *err);
    int (*outcome_get)(struct store *store, const char *id,
                       struct store_outcome *out, struct error *err);
    int (*outcome_find)(struct store *store, const char *text,
                        int (*fn)(void *ctx, const struct store_outcome *o),
                        void *ctx, struct error *err);
    int (*outcome_counts)(struct store *store,
                          int (*fn)(void *ctx, const struct store_count *c),
                          void *ctx, struct error *err);
    int (*outcome_quarters)(struct store *store,
                            const struct store_quarter_filter *filter,
                            int (*fn)(void *ctx, const struct store_quarter *q),
                            void *ctx, struct error *err);
    int (*outcome_trim)(struct store *store, int64_t before, int limit,
                        struct error *err);

    int (*dead_put)(struct store *store, struct store_dead *dead,
                    struct error *err);
    int (*dead_each)(struct store *store,
                     const struct store_dead_filter *filter,
                     int (*fn)(void *ctx, const struct store_dead *dead),
                     void *ctx, struct error *err);
    int (*dead_count)(struct store *store, const char *but, int64_t *n,
                      struct error *err);
    int (*dead_retry)(struct store *store, int64_t number, struct error *err);
    int (*dead_drop)(struct store *store, int64_t number, struct error *err);

    int (*counter_get)(struct store *store, const char *name, int64_t *out,
                       struct error *err);
    int (*counter_put)(struct store *store, const char *name, int64_t value,
                       struct error *err);
    int (*api_add)(struct store *store, const char *service, int64_t day,
                   int64_t calls, int64_t *total, struct error *err);
};

/* What every backend's own struct begins with. */
struct store {
    const struct store_ops *ops;
    bool is_shared; /* it is a file, which others may have open */
};

extern const struct store_ops store_sqlite_ops;

#endif
