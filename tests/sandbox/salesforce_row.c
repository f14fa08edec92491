/* salesforce_row: finding the record that a row means, and writing it: what a
 * single call and each row of a collection do. */
#include "tests/sandbox/salesforce.h"

#include "common/text.h"

#include <string.h>

/* A unique key that another record has. */
static bool
check_keys(struct salesforce *sf, const struct sf_object *object,
           const struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sf_field *f = &object->fields[i];
        const char *value =
            (f->flags & SF_KEY) != 0
                ? cJSON_GetStringValue(cJSON_GetObjectItem(row, f->name))
                : NULL;
        const struct hs_list *all;

        if (value == NULL)
            continue;
        all = sf_find_all(sf, object, f, value);
        for (size_t k = 0; k < all->n; k++)
            if (all->v[k] != rec)
                return sf_refuse(
                    err, "DUPLICATE_VALUE", "",
                    "duplicate value found: %s duplicates value on record with "
                    "id: %.15s",
                    f->name, ((struct sf_record *)all->v[k])->id);
    }
    return true;
}

struct sf_record *
sf_write_row(struct salesforce *sf, const struct sf_object *object,
             struct sf_record *rec, const cJSON *row, struct sf_error *err)
{
    bool is_new = rec == NULL;

    if (!sf_check(sf, object, rec, row, err) ||
        !sf_check_setup(sf, object, rec, row, err) ||
        !check_keys(sf, object, rec, row, err))
        return NULL;
    if (is_new)
        rec = sf_new(sf, object, NULL);
    sf_set(sf, rec, row);
    sf_derive(sf, rec, is_new);
    sf_touch(rec, SF_USER);
    sf_setup_changed(sf, rec);
    return rec;
}

bool
sf_find_for_upsert(struct salesforce *sf, const struct sf_object *object,
                   const struct sf_field *f, const char *value,
                   struct sf_record **rec, struct sf_error *err)
{
    const char *trimmed = value;
    size_t len = strlen(value);
    const struct hs_list *all;

    if (f->type == SF_ID) {
        *rec = sf_find_living(sf, object, value, err);
        return *rec != NULL;
    }
    text_trim(&trimmed, &len);
    if (len == 0)
        return sf_refuse(err, "MISSING_ARGUMENT", f->name, "%s not specified",
                         f->name);
    all = sf_find_all(sf, object, f, value);
    *rec = all->n > 0 ? all->v[0] : NULL;
    return all->n < 2 ||
           sf_refuse(err, "DUPLICATE_EXTERNAL_ID", f->name,
                     "more than one record found for external id field: "
                     "[%s, %s]",
                     (*rec)->id, ((struct sf_record *)all->v[1])->id);
}

struct sf_record *
sf_find_living(struct salesforce *sf, const struct sf_object *object,
               const char *id, struct sf_error *err)
{
    char id18[SF_ID_SIZE];
    struct sf_record *rec;

    if (!sf_id_normalise(id, id18)) {
        sf_refuse(err, "MALFORMED_ID", "Id",
                  "%s ID: id value of incorrect type: %.40s", object->name, id);
        return NULL;
    }
    rec = sf_find(sf, id18);
    if (rec == NULL || rec->object != object)
        sf_refuse(err, "INVALID_CROSS_REFERENCE_KEY", "Id",
                  "invalid cross reference id");
    else if (rec->is_deleted)
        sf_refuse(err, "ENTITY_IS_DELETED", "", SF_DELETED);
    else
        return rec;
    return NULL;
}

const struct sf_field *
sf_upsert_field(struct sf_call *call, const struct sf_object *object,
                const char *name)
{
    const struct sf_field *f = sf_field_find(object, name);
    struct sf_error err;

    if (f != NULL && (f->flags & (SF_KEY | SF_LOOKUP)) != 0)
        return f;
    sf_refuse(&err, "NOT_FOUND", "",
              "Provided external ID field does not exist or is not "
              "accessible: %.100s",
              name);
    sf_answer_error(call->res, 404, err.code, err.message);
    return NULL;
}
