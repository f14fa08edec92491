/* salesforce_reports: /analytics: reports, kept as their metadata
 * (salesforce-api.md, 8). What is not said of a new one is as narrow as
 * Salesforce may make it: the user's own open activities of this quarter. */
#include "tests/sandbox/salesforce_reports.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METADATA "reportMetadata" /* beside a record's fields */

static const char defaults[] =
    "{\"reportFormat\":\"TABULAR\",\"detailColumns\":[\"SUBJECT\"],"
    "\"reportFilters\":[],\"reportBooleanFilter\":null,\"scope\":\"user\","
    "\"standardFilters\":[{\"name\":\"closed\",\"value\":\"open\"},"
    "{\"name\":\"type\",\"value\":\"t\"}],\"standardDateFilter\":{"
    "\"column\":\"DUE_DATE\",\"durationValue\":\"THIS_FISCAL_QUARTER\","
    "\"startDate\":null,\"endDate\":null},\"sortBy\":[]}";

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const struct sf_report_type *
type_of(const cJSON *metadata)
{
    return sf_report_type_find(
        sf_json_text(get(metadata, "reportType"), "type"));
}

/* ---- what may be in one ---- */

static bool
refuse(struct sf_call *call, const char *why, const char *what)
{
    char words[200];

    snprintf(words, sizeof(words), "%s: %.100s", why, what);
    sf_answer_error(call->res, 400, "BAD_REQUEST", words);
    return false;
}

static bool
check_filter(struct sf_call *call, const struct sf_report_type *type,
             const cJSON *filter)
{
    if (!sf_report_has_column(type, sf_json_text(filter, "column")))
        return refuse(call, "no column to filter by",
                      sf_json_text(filter, "column"));
    if (!sf_listed("equals;notEqual;contains",
                   sf_json_text(filter, "operator")))
        return refuse(call, "no such operator",
                      sf_json_text(filter, "operator"));
    return cJSON_IsString(get(filter, "value")) ||
           refuse(call, "a filter without a value",
                  sf_json_text(filter, "column"));
}

static bool
is_folder(struct salesforce *sf, const char *id)
{
    const struct sf_record *rec = sf_find(sf, id);

    return rec != NULL && !rec->is_deleted &&
           (strcmp(rec->object->name, "Folder") == 0 ||
            strcmp(rec->id, SF_USER) == 0 || strcmp(rec->id, SF_ORG) == 0);
}

/* false: answered. */
static bool
check(struct sf_call *call, const cJSON *metadata)
{
    const struct sf_report_type *type = type_of(metadata);
    const cJSON *item;

    if (*sf_json_text(metadata, "name") == '\0')
        return refuse(call, "a report has a name", "");
    if (type == NULL)
        return refuse(call, "no such report type",
                      sf_json_text(get(metadata, "reportType"), "type"));
    if (!is_folder(call->sf, sf_json_text(metadata, "folderId")))
        return refuse(call, "no such folder",
                      sf_json_text(metadata, "folderId"));
    cJSON_ArrayForEach(item, get(metadata, "detailColumns"))
    {
        const char *token = cJSON_GetStringValue(item);

        if (token == NULL || !sf_report_has_column(type, token))
            return refuse(call, "no such column", token ? token : "");
    }
    cJSON_ArrayForEach(item, get(metadata, "reportFilters"))
    {
        if (!check_filter(call, type, item))
            return false;
    }
    return true;
}

/* ---- reading and changing ---- */

static void
merge(cJSON *to, const cJSON *from)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, from)
    {
        cJSON *copy = cJSON_Duplicate(item, true);

        if (get(to, item->string) != NULL)
            cJSON_ReplaceItemInObjectCaseSensitive(to, item->string, copy);
        else
            cJSON_AddItemToObject(to, item->string, copy);
    }
}

/* What SOQL sees follows from the metadata. */
static void
keep(struct sf_call *call, struct sf_record *rec, cJSON *metadata)
{
    const char *id = sf_json_text(metadata, "folderId");
    const struct sf_record *folder = sf_find(call->sf, id);
    bool is_shared = strcmp(folder->object->name, "Folder") == 0;

    sf_put_text(rec, "Name", sf_json_text(metadata, "name"));
    sf_put_text(rec, "DeveloperName", sf_json_text(metadata, "developerName"));
    sf_put_text(rec, "OwnerId", folder->id);
    sf_put_text(rec, "FolderName",
                is_shared                          ? sf_text(folder, "Name")
                : strcmp(folder->id, SF_USER) == 0 ? "Private Reports"
                                                   : "Public Reports");
    sf_put_text(rec, "Format", "Tabular");
    sf_put(rec, METADATA, metadata);
    sf_touch(rec, SF_USER);
}

