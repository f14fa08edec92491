/* person: see person.h. */
#include "common/person.h"

#include "common/sf_id.h"

#include <stdio.h>

#define STEPS_MAX 8 /* conversions and merges one after another */

bool
person_follow(struct store *store, char id[20], char type[16])
{
    struct store_person person;
    struct error err;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (store_person_get(store, id, &person, &err) != 1)
            return true; /* nobody has said that it is gone */
        if (person.became_id[0] == '\0') {
            if (type != NULL)
                snprintf(type, 16, "%s", person.type);
            return !person.is_deleted;
        }
        snprintf(id, 20, "%s", person.became_id);
        if (type != NULL && sf_id_object(id) != NULL)
            snprintf(type, 16, "%s", sf_id_object(id));
    }
    return false;
}
