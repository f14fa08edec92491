/* salesforce: what the parts of the sandbox's Salesforce side share.
 *
 * salesforce.c              the service: reading a call, routing
 * salesforce_token.c        sign-in
 * salesforce_limits.c       calls a day, record counts
 * salesforce_answer.c       error bodies, results of rows
 * salesforce_store.c        records with their indexes
 * salesforce_journal.c      taking writes back
 * salesforce_derive.c       what follows from a record's fields
 * salesforce_load.c         the control API's dump and load
 * salesforce_fields.c       the objects and their fields
 * salesforce_rules.c        what may be written
 * salesforce_row.c          finding and writing the record that a row means
 * salesforce_read.c         records as JSON
 * salesforce_single.c       one record a call
 * salesforce_collections.c  up to 200 rows a call
 * salesforce_composite.c    several calls in one
 * salesforce_describe.c     describe, lists of objects, updated and deleted
 * salesforce_query.c        query, queryAll and their pages
 * salesforce_access.c       what can be taken away from the user
 * salesforce_setup.c        permission sets
 * salesforce_tooling.c      custom fields over the Tooling API
 * salesforce_reports.h      reports and their folders
 * soql*.c                   the query language, pure
 *
 * Facts and their sources: salesforce-api.md. Out of memory ends the process.
 */
#ifndef TESTS_SANDBOX_SALESFORCE_H
#define TESTS_SANDBOX_SALESFORCE_H

#include "tests/sandbox/hubspot.h" /* hs_map, hs_list */
#include "common/sf_id.h"

/* ---- salesforce_fields.c ---- */

enum sf_type {
    SF_STRING,
    SF_TEXTAREA, /* neither filtered nor sorted by */
    SF_COMBO,
    SF_EMAIL,
    SF_PHONE,
    SF_URL,
    SF_PICKLIST,
    SF_RESTRICTED, /* picklist that refuses other values */
    SF_BOOL,
    SF_INT,
    SF_DOUBLE,
    SF_DATE,
    SF_DATETIME,
    SF_ID,
    SF_REF
};
#define SF_CREATE   1 /* may be given at creation */
#define SF_UPDATE   2
#define SF_CU       (SF_CREATE | SF_UPDATE)
#define SF_REQUIRED 4  /* has to be given at creation, never null */
#define SF_FILLED   8  /* never null: has a default */
#define SF_KEY      16 /* external id, unique without regard to case */
#define SF_LOOKUP   32 /* idLookup: an upsert may go by it */
#define SF_HIDDEN   64 /* field-level security keeps it from the user */

struct sf_field {
    const char *name, *label;
    enum sf_type type;
    int length; /* UTF-16 units; 0: not counted */
    int flags;
    const char *values; /* picklist, "A;B"; or what a reference points to */
};
struct sf_object {
    const char *name, *prefix;
    const struct sf_field *fields;
    size_t n_fields;
};
#define SF_N_OBJECTS    18
#define SF_N_ACTIVITIES 2 /* the first ones: Task, Event */
extern struct sf_object sf_objects[SF_N_OBJECTS];
/* The fields that this account has at its start. */
void sf_fields_init(void);
/* Put a custom field into Task or Event, or in place of the one of that name;
 * its strings stay the caller's. false: there is no room. */
bool sf_field_put(size_t activity, const struct sf_field *f);
/* Any case. */
const struct sf_object *sf_object_find(const char *name);
/* The object that the id belongs to by its first three characters. */
const struct sf_object *sf_object_of_id(const char *id);
/* Any case; none that is hidden. */
const struct sf_field *sf_field_find(const struct sf_object *object,
                                     const char *name);
/* Who -> WhoId, Owner -> OwnerId, ...; NULL: no such relationship. */
const struct sf_field *sf_relation(const struct sf_object *object,
                                   const char *name, size_t len);
/* Is the value in the list "A;B"? Any case. */
bool sf_listed(const char *values, const char *value);

/* ---- salesforce_rules.c ---- */

