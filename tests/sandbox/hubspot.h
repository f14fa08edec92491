/* hubspot: what the parts of the sandbox's HubSpot side share.
 *
 * hubspot.c          the service: routing, token, error bodies
 * hubspot_limits.c   how many calls there may be
 * hubspot_map.c      string map, growing list, feeds of things that happen
 * hubspot_store.c    records with their indexes
 * hubspot_links.c    associations between records
 * hubspot_props.c    the properties that exist, and their API
 * hubspot_write.c    validating and applying property values
 * hubspot_scopes.c   what the token may
 * hubspot_answer.c   error bodies, envelopes, paging
 * hubspot_filter.c   a search's filters; hubspot_match.c: are they met
 * hubspot_record.c   a record as JSON
 * hubspot_load.c     the control API's dump and load
 * hubspot_<area>.c   the API's areas
 *
 * Facts and their sources: hubspot-api.md. Out of memory ends the process. */
#ifndef TESTS_SANDBOX_HUBSPOT_H
#define TESTS_SANDBOX_HUBSPOT_H

#include "tests/sandbox/sandbox.h"
#include "common/timetext.h"

#define HS_PORTAL_ID     8675309
#define HS_APP_ID        20053
#define HS_MAX_PARTS     12
#define HS_PART_SIZE     256
#define HS_VALUE_SIZE    32  /* a system property as text */
#define HS_BATCH_MAX     100 /* inputs of a batch of records */
#define HS_SCHEMAS_SCOPE "crm.schemas.contacts.write"
#define HS_SEARCH_CAP    10000 /* results that a search pages through */
/* Of a paid account: calls, and of these of associations, in any 10 s; searches
 * in any second; calls of a day. */
#define HS_RATE             190
#define HS_ASSOCIATION_RATE 150
#define HS_SEARCH_RATE      5
#define HS_DAY_LIMIT        1000000

/* ---- hubspot_map.c ---- */

struct hs_list {
    void **v;
    size_t n, size;
    bool is_sorted; /* feeds: by (at, seq) */
};
/* From a string (case counts) to a pointer; keys are copied. */
struct hs_map {
    struct hs_slot {
        char *key;
        void *value;
    } * slots;
    size_t n, size; /* n: with the slots of removed keys */
};

void *hs_alloc(size_t size); /* zeroed */
void *hs_grow(void *v, size_t n, size_t *size, size_t each);
char *hs_strdup(const char *s);
/* A copy in small letters (ASCII). */
char *hs_lower(const char *s);

void hs_list_add(struct hs_list *list, void *item);
/* Take it out; the last ones are found soonest. */
void hs_list_drop(struct hs_list *list, const void *item);
void *hs_map_get(const struct hs_map *map, const char *key);
/* value NULL: remove. */
void hs_map_put(struct hs_map *map, const char *key, void *value);
void hs_map_fini(struct hs_map *map, void (*destroy)(void *value));

/* A feed: things that happened, by time and by a key (the recipient of an
 * e-mail event, the object of an occurrence, the form of a submission). */
struct hs_item {
    int64_t at, seq;
    char *id, *type, *key;
    cJSON *json;
};
struct hs_feed {
    struct hs_list all;
    struct hs_map by_id, by_key;
};
struct hs_page {
    int64_t from, to; /* ms, both inclusive */
    bool newest_first;
    const char *after; /* cursor; NULL: the first page */
    size_t limit;
    bool (*match)(const struct hs_item *item, const void *ctx); /* NULL: all */
    const void *ctx;
    char next[48]; /* out: cursor of the next page, "": this is the last */
};
/* Add or, with an id that is there, replace. Takes ownership of json. */
void hs_feed_put(struct hs_feed *feed, int64_t at, const char *id,
                 const char *type, const char *key, cJSON *json);
/* The items of a key (NULL: of all) as an array of references to what the feed
 * holds. NULL: the cursor makes no sense. */
