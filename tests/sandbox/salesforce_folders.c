/* salesforce_folders: /folders: where reports lie (salesforce-api.md, 8). */
#include "tests/sandbox/salesforce_reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE 100

static cJSON *
folder_json(const struct sf_call *call, const struct sf_record *rec)
{
    cJSON *doc = cJSON_CreateObject();
    char url[128];

    snprintf(url, sizeof(url), "/services/data/%s/folders/%s", call->version,
             rec->id);
    cJSON_AddStringToObject(doc, "id", rec->id);
    sf_add_copy(doc, "label",
                cJSON_GetObjectItemCaseSensitive(rec->fields, "Name"));
    sf_add_copy(doc, "name",
                cJSON_GetObjectItemCaseSensitive(rec->fields, "DeveloperName"));
    sf_add_copy(doc, "type",
                cJSON_GetObjectItemCaseSensitive(rec->fields, "Type"));
    cJSON_AddStringToObject(doc, "url", url);
    return doc;
}

static void
list(struct sf_call *call)
{
    const struct hs_list *all = sf_list(call->sf, sf_object_find("Folder"));
    cJSON *doc = cJSON_CreateObject();
    cJSON *folders = cJSON_AddArrayToObject(doc, "folders");
    char *word = sf_param(call, "page");
    size_t page = word != NULL ? strtoul(word, NULL, 10) : 0, n = 0;
    char url[128];

    free(word);
    for (size_t i = 0; i < all->n; i++) {
        const struct sf_record *rec = all->v[i];

        if (rec->is_deleted)
            continue;
        if (n / PAGE == page)
            cJSON_AddItemToArray(folders, folder_json(call, rec));
        n++;
    }
    snprintf(url, sizeof(url), "/services/data/%s/folders?page=%zu",
             call->version, page + 1);
    if (n > (page + 1) * PAGE)
        cJSON_AddStringToObject(doc, "nextPageUrl", url);
    else
        cJSON_AddNullToObject(doc, "nextPageUrl");
    cJSON_AddNumberToObject(doc, "totalSize", (double)n);
    response_json(call->res, 200, doc);
}

/* Is there another folder of that developer name? */
static bool
is_taken(const struct sf_call *call, const char *name)
{
    const struct hs_list *all = sf_list(call->sf, sf_object_find("Folder"));

    for (size_t i = 0; i < all->n; i++) {
        const struct sf_record *rec = all->v[i];
        const char *own = sf_text(rec, "DeveloperName");

        if (!rec->is_deleted && own != NULL && strcasecmp(own, name) == 0)
            return true;
    }
    return false;
}

static void
create(struct sf_call *call)
{
    cJSON *body = cJSON_Parse(call->req->body);
    const char *label = sf_json_text(body, "label"),
               *name = sf_json_text(body, "name");
    const char *type = sf_json_text(body, "type");
    struct sf_record *rec;

    if (*label == '\0' || *name == '\0' ||
        (strcasecmp(type, "report") != 0 && strcasecmp(type, "dashboard") != 0))
        sf_answer_error(call->res, 400, "BAD_REQUEST",
                        "a folder has a label, a name, and a type: report or "
                        "dashboard");
    else if (is_taken(call, name))
        sf_answer_error(call->res, 400, "DUPLICATE_DEVELOPER_NAME",
                        "this folder name is in use already");
    else {
        rec = sf_new(call->sf, sf_object_find("Folder"), NULL);
        sf_put_text(rec, "Name", label);
        sf_put_text(rec, "DeveloperName", name);
        sf_put_text(rec, "Type", type);
        response_json(call->res, 201, folder_json(call, rec));
    }
    cJSON_Delete(body);
}

static void
one(struct sf_call *call)
{
    struct sf_record *rec = sf_find(call->sf, call->parts[1]);
    cJSON *body;

    if (rec == NULL || rec->is_deleted ||
        strcmp(rec->object->name, "Folder") != 0) {
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    } else if (sf_is_method(call, "GET")) {
        response_json(call->res, 200, folder_json(call, rec));
    } else if (sf_is_method(call, "DELETE")) {
        sf_delete(call->sf, rec);
        sf_answer_empty(call->res, 204);
    } else if (sf_is_method(call, "PATCH")) {
        body = cJSON_Parse(call->req->body);
        if (*sf_json_text(body, "label") != '\0')
            sf_put_text(rec, "Name", sf_json_text(body, "label"));
        cJSON_Delete(body);
        response_json(call->res, 200, folder_json(call, rec));
    } else {
        sf_answer_method(call, "GET,HEAD,PATCH,DELETE");
    }
}

void
sf_folders(struct sf_call *call)
{
    if (call->n == 2 && call->parts[1][0] != '\0')
        one(call);
    else if (call->n > 2)
        sf_answer_error(call->res, 404, "NOT_FOUND", SF_MISSING);
    else if (sf_is_method(call, "GET"))
        list(call);
    else if (sf_is_method(call, "POST"))
        create(call);
    else
        sf_answer_method(call, "GET,HEAD,POST");
}