struct sf_error {
    char code[64], message[512];
    char field[64]; /* API names, "A,B"; "": none */
};
/* false, with *err filled. */
bool sf_refuse(struct sf_error *err, const char *code, const char *field,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Null, or a text that is kept as null: nothing but blanks. */
bool sf_is_nothing(const cJSON *value);

struct sf_record;
struct salesforce;
/* May these fields be written? rec NULL: a new record. false: *err. */
bool sf_check(struct salesforce *sf, const struct sf_object *object,
              const struct sf_record *rec, const cJSON *row,
              struct sf_error *err);

/* ---- salesforce_store.c ---- */

struct sf_record {
    const struct sf_object *object;
    char id[SF_ID_SIZE];
    cJSON *fields;    /* {name: value}, all as the API prints them but nulls */
    int64_t modstamp; /* ms */
    int64_t touched;  /* ms; the sandbox's clock at the last write */
    bool is_deleted;
    bool is_purged; /* it is not in the recycle bin any more */
};
struct sf_usage { /* calls of a day */
    int64_t n, since_ms;
};
struct salesforce {
    struct service *service;
    struct hs_list lists[SF_N_OBJECTS]; /* by object, as in sf_objects */
    struct hs_map by_id;                /* 18 characters */
    struct hs_map by_key;    /* sf_key() -> struct hs_list of living records */
    struct hs_list journal;  /* what a rollback brings back */
    struct hs_list dropped;  /* records that were rolled back */
    struct hs_list locators; /* of queries with more pages */
    bool is_journaling;
    int64_t next_number;
    struct sf_usage usage;
    int64_t token_number;   /* the only one that is good, */
    int64_t refresh_number; /* of the only refresh token that is good; 0: the
                               first one */
    int64_t token_until;    /* until then, ms since 1970 UTC; 0: none is */
};

struct hs_list *sf_list(struct salesforce *sf, const struct sf_object *object);
struct sf_record *sf_find(struct salesforce *sf, const char *id);
/* The living records with this value in a key or idLookup field but Id.
 * Borrowed: valid until a record is written. */
const struct hs_list *sf_find_all(struct salesforce *sf,
                                  const struct sf_object *object,
                                  const struct sf_field *f, const char *value);
/* What a value is told from others by: without blanks at its ends, in any case.
 * NULL: it is blank. Caller frees with free(). */
char *sf_key(const struct sf_object *object, const struct sf_field *f,
             const char *value);
/* id: one that nobody has; NULL: the next one. */
struct sf_record *sf_new(struct salesforce *sf, const struct sf_object *object,
                         const char *id);
/* Set fields from a row (trimmed; "" becomes null); keeps the key index. */
void sf_set(struct salesforce *sf, struct sf_record *rec, const cJSON *row);
/* It was written now, by this user. */
void sf_touch(struct sf_record *rec, const char *by);
void sf_delete(struct salesforce *sf, struct sf_record *rec);
/* Put the keys of a record into the index, or take them out. */
void sf_index(struct salesforce *sf, struct sf_record *rec, bool is_in);
void sf_store_fini(struct salesforce *sf);

const char *sf_text(const struct sf_record *rec, const char *field);
bool sf_true(const struct sf_record *rec, const char *field);
/* The value as it is printed; NULL: null. Borrowed. */
const cJSON *sf_value(const struct sf_record *rec, const struct sf_field *f);
/* Set a field; takes ownership of value. value NULL: null. */
void sf_put(struct sf_record *rec, const char *name, cJSON *value);
void sf_put_text(struct sf_record *rec, const char *name, const char *value);
void sf_put_time(struct sf_record *rec, const char *field, int64_t ms);
/* As Salesforce keeps a value: blanks at both ends gone, "" is null, an id of
 * 18 characters, a time in UTC and to the second. f NULL: no such field.
 * Caller frees with cJSON_Delete(). */
cJSON *sf_kept(const struct sf_field *f, const cJSON *value);
#define SF_TIME_SIZE 29
/* "2026-01-31T10:00:00.000+0000"; returns buf. */
char *sf_print_time(int64_t ms, char buf[SF_TIME_SIZE]);

/* ---- salesforce_journal.c ---- */

/* Between begin and end all writes can be taken back. They do not nest: begin
 * is false, and end does nothing, within another. */
bool sf_begin(struct salesforce *sf);
void sf_end(struct salesforce *sf, bool is_begun, bool keep);
/* The record is about to be changed, or is new. */
void sf_remember(struct salesforce *sf, struct sf_record *rec, bool is_new);

/* ---- salesforce_derive.c ---- */

/* What follows from the fields: defaults, AccountId, IsClosed, ... */
void sf_derive(struct salesforce *sf, struct sf_record *rec, bool is_new);
/* The row is about to be set: of an event, forget the times that follow from
 * those in it. */
void sf_loosen(struct sf_record *rec, const cJSON *row);
/* A field as ms since 1970; false: it is no time. */
bool sf_time_of(const struct sf_record *rec, const char *field, int64_t *ms);

/* ---- salesforce_mail.c ---- */

/* Make the Task of a new EmailMessage that has none. */
void sf_make_mail_task(struct salesforce *sf, struct sf_record *mail);

/* ---- salesforce_load.c ---- */

cJSON *sf_dump(struct service *service, const char *type);
cJSON *sf_load(struct service *service, const cJSON *records);

/* ---- salesforce.c ---- */

#define SF_ORG     "00D000000000001EAA"
#define SF_USER    "005000000000001AAA"
#define SF_PERSON  "005000000000002AAA" /* makes what is loaded */
#define SF_MISSING "The requested resource does not exist"
#define SF_DELETED "entity is deleted"

#define SF_PARTS     6
#define SF_PART_SIZE 1024
/* A call; `parts` from behind /services/data/vNN.N on. */
struct sf_call {
    struct salesforce *sf;
    const struct request *req;
    struct response *res;
    char parts[SF_PARTS][SF_PART_SIZE]; /* "": there is none */
    int n;
    const char *version; /* "v67.0" */
    const char *query;   /* of a call within a composite; NULL: a plain call */
    bool is_tooling;     /* parts are from behind "tooling" on */
};
/* A query parameter, decoded. Caller frees; NULL: absent. */
char *sf_param(const struct sf_call *call, const char *name);
/* Fill parts and n from req->path. */
void sf_read_parts(struct sf_call *call);
/* Have the call answered by its area. */
void sf_route(struct sf_call *call);
bool sf_is_method(const struct sf_call *call, const char *method);

/* ---- salesforce_token.c ---- */

/* /services/oauth2/... */
void sf_oauth(struct salesforce *sf, const struct request *req,
              struct response *res);
bool sf_is_signed_in(struct salesforce *sf, const struct request *req);

/* ---- salesforce_jwt.c ---- */

/* Why an assertion is refused, and *error; NULL: it is good. */
const char *sf_jwt_refusal(const char *assertion, const char **error);

/* ---- salesforce_answer.c ---- */

/* The text at a key of what a caller has sent; "": there is none. Borrowed. */
const char *sf_json_text(const cJSON *object, const char *key);
void sf_answer_error(struct response *res, int status, const char *code,
                     const char *message);
void sf_answer_row_error(struct response *res, int status,
                         const struct sf_error *err);
void sf_answer_empty(struct response *res, int status);
void sf_answer_method(struct sf_call *call, const char *allowed);
#define SF_URL_SIZE 128
/* "/services/data/v67.0/sobjects/Task/00T..." */
void sf_record_url(const struct sf_call *call, const struct sf_record *rec,
                   char buf[SF_URL_SIZE]);
/* {"type", "url"} */
cJSON *sf_attributes(const struct sf_call *call, const struct sf_record *rec);
/* A copy of the value; NULL: null. */
void sf_add_copy(cJSON *to, const char *name, const cJSON *value);
/* What a row came to; created NULL: no upsert. */
cJSON *sf_row_error(const struct sf_error *err);
cJSON *sf_row_done(const struct sf_record *rec, const bool *created);

/* ---- salesforce_row.c ---- */

/* rec NULL: create. NULL: *err. */
struct sf_record *sf_write_row(struct salesforce *sf,
                               const struct sf_object *object,
                               struct sf_record *rec, const cJSON *row,
                               struct sf_error *err);
/* The record that an upsert by this field means; *rec NULL: none yet. false:
 * *err. */
bool sf_find_for_upsert(struct salesforce *sf, const struct sf_object *object,
                        const struct sf_field *f, const char *value,
                        struct sf_record **rec, struct sf_error *err);
/* By its id, to be changed; NULL: *err. */
struct sf_record *sf_find_living(struct salesforce *sf,
                                 const struct sf_object *object, const char *id,
                                 struct sf_error *err);
/* A field that upserts may go by; NULL: answered. */
const struct sf_field *sf_upsert_field(struct sf_call *call,
                                       const struct sf_object *object,
                                       const char *name);

/* ---- salesforce_read.c ---- */

/* Answer with the record, with those of its fields that ?fields= names. */
void sf_answer_record(struct sf_call *call, const struct sf_record *rec);
/* Answer with many, which the query or the body names. */
void sf_answer_records(struct sf_call *call, const struct sf_object *object,
                       const cJSON *body);

/* ---- the areas ---- */

/* single: /sobjects/Type[/Id | /Field/Value] */
void sf_records(struct sf_call *call, const struct sf_object *object);
/* collections: /composite/sobjects[/Type[/Field]] */
void sf_batches(struct sf_call *call);
void sf_composite(struct sf_call *call);     /* /composite */
void sf_limits(struct sf_call *call);        /* /limits */
void sf_record_counts(struct sf_call *call); /* /limits/recordCount */
void sf_query(struct sf_call *call);         /* /query, /queryAll */
void sf_analytics(struct sf_call *call);     /* /analytics */
void sf_folders(struct sf_call *call);       /* /folders */
void sf_objects_list(struct sf_call *call);  /* describe: /sobjects */
void sf_object_about(struct sf_call *call, const struct sf_object *object);
void sf_describe(struct sf_call *call, const struct sf_object *object);
void sf_changes(struct sf_call *call, const struct sf_object *object);
/* limits: count this call; false: there are too many of them, and it is
 * answered. */
bool sf_count_call(struct salesforce *sf, struct response *res);
/* All apps of the org have made so many calls in the last 24 hours. */
void sf_use(struct service *service, int64_t calls);
/* tooling: /tooling/... */
void sf_tooling(struct sf_call *call);
/* Only the Tooling API knows it. */
bool sf_is_tooling(const struct sf_object *object);
/* Show the custom fields on Task and Event as the user may see them. */
void sf_show_fields(struct salesforce *sf);

/* ---- salesforce_access.c ---- */

/* Take something away from the user, or give it back. false: there is nothing
 * of that name. */
bool sf_permit(struct service *service, const char *name, bool may);
/* Has the user a permission of those that can be taken away? */
bool sf_may(const char *name);
/* The user may not see it: for them it is not there. */
bool sf_field_is_hidden(const struct sf_field *f);
/* Its flags, less those of writing if the user may only read it. */
int sf_field_flags(const struct sf_field *f);
/* Can field-level security keep it from somebody? */
bool sf_field_is_permissionable(const struct sf_field *f);
/* As sf_object_find(); NULL also when the user may not see it. */
const struct sf_object *sf_object_seen(const char *name);
/* May the user create, change and delete its records? false: *err. */
bool sf_object_is_editable(const struct sf_object *object);
bool sf_check_access(const struct sf_object *object, struct sf_error *err);

/* ---- salesforce_setup.c ---- */

#define SF_NO_ACCESS                                                           \
    "insufficient access rights on entity: %s. You need the permission to "    \
    "make it."
/* May a row of PermissionSet, FieldPermissions or PermissionSetAssignment be
 * written? Of other objects: yes. false: *err. */
bool sf_check_setup(struct salesforce *sf, const struct sf_object *object,
                    const struct sf_record *rec, const cJSON *row,
                    struct sf_error *err);
/* Such a record was written or deleted: who sees what has changed. */
void sf_setup_changed(struct salesforce *sf, struct sf_record *rec);
/* What the user's permission sets make of "Task.X__c": flags. */
int sf_flags_of(struct salesforce *sf, const char *field);
/* The next living record of an object from *i on; NULL: there is none. */
struct sf_record *sf_next_living(struct salesforce *sf, const char *object,
                                 size_t *i);

/* query: give the locators back */
void sf_query_fini(struct salesforce *sf);

#endif
