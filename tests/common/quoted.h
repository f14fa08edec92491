/* quoted: JSON in a test's source: ' stands for ". */
#ifndef TESTS_COMMON_QUOTED_H
#define TESTS_COMMON_QUOTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cJSON.h>
#include <cmocka.h>

/* Caller frees. */
static inline char *
quoted(const char *text)
{
    char *out = strdup(text);

    assert_non_null(out);
    for (char *p = out; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    return out;
}

/* Caller frees with cJSON_Delete(). */
static inline cJSON *
quoted_json(const char *text)
{
    char *json = quoted(text);
    cJSON *out = cJSON_Parse(json);

    assert_non_null(out);
    free(json);
    return out;
}

#endif
