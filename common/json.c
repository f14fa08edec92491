/* json: see json.h. */
#include "common/json.h"
#include "common/json_mend.h"
#include "common/text.h"
#include "common/timetext.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cJSON takes some 64 bytes a value, also for the "0," of an array that was
 * made to hurt; a page of 2,000 records with 500 fields stays well below. */
#define VALUES_MAX (4u * 1024 * 1024)
#define EXACT_MAX  9007199254740992.0 /* 2^53: a double holds them exactly */

static bool
only_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

static int
refuse(const struct json_extent *extent, struct error *err)
{
    if (extent->depth > MP_DEPTH_MAX)
        return error_set(err, EX_PROTOCOL,
                         "JSON is nested too deeply (limit %d)", MP_DEPTH_MAX);
    if (extent->values > VALUES_MAX)
        return error_set(err, EX_PROTOCOL,
                         "JSON has too many values (limit %u)", VALUES_MAX);
    return 0;
}

/* Put into `out` what C strings and those who get them can hold; false: the
 * text can stay as it is. Ids go from here into keys, URLs and events. */
static bool
mend(const char *text, size_t len, bool has_broken_escapes, struct text *out)
{
    if (!has_broken_escapes && text_is_valid(text, len))
        return false;
    text_put_valid(out, text, len);
    json_mend(out->data, out->len);
    return true;
}

cJSON *
json_parse(const char *text, size_t len, struct error *err)
{
    struct json_extent extent;
    const char *end = NULL;
    struct text mended;
    cJSON *value;
    size_t at;

    json_measure(text, len, &extent);
    if (refuse(&extent, err) < 0)
        return NULL;
    text_init(&mended);
    if (mend(text, len, extent.is_broken, &mended)) {
        text = mended.data;
        len = mended.len;
    }
    value = cJSON_ParseWithLengthOpts(text, len, &end, false);
    at = end != NULL ? (size_t)(end - text) : 0;
    if (value == NULL) {
        error_set(err, EX_PROTOCOL, "no JSON: %s at byte %zu of %zu",
                  at + 1 >= len ? "it ends too early" : "mistake", at, len);
    } else if (!only_blanks(end, text + len)) {
        error_set(err, EX_PROTOCOL,
                  "no JSON: more bytes after its end, at "
                  "byte %zu of %zu",
                  at, len);
        cJSON_Delete(value);
        value = NULL;
    }
    text_fini(&mended);
    return value;
}

const char *
json_str(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool
is_exact(double d)
{
    return fabs(d) <= EXACT_MAX && floor(d) >= d;
}

bool
json_id(const cJSON *object, const char *key, char *buf, size_t size)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    int n;

    buf[0] = '\0';
    if (cJSON_IsString(item) && item->valuestring[0] != '\0')
        n = snprintf(buf, size, "%s", item->valuestring);
    else if (cJSON_IsNumber(item) && is_exact(item->valuedouble))
        n = snprintf(buf, size, "%.0f", item->valuedouble);
    else
        return false;
    if ((size_t)n < size)
        return true;
    buf[0] = '\0';
    return false;
}

bool
json_i64(const cJSON *object, const char *key, int64_t *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    const char *s = cJSON_GetStringValue(item);
    long long n;
    char *end;

    if (cJSON_IsNumber(item) && is_exact(item->valuedouble)) {
        *out = (int64_t)item->valuedouble;
        return true;
    }
    /* Digits only: strtoll would also take blanks and '+'. */
    if (s == NULL || s[0] == '\0' ||
        s[(s[0] == '-') + strspn(s + (s[0] == '-'), "0123456789")] != '\0')
        return false;
    errno = 0;
    n = strtoll(s, &end, 10);
    if (errno != 0 || end == s || *end != '\0')
        return false;
    *out = n;
    return true;
}

bool
json_time(const cJSON *object, const char *key, int64_t *out)
{
    const char *text = json_str(object, key);
    int64_t ms;

    if (text != NULL)
        return timetext_parse(text, strlen(text), out) == 0;
    if (!json_i64(object, key, &ms) || ms < TIMETEXT_MIN || ms > TIMETEXT_MAX)
        return false;
    *out = ms;
    return true;
}

const cJSON *
json_at(const cJSON *object, const char *path)
{
    const cJSON *child;
    size_t n;

    while (object != NULL && *path != '\0') {
        n = strcspn(path, ".");
        cJSON_ArrayForEach(child, object)
        {
            if (child->string != NULL && strncmp(child->string, path, n) == 0 &&
                child->string[n] == '\0')
                break;
        }
        object = cJSON_IsObject(object) ? child : NULL;
        path += n + (path[n] == '.');
    }
    return object;
}

const cJSON *
json_find(const cJSON *list, const char *key, const char *value)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *has = json_str(item, key);

        if (has != NULL && strcmp(has, value) == 0)
            return item;
    }
    return NULL;
}

cJSON *
json_take_array(cJSON *answer, const char *key)
{
    cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(answer, key);

    cJSON_Delete(answer);
    if (cJSON_IsArray(list))
        return list;
    cJSON_Delete(list);
    return NULL;
}
