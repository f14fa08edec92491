/* field: the types of custom fields of Activity: what a value needs, what is
 * made for it, which that are there will do. Pure. */
#ifndef SETUP_FIELD_H
#define SETUP_FIELD_H

#include "common/mapping.h"
#include <cJSON.h>
#include <stdbool.h>

enum field_type {
    FIELD_TEXT,
    FIELD_AREA,
    FIELD_NUMBER,
    FIELD_CHECKBOX,
    FIELD_DATE,
    FIELD_TIME,
    FIELD_PERSON /* cannot be made: Activity takes no lookup from the API */
};

/* What holds the values of a transform. `type` is that of HubSpot's property
 * ("date"); NULL: not known. */
enum field_type field_type_for(enum transform transform, const char *type);
/* "Text(255)"; borrowed for ever. */
const char *field_words(enum field_type type);
/* Will a type that a field has do? Of describe ("string"), or of the Metadata
 * API ("Text"). A key is a text that can be an external id. */
bool field_fits(enum field_type type, bool is_key, const char *has);
/* The Metadata of a new one, with its label and description. Caller frees with
 * cJSON_Delete(). */
cJSON *field_metadata(enum field_type type, bool is_key, const char *name);

/* Can Salesforce make a field of that name? NULL: yes; else why not. Borrowed
 * for ever. */
const char *field_bad_name(const char *name);
/* Does the name end in "__c"? */
bool field_is_custom(const char *name);
/* The name without "__c", and with blanks for its underscores if is_label. */
void field_short(const char *name, bool is_label, char *buf, size_t size);

#endif