cJSON *hs_feed_page(struct hs_feed *feed, const char *key,
                    struct hs_page *page);
cJSON *hs_feed_dump(struct hs_feed *feed);
void hs_feed_fini(struct hs_feed *feed);

/* ---- hubspot_store.c ---- */

enum hs_type {
    HS_CONTACTS,
    HS_COMPANIES,
    HS_DEALS,
    HS_CALLS,
    HS_EMAILS,
    HS_MEETINGS,
    HS_NOTES,
    HS_TASKS,
    HS_COMMUNICATIONS,
    HS_N_TYPES
};
struct hs_type_info {
    const char *plural, *singular, *upper, *type_id;
    const char *created, *modified; /* names of these properties */
    const char *defaults;           /* properties given when none are named */
    const char *query;              /* those that a search's query looks at */
};
extern const struct hs_type_info hs_types[HS_N_TYPES];
/* "calls", "call" or "0-48"; -1: no such type. */
int hs_type_of(const char *name);

enum hs_sys { HS_PLAIN, HS_SYS_ID, HS_SYS_CREATED, HS_SYS_MODIFIED };
struct hs_def {
    char *name, *label, *group, *type, *field_type;
    char *description; /* NULL: none */
    cJSON *options;    /* [{label, value}] or NULL */
    enum hs_sys sys;
    bool read_only, hubspot_defined, is_unique, is_hidden, is_form_field;
    int display_order; /* -1: behind those that have one */
    int64_t created_ms;
};
struct hs_prop {
    int def;
    char *value;
};
struct hs_link {
    int64_t to;
    int to_type;
    int types[3]; /* association type ids, 0: none */
};
struct hs_record {
    int64_t id, created_ms, modified_ms, archived_ms;
    int64_t touched_ms; /* the sandbox's clock at the last write */
    int type;
    bool archived, gone;   /* gone: not even in the archive */
    int64_t merged_into;   /* id, 0: not merged away */
    struct hs_prop *props; /* by def */
    size_t n_props, props_size;
    struct hs_link *links; /* by (to_type, to) */
    size_t n_links, links_size;
};
struct hs_entry {
    int64_t modified_ms, id;
    struct hs_record *rec;
};
/* All records of one type. */
struct hs_table {
    struct hs_def *defs;
    size_t n_defs, defs_size;
    struct hs_map def_by_name; /* -> (void *)(index + 1) */
    struct hs_map unique;      /* "def:value" -> record */
    struct hs_record **hash;   /* by id */
    size_t n, hash_size;
    struct hs_record **by_id; /* ascending; archived ones too */
    size_t n_by_id, by_id_size;
    struct hs_entry *by_mod; /* by (modified, id); live ones only */
    size_t n_by_mod, by_mod_size;
    bool is_stale; /* by_id and by_mod have to be built anew */
    int64_t next_id;
};

struct hubspot {
    struct hs_table tables[HS_N_TYPES];
    struct hs_feed email_events, events, submissions;
    struct hs_map event_types; /* name -> itself */
    cJSON *owners, *forms, *campaigns, *dispositions, *lists;
    struct service *service;
    bool refuse_next;       /* the token is refused once */
    bool no_unique;         /* activities take no unique properties */
    int64_t oauth_until[8]; /* until when access token n is good; a ring */
    uint64_t n_oauth, n_ids;
    /* Rings: when the last ones were. */
    int64_t calls_ms[HS_RATE], searches_ms[HS_SEARCH_RATE];
    int64_t associations_ms[HS_ASSOCIATION_RATE];
    size_t n_calls, n_searches, n_associations;
    int64_t day, day_calls; /* since 1970 UTC; its calls */
};

struct hs_record *hs_find(struct hubspot *hs, int type, int64_t id);
/* The live record, merged-away ids followed; NULL: none. */
struct hs_record *hs_find_live(struct hubspot *hs, int type, int64_t id);
/* id 0: the next one. Puts it into the indexes. */
struct hs_record *hs_record_new(struct hubspot *hs, int type, int64_t id,
                                int64_t created_ms, int64_t modified_ms);
