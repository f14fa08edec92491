/* soql: the query language as far as it is served, pure: a text becomes a
 * struct soql, which records are asked to fit and are sorted by. What records
 * are, a struct soql_source says.
 *
 *   SELECT field, relation.field, TYPEOF relation WHEN T THEN ... END | COUNT()
 *   FROM object
 *   WHERE ... AND OR NOT ( ) = != <> < <= > >= LIKE IN, NOT IN
 *   ORDER BY field ASC|DESC NULLS FIRST|LAST, ...
 *   LIMIT n OFFSET n (2,000 at most)
 *
 * Rules and sources: salesforce-api.md, 3. */
#ifndef TESTS_SANDBOX_SOQL_H
#define TESTS_SANDBOX_SOQL_H

#include <stdbool.h>
#include <stddef.h>

#define SOQL_NAME_SIZE 96

enum soql_type {
    SOQL_UNKNOWN, /* no such field */
    SOQL_TEXT,
    SOQL_ID, /* 18 characters, case counts */
    SOQL_NUMBER,
    SOQL_BOOL,
    SOQL_DATE,    /* ms of its midnight, UTC */
    SOQL_DATETIME /* ms since 1970 UTC */
};
struct soql_value {
    bool is_null;
    const char *text; /* SOQL_TEXT, SOQL_ID; borrowed from the record */
    double number;    /* the others */
};
/* A field that the query names, "Subject" or "Who.Type". */
struct soql_column {
    char path[SOQL_NAME_SIZE];
    enum soql_type type;
    bool is_filterable;
    const void *handle; /* the source's own */
};
struct soql_source {
    bool (*has_object)(void *ctx, const char *object);
    /* Fill type, is_filterable and handle for the path. */
    void (*resolve)(void *ctx, const char *object, struct soql_column *column);
    struct soql_value (*value)(void *ctx, const void *record,
                               const struct soql_column *column);
    void *ctx;
};
struct soql_error {
    char code[64], message[512]; /* MALFORMED_QUERY, INVALID_FIELD, ... */
};

struct soql;
/* NULL: *err says why. Caller frees with soql_free(). */
struct soql *soql_parse(const char *text, const struct soql_source *source,
                        struct soql_error *err);
void soql_free(struct soql *q);

const char *soql_object(const struct soql *q);
bool soql_is_count(const struct soql *q);
long soql_limit(const struct soql *q); /* -1: none */
long soql_offset(const struct soql *q);
/* What is selected, one by one: a column, or a TYPEOF's relation (its path,
 * type SOQL_UNKNOWN). NULL: no more. */
const struct soql_column *soql_item(const struct soql *q, size_t i);
bool soql_item_is_typeof(const struct soql *q, size_t i);
/* Column k of what the TYPEOF at item i wants of a record of this type (the
 * ELSE branch when no WHEN names it). NULL: no more. */
const struct soql_column *soql_typeof(const struct soql *q, size_t i,
                                      const char *type, size_t k);
/* Does the record fit the WHERE? */
bool soql_matches(const struct soql *q, const void *record);
/* Sort by the ORDER BY; without one the order stays. */
void soql_sort(const struct soql *q, const void **records, size_t n);

#endif
