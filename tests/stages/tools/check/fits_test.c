/* fits_test: what is said to fit is what the transforms do: what fits to be
 * read is read, what fits to be written is written in the form of its type. */
#include "stages/tools/check/fits.h"
#include "common/picklist.h"

#include "common/transform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A value of each class, as the side gives it. */
static const char *const values[CLASS_COUNT][SIDE_COUNT] = {
    [CLASS_TEXT] = {"some words", "some words"},
    [CLASS_CHOICE] = {"one", "one"},
    [CLASS_CHOICES] = {"one;two", "one;two"},
    [CLASS_NUMBER] = {"5000", "5"},
    [CLASS_BOOL] = {"true", "true"},
    [CLASS_DAY] = {"2024-04-25", "2024-04-25"},
    [CLASS_TIME] = {"2024-04-25T10:00:00.000Z", "2024-04-25T10:00:00.000+0000"},
    [CLASS_PERSON] = {"41629779", "005000000000001AAA"},
    [CLASS_OTHER] = {"{}", "001000000000001AAA"},
};

static const char *
owner_id(void *ctx, enum side side, const char *email)
{
    (void)ctx;
    (void)email;
    return values[CLASS_PERSON][side];
}

static const char *
owner_email(void *ctx, enum side side, const char *id)
{
    (void)ctx;
    (void)side;
    (void)id;
    return "a@b.example";
}

static const struct transform_env env = {
    .zone = "UTC", .owner_email = owner_email, .owner_id = owner_id};

/* A canonical value of the transform: of its list, or of the first class that
 * it reads. */
static void
put_canon(const struct mapping_pair *pair, enum side from, struct text *out)
{
    const char *label = picklist_nth_label(pair->transform, 0);
    enum class class = CLASS_TEXT;

    if (label != NULL) {
        text_puts(out, label);
        return;
    }
    while (fits_read(pair->transform, class) != FIT_ALL)
        class ++;
    assert_int_equal(transform_canon(&env, pair, from, values[class][from],
                                     strlen(values[class][from]), out, NULL),
                     1);
}

static void
check_reading(void **state)
{
    (void)state;
    for (int t = 0; t < TRANSFORM_COUNT; t++)
        for (int c = 0; c < CLASS_COUNT; c++)
            for (int s = 0; s < SIDE_COUNT; s++) {
                const struct mapping_pair pair = {
                    {"p", "F"}, MAPPING_BOTH, (enum transform)t};
                const char *value = values[c][s];
                struct text out;

                if (fits_read(pair.transform, (enum class)c) != FIT_ALL)
                    continue;
                text_init(&out);
                assert_int_equal(transform_canon(&env, &pair, (enum side)s,
                                                 value, strlen(value), &out,
                                                 NULL),
                                 1);
                text_fini(&out);
            }
}

/* Is JSON of the form that a field of that class takes? */
static bool
is_of_form(const cJSON *json, enum side side, enum class class)
{
    if (side == SIDE_SALESFORCE && class == CLASS_NUMBER)
        return cJSON_IsNumber(json);
    if (side == SIDE_SALESFORCE && class == CLASS_BOOL)
        return cJSON_IsBool(json);
    if (!cJSON_IsString(json))
        return false;
    switch (class) {
    case CLASS_DAY:
        return strlen(json->valuestring) == strlen("2024-04-25");
    case CLASS_TIME:
        return strchr(json->valuestring, 'T') != NULL;
    case CLASS_NUMBER:
        return strspn(json->valuestring, "0123456789") ==
               strlen(json->valuestring);
    case CLASS_BOOL:
        return strcmp(json->valuestring, "true") == 0;
    case CLASS_PERSON:
        return strcmp(json->valuestring, values[CLASS_PERSON][side]) == 0;
    default:
        return true;
    }
}

static void
check_writing(void **state)
{
    (void)state;
    for (int t = 0; t < TRANSFORM_COUNT; t++)
        for (int c = 0; c < CLASS_COUNT; c++)
            for (int s = 0; s < SIDE_COUNT; s++) {
                const struct mapping_pair pair = {
                    {"p", "F"}, MAPPING_BOTH, (enum transform)t};
                struct text canon;
                cJSON *json;

                if (fits_write(pair.transform, (enum side)s, (enum class)c) !=
                    FIT_ALL)
                    continue;
                text_init(&canon);
                put_canon(&pair, side_other((enum side)s), &canon);
                assert_int_equal(transform_render(&env, &pair, (enum side)s,
                                                  canon.data, canon.len, &json,
                                                  NULL),
                                 0);
                if (!is_of_form(json, (enum side)s, (enum class)c))
                    fail_msg("%s onto %s of %s", transform_name(pair.transform),
                             class_name((enum class)c),
                             side_name((enum side)s));
                cJSON_Delete(json);
                text_fini(&canon);
            }
}

/* What is suggested fits, and something is for each class that both have. */
static void
check_suggestions(void **state)
{
    (void)state;
    for (int c = 0; c < CLASS_OTHER; c++) {
        const enum class both[SIDE_COUNT] = {(enum class)c, (enum class)c};
        struct mapping_pair pair = {
            {"p", "F"}, MAPPING_BOTH, TRANSFORM_MS_TO_S};

        enum transform better;

        assert_true(fits_suggest(&pair, both, &better));
        pair.transform = better;
        assert_int_equal(fits_side(&pair, SIDE_HUBSPOT, both), FIT_ALL);
        assert_int_equal(fits_side(&pair, SIDE_SALESFORCE, both), FIT_ALL);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_reading),
        cmocka_unit_test(check_writing),
        cmocka_unit_test(check_suggestions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