void hs_record_touch(struct hubspot *hs, struct hs_record *rec,
                     int64_t modified_ms);
void hs_record_archive(struct hubspot *hs, struct hs_record *rec);
void hs_record_restore(struct hubspot *hs, struct hs_record *rec);
/* The indexes are built at the next read; before many changes. */
void hs_table_defer(struct hs_table *table);
/* Have the indexes in order; before reading by_id and by_mod. */
void hs_table_ready(struct hs_table *table);
/* The first of by_id whose id is >= id. */
size_t hs_by_id_from(const struct hs_table *table, int64_t id);
/* The first of by_mod that is >= (modified, id). */
size_t hs_by_mod_from(const struct hs_table *table, int64_t modified_ms,
                      int64_t id);
/* "123" -> 123; false: no id. */
bool hs_parse_id(const char *text, int64_t *id);

/* A property's value; NULL: unset. buf holds it for system properties. */
const char *hs_value(const struct hubspot *hs, const struct hs_record *rec,
                     int def, char buf[HS_VALUE_SIZE]);
const char *hs_value_named(const struct hubspot *hs,
                           const struct hs_record *rec, const char *name,
                           char buf[HS_VALUE_SIZE]);
/* value NULL or "": clear. Keeps the unique index. */
void hs_value_set(struct hubspot *hs, struct hs_record *rec, int def,
                  const char *value);
/* Whose unique property this is; NULL: nobody's. */
struct hs_record *hs_find_unique(struct hubspot *hs, int type, int def,
                                 const char *value);
void hs_store_fini(struct hubspot *hs);

/* ---- hubspot_props.c ---- */

void hs_props_init(struct hubspot *hs);
int hs_def_find(const struct hubspot *hs, int type, const char *name); /* -1 */
struct hs_def *hs_def_add(struct hubspot *hs, int type, const char *name,
                          const char *prop_type, const char *options);

/* ---- hubspot_links.c ---- */

/* The plain association type of a pair of types; 0: the two do not go
 * together. */
int hs_link_default(int from_type, int to_type);
/* Of that pair and category? Its inverse, or 0. */
int hs_link_inverse(int from_type, int to_type, int type_id);
const char *hs_link_label(int type_id); /* NULL: unlabelled */
/* type_id 0: the plain one. */
void hs_link_add(struct hs_record *from, struct hs_record *to, int type_id);
void hs_link_remove(struct hs_record *from, struct hs_record *to);
void hs_link_remove_type(struct hs_record *from, struct hs_record *to,
                         int type_id);
/* The links to one type: *n of them from the returned one on. */
struct hs_link *hs_links(const struct hs_record *rec, int to_type, size_t *n);
/* Is the record at its end there (not in the archive)? Links of archived
 * records are kept, for when they come back, but not shown. */
bool hs_link_is_live(struct hubspot *hs, const struct hs_link *link);
/* [{category, typeId, label}] of a link. */
cJSON *hs_link_types_json(const struct hs_link *link);
/* All of `from`'s links become `to`'s. */
void hs_links_move(struct hubspot *hs, struct hs_record *from,
                   struct hs_record *to);

/* ---- hubspot_limits.c ---- */

/* Which of the limits a call counts in. */
enum hs_turn { HS_TURN_CALL, HS_TURN_SEARCH, HS_TURN_ASSOCIATION };

struct hs_call;
/* false: it is one too many, and answered so. */
bool hs_count_call(struct hs_call *call, enum hs_turn turn);
void hs_use(struct service *service, int64_t calls);

/* ---- hubspot.c ---- */

