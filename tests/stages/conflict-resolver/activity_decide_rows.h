/* activity_decide_rows: the cases of activity_decide_test. */
#ifndef TESTS_ACTIVITY_DECIDE_ROWS_H
#define TESTS_ACTIVITY_DECIDE_ROWS_H

#include <stddef.h>

#define TASK "00T000000000001AAA"

/* A link whose title is b on both sides. */
#define LINK_BOTH                                                              \
    "{\"hubspot\":{\"hs_call_title\":\"b\"},"                                  \
    "\"salesforce\":{\"hs_call_title\":\"b\"},"                                \
    "\"seen\":{\"hubspot\":100,\"salesforce\":100}}"

struct row {
    const char *name;
    const char *from;     /* "h" | "s": whose event; 'd': it is a deletion,
                             'o': older than what the link has seen, 'k': that
                             version, 'n': names the other, 'l': the other stays,
                             'a': was asked for, 'e': the link leads to another
                             Task, 'f': a flip of the title from b to x, 'F': of
                             the owner to one whom nobody knows, 'm': of an
                             import, where nothing is alike, 'u': is filtered
                             unless it is linked, 'w': it is another version by
                             now */
    const char *props;    /* of its own side */
    const char *snapshot; /* NULL: no link */
    const char *other;    /* fields; "missing", "deleted"; NULL: must not be
                             asked for */
    const char *want;     /* "TARGET ACTION ID FIELDS" of each write; then
                             what is told of the decision; or "OUTCOME REASON" */
    const char *rules;    /* "i": creations are ignored, 'u': updates, 'p':
                             HubSpot is preferred, 'x': the kind is off, 'd':
                             deletions go over, 'w': tell what was there */
};
extern const struct row activity_rows[];
extern const size_t n_activity_rows;

#endif
