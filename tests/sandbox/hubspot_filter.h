/* hubspot_filter: a compiled search query, for hubspot_filter.c, which makes
 * it, and hubspot_match.c, which asks it. */
#ifndef TESTS_SANDBOX_HUBSPOT_FILTER_H
#define TESTS_SANDBOX_HUBSPOT_FILTER_H

#include "tests/sandbox/hubspot.h"

#define MAX_GROUPS  5
#define MAX_FILTERS 6 /* of a group */
#define MAX_ALL     18

enum op {
    OP_LT,
    OP_LTE,
    OP_GT,
    OP_GTE,
    OP_EQ,
    OP_NEQ,
    OP_BETWEEN,
    OP_IN,
    OP_NOT_IN,
    OP_HAS,
    OP_HAS_NOT,
    OP_TOKEN,
    OP_NOT_TOKEN,
    OP_N
};

enum form { FORM_TEXT, FORM_ENUM, FORM_NUMBER, FORM_TIME };

struct value {
    char *text; /* in small letters, but of enumerations */
    double number;
    int64_t time_ms; /* a system property's too */
};
struct filter {
    int def;     /* -1: association */
    int to_type; /* of an association */
    enum op op;
    enum form form;
    struct value *values; /* BETWEEN: two */
    size_t n;
};
struct hs_query {
    struct hubspot *hs;
    int type;
    struct filter filters[MAX_ALL];
    int group_end[MAX_GROUPS];
    int n_groups, n_filters;
    char *words; /* of "query", in small letters */
};

#endif
