/* salesforce: what the parts of the sandbox's Salesforce side share.
 *
 * salesforce.c        the service: routing, sign-in, limits, error bodies
 * salesforce_store.c  records with their indexes; the control API's load, dump
 * salesforce_rules.c  the fields of each object, and what may be written
 * salesforce_rows.c   writing: single records and collections
 * salesforce_query.c  query, queryAll, describe, updated and deleted
 * soql.c              the query language, pure
 *
 * Facts and their sources: salesforce-api.md. Out of memory ends the process.
 */
#ifndef TESTS_SANDBOX_SALESFORCE_H
#define TESTS_SANDBOX_SALESFORCE_H

#include "tests/sandbox/hubspot.h" /* hs_map, hs_list */

/* ---- salesforce_rules.c ---- */

enum sf_type {
    SF_STRING,
    SF_TEXTAREA, /* not to be filtered */
    SF_PICKLIST,
    SF_RESTRICTED, /* picklist that refuses other values */
    SF_BOOL,
    SF_INT,
    SF_DATE,
    SF_DATETIME,
    SF_ID,
    SF_REF
};
#define SF_CREATE 1 /* may be given at creation */
#define SF_UPDATE 2
#define SF_CU     (SF_CREATE | SF_UPDATE)

struct sf_field {
    const char *name, *label;
    enum sf_type type;
    int length;
    int flags;
    const char *values; /* picklist, "A;B"; or what a reference points to */
};
struct sf_object {
    const char *name, *prefix;
    const struct sf_field *fields;
    size_t n_fields;
};
extern const struct sf_object sf_objects[];
extern const size_t sf_n_objects;
const struct sf_object *sf_object_find(const char *name);
/* Any case; custom external id field included unless the account is bare. */
const struct sf_field *sf_field_find(const struct sf_object *object,
                                     const char *name);

struct sf_error {
    char code[64], message[512], field[64];
};
struct sf_record;
struct salesforce;
/* May these fields be written? rec NULL: a new record. false: *err. */
bool sf_check(struct salesforce *sf, const struct sf_object *object,
              const struct sf_record *rec, const cJSON *row,
              struct sf_error *err);
/* What follows from the fields: defaults, AccountId, IsClosed, ... */
void sf_derive(struct salesforce *sf, struct sf_record *rec, bool is_new);

/* ---- salesforce_store.c ---- */

struct sf_record {
    const struct sf_object *object;
    char id[19];
    cJSON *fields;    /* {name: value}, all as the API prints them but nulls */
    int64_t modstamp; /* ms */
    bool is_deleted;
};
struct salesforce {
    struct service *service;
    struct hs_list lists[16]; /* by object, in the order of sf_objects */
    struct hs_map by_id;      /* 15 characters */
    struct hs_map by_key;     /* "Task:lower case external id" */
    int64_t next_number;
    int64_t calls;          /* today's */
    int64_t token_number;   /* the only one that is good */
    struct hs_map locators; /* query locator -> cJSON array of records */
};

struct sf_record *sf_find(struct salesforce *sf, const char *id);
struct sf_record *sf_find_key(struct salesforce *sf,
                              const struct sf_object *object, const char *key);
struct sf_record *sf_new(struct salesforce *sf, const struct sf_object *object,
                         const char *id);
/* Set fields from a row (trimmed; "" becomes null); keeps the key index. */
void sf_set(struct salesforce *sf, struct sf_record *rec, const cJSON *row);
void sf_touch(struct sf_record *rec);
const char *sf_text(const struct sf_record *rec, const char *field);
struct hs_list *sf_list(struct salesforce *sf, const struct sf_object *object);
cJSON *sf_dump(struct service *service, const char *type);
cJSON *sf_load(struct service *service, const cJSON *records);
void sf_store_fini(struct salesforce *sf);

/* ---- salesforce.c ---- */

#define SF_LIMIT 100000
#define SF_USER  "005000000000001AAA"
void sf_answer_error(struct response *res, int status, const char *code,
                     const char *message);
void sf_answer_empty(struct response *res, int status);

/* The areas; `parts` from behind /services/data/vNN.N on. */
struct sf_call {
    struct salesforce *sf;
    const struct request *req;
    struct response *res;
    char parts[6][512];
    int n;
    const char *version; /* "v67.0" */
};
void sf_sobjects(struct sf_call *call);    /* rows: /sobjects/... */
void sf_collections(struct sf_call *call); /* rows: /composite/sobjects... */
void sf_query(struct sf_call *call);       /* /query, /queryAll */
void sf_describe(struct sf_call *call, const struct sf_object *object);
void sf_changes(struct sf_call *call, const struct sf_object *object);

/* ---- soql.c ---- */

struct soql;
/* How a query sees records. `field` is a path, "Who.Type"; the value is
 * borrowed, NULL: null. known: 1 yes, 0 no such field, -1 cannot be filtered.
 */
struct soql_source {
    const cJSON *(*value)(void *ctx, const void *record, const char *field);
    int (*known)(void *ctx, const char *object, const char *field,
                 bool is_filter);
    void *ctx;
};
/* NULL: *err is MALFORMED_QUERY or INVALID_FIELD. */
struct soql *soql_parse(const char *text, const struct soql_source *source,
                        struct sf_error *err);
void soql_free(struct soql *q);
const char *soql_object(const struct soql *q);
bool soql_is_count(const struct soql *q);
long soql_limit(const struct soql *q); /* -1: none */
/* Does the record fit the WHERE? */
bool soql_matches(const struct soql *q, const void *record);
/* Sort pointers to records by the ORDER BY. */
void soql_sort(const struct soql *q, const void **records, size_t n);
/* The selected fields, one by one. */
size_t soql_n_fields(const struct soql *q);
const char *soql_field(const struct soql *q, size_t i);
/* The last field of a TYPEOF's branch for a type; NULL: no more. */
const char *soql_typeof(const struct soql *q, const char *relation,
                        const char *type, size_t i);

#endif