struct hs_call {
    struct hubspot *hs;
    const struct request *req;
    struct response *res;
    char parts[HS_MAX_PARTS][HS_PART_SIZE]; /* behind the area's base */
    int n;
    char base[64];        /* "/crm/objects/2026-09" */
    char correlation[37]; /* the call's id, of its header and its error */
    cJSON *body;          /* of POST, PUT, PATCH; NULL: none */
};
bool hs_is(const struct hs_call *call, const char *method);
/* response.pattern is base + this. */
void hs_pattern(struct hs_call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A query parameter that may be repeated or hold commas, as an array of
 * strings; NULL: absent. Caller frees with cJSON_Delete(). */
cJSON *hs_query_list(const struct hs_call *call, const char *name);
/* ?limit=; false: answered with 400. */
bool hs_query_limit(struct hs_call *call, long dflt, long max, long *limit);

/* Why something is refused; status 0: it is not. */
struct hs_fail {
    int status;
    const char *category;
    char *message;
    cJSON *errors; /* [{message, code, context}] or NULL */
};
void hs_fail(struct hs_fail *fail, int status, const char *category,
             const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void hs_fail_fini(struct hs_fail *fail);
/* Answer with it and finish it. */
void hs_answer_fail(struct hs_call *call, struct hs_fail *fail);
void hs_answer_error(struct hs_call *call, int status, const char *category,
                     const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void hs_not_found(struct hs_call *call);
void hs_method_not_allowed(struct hs_call *call);
void hs_empty(struct hs_call *call, int status);
/* 403: the token lacks this scope. */
void hs_answer_scope(struct hs_call *call, const char *scope);

void hs_uuid(struct hubspot *hs, char out[37]);
cJSON *hs_iso(int64_t ms);
cJSON *hs_id(int64_t id);     /* "512" */
cJSON *hs_number(int64_t id); /* 512, exact */
/* Set what is not there yet; takes ownership of value. */
void hs_put_default(cJSON *object, const char *key, cJSON *value);
/* {"next": {"after", "link"}} into an answer; link only when asked for. */
void hs_add_paging(struct hs_call *call, cJSON *answer, const char *after,
                   bool with_link);
/* An answer's envelope of a batch: COMPLETE, results, errors when any. Takes
 * ownership of both; status 207 when there are errors, else `status`. */
void hs_answer_batch(struct hs_call *call, int status, cJSON *results,
                     cJSON *errors, int64_t started_ms);
/* The batch's inputs; NULL: answered with 400 (none or too many). */
const cJSON *hs_batch_inputs(struct hs_call *call, int max);
/* A JSON number as an integer; out of range: the nearer end; NaN: 0. */
int64_t hs_i64(double number);
/* The id (string or number) of an input or a {id}; false: none. */
bool hs_json_id(const cJSON *object, const char *key, int64_t *id);

/* ---- hubspot_scopes.c ---- */

/* Take a scope away from the token, or give it back. false: there is none of
 * that name. */
bool hs_scope_permit(const char *name, bool may);
/* In all of them false: answered with 403. Has the token this scope? */
bool hs_scope_needed(struct hs_call *call, const char *name);
/* What a call about records, links or properties needs; types by number. */
bool hs_may_objects(struct hs_call *call, int type);
bool hs_may_associations(struct hs_call *call, int from, int to);
bool hs_may_properties(struct hs_call *call, int type);
/* What an area needs that knows no types; true for the others. */
bool hs_may_area(struct hs_call *call, void (*area)(struct hs_call *call));

/* ---- hubspot_write.c ---- */

/* May these values be written? rec NULL: a new record. */
void hs_check(struct hubspot *hs, int type, const struct hs_record *rec,
              const cJSON *props, struct hs_fail *fail);
/* Write them; read-only and undefined ones are passed over. as_user: as load
 * does, undefined ones become defined, read-only ones can be written. */
void hs_apply(struct hubspot *hs, struct hs_record *rec, const cJSON *props,
              bool as_user);
/* A JSON value as HubSpot keeps it: a string; NULL: null, "" or no scalar.
 * Caller frees with free(). */
char *hs_text_of(const struct hs_def *def, const cJSON *value);

/* ---- hubspot_record.c, hubspot_objects.c ---- */

struct hs_select {
    int *defs;
    size_t n;
};
/* names: array of strings; NULL or empty: the defaults. */
void hs_select(struct hubspot *hs, int type, const cJSON *names,
               struct hs_select *out);
void hs_select_fini(struct hs_select *sel);
cJSON *hs_record_json(struct hubspot *hs, const struct hs_record *rec,
                      const struct hs_select *sel);
/* Create with properties and associations as the API takes them; NULL: why
 * not is in *fail. */
struct hs_record *hs_create(struct hubspot *hs, int type, const cJSON *input,
                            struct hs_fail *fail);
/* The record an id names, by idProperty (NULL: hs_object_id). NULL: none, or
 * *fail is set because the property is not unique. */
struct hs_record *hs_lookup(struct hubspot *hs, int type,
                            const char *id_property, const cJSON *id,
                            struct hs_fail *fail);
/* Add the create array [{to: {id}, types: [...]}]; check_only: do not. */
void hs_create_links(struct hubspot *hs, int type, struct hs_record *rec,
                     const cJSON *list, struct hs_fail *fail);

/* Answer with it as the query asks for it: properties, associations. */
void hs_answer_record(struct hs_call *call, int status,
                      const struct hs_record *rec);

/* ---- the areas: each answers the call ---- */

void hs_objects(struct hs_call *call);
void hs_object_associations(struct hs_call *call, int type);
void hs_search(struct hs_call *call, int type);
void hs_batch(struct hs_call *call, int type);
void hs_merge(struct hs_call *call, int type);  /* contacts */
void hs_forget(struct hs_call *call, int type); /* contacts */
void hs_associations(struct hs_call *call);
void hs_properties(struct hs_call *call);
void hs_owners(struct hs_call *call);
void hs_account(struct hs_call *call);
void hs_dispositions(struct hs_call *call);
void hs_oauth(struct hs_call *call); /* needs no token */
void hs_email_events(struct hs_call *call);
void hs_campaigns(struct hs_call *call);
void hs_occurrences(struct hs_call *call);
void hs_forms(struct hs_call *call);
void hs_submissions(struct hs_call *call);
void hs_lists(struct hs_call *call);

void hs_misc_init(struct hubspot *hs);
/* Add what every owner has. Its user has a number of its own; of an archived
 * one only userIdIncludingInactive tells it. */
void hs_complete_owner(struct hubspot *hs, cJSON *owner);
cJSON *hs_dump(struct service *service, const char *type);
cJSON *hs_load(struct service *service, const cJSON *records);
/* One item of a feed's list, from load; false: *why tells why not. */
bool hs_load_email_event(struct hubspot *hs, const cJSON *in, char *why);
bool hs_load_event(struct hubspot *hs, const cJSON *in, char *why);
bool hs_load_submission(struct hubspot *hs, const cJSON *in, char *why);
/* "deleted": true takes it away. */
bool hs_load_list(struct hubspot *hs, const cJSON *in, char *why);
#define HS_WHY_SIZE 256

/* ---- hubspot_filter.c ---- */

struct hs_query;
/* Compile a search's filters; NULL: *fail tells why. */
struct hs_query *hs_query_new(struct hubspot *hs, int type, const cJSON *body,
                              struct hs_fail *fail);
void hs_query_free(struct hs_query *query);
bool hs_query_match(const struct hs_query *query, const struct hs_record *rec);
/* The span of modification times (inclusive) outside of which nothing matches;
 * of one time (from == to) also the smallest id. true: everything within the
 * span matches, none needs to be looked at. */
bool hs_query_span(const struct hs_query *query, int64_t *from_ms,
                   int64_t *to_ms, int64_t *from_id);

#endif