static void
answer(struct sf_call *call, const struct sf_record *rec)
{
    const cJSON *metadata = get(rec->fields, METADATA);
    cJSON *doc = cJSON_CreateObject();

    cJSON_AddObjectToObject(doc, "reportExtendedMetadata");
    cJSON_AddItemToObject(doc, METADATA, cJSON_Duplicate(metadata, true));
    cJSON_AddItemToObject(doc, "reportTypeMetadata",
                          sf_report_catalogue(type_of(metadata)));
    response_json(call->res, 200, doc);
}

/* "Activities with X" -> "Activities_with_X" */
static void
name_it(cJSON *metadata)
{
    char *name = hs_strdup(sf_json_text(metadata, "name"));

    for (char *p = name; *p != '\0'; p++)
        *p = isalnum((unsigned char)*p) ? *p : '_';
    if (*sf_json_text(metadata, "developerName") == '\0')
        cJSON_AddStringToObject(metadata, "developerName", name);
    free(name);
}

static void
create(struct sf_call *call, const cJSON *given)
{
    cJSON *metadata = cJSON_Parse(defaults);
    struct sf_record *rec;

    cJSON_AddStringToObject(metadata, "folderId", SF_USER);
    merge(metadata, given);
    name_it(metadata);
    if (!check(call, metadata)) {
        cJSON_Delete(metadata);
        return;
    }
    rec = sf_new(call->sf, sf_object_find("Report"), NULL);
    cJSON_AddStringToObject(metadata, "id", rec->id);
    keep(call, rec, metadata);
    answer(call, rec);
}

static void
change(struct sf_call *call, struct sf_record *rec, const cJSON *given)
{
    cJSON *metadata = cJSON_Duplicate(get(rec->fields, METADATA), true);

    merge(metadata, given);
    if (!check(call, metadata)) {
        cJSON_Delete(metadata);
        return;
    }
    keep(call, rec, metadata);
    answer(call, rec);
}

/* With what a POST says besides, which is not kept. */
static void
run(struct sf_call *call, const struct sf_record *rec, const cJSON *given)
{
    cJSON *metadata = cJSON_Duplicate(get(rec->fields, METADATA), true);

    merge(metadata, given);
    if (check(call, metadata))
        sf_report_run(call, metadata);
    cJSON_Delete(metadata);
}

/* ---- calls ---- */

static void
one(struct sf_call *call, const cJSON *given)
{
    struct sf_record *rec = sf_find(call->sf, call->parts[2]);
    bool is_describe = strcmp(call->parts[3], "describe") == 0;

    if (rec == NULL || rec->is_deleted || get(rec->fields, METADATA) == NULL ||
        call->n > 4 || (call->n == 4 && !is_describe))
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    else if (is_describe && sf_is_method(call, "GET"))
        answer(call, rec);
    else if (is_describe)
        sf_answer_method(call, "GET,HEAD");
    else if (sf_is_method(call, "GET") || sf_is_method(call, "POST"))
        run(call, rec, given);
    else if (sf_is_method(call, "PATCH"))
        change(call, rec, given);
    else if (sf_is_method(call, "DELETE")) {
        sf_delete(call->sf, rec);
        sf_answer_empty(call->res, 204);
    } else
        sf_answer_method(call, "GET,HEAD,POST,PATCH,DELETE");
}

void
sf_analytics(struct sf_call *call)
{
    cJSON *body;

    if (strcmp(call->parts[1], "reportTypes") == 0) {
        sf_report_types(call);
        return;
    }
    if (strcmp(call->parts[1], "reports") != 0) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
        return;
    }
    body = cJSON_Parse(call->req->body);
    if (call->n > 2)
        one(call, get(body, METADATA));
    else if (sf_is_method(call, "POST"))
        create(call, get(body, METADATA));
    else
        sf_answer_method(call, "POST");
    cJSON_Delete(body);
}
