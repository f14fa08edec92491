/* picklist: HubSpot's enumerations and the labels that Salesforce has for them.
 * Pure.
 *
 * HubSpot tells more cases apart than Salesforce's standard picklists do (a
 * call that was missed is Completed there), and the other way around; what is
 * not told apart is equal. What neither knows is an organisation's own. */
#ifndef COMMON_PICKLIST_H
#define COMMON_PICKLIST_H

#include "common/mapping.h"

/* The Salesforce label of a word of either side, in any case; NULL: unknown to
 * this list. Borrowed for ever. */
const char *picklist_label(enum transform list, const char *word, size_t len);

/* The HubSpot value of a label in any case; NULL: it has none. Borrowed. */
const char *picklist_value(enum transform list, const char *label, size_t len);

/* What the label is of a record that has no value: Salesforce requires Status
 * and Priority, HubSpot does not. NULL: it may be empty. Borrowed. */
const char *picklist_default(enum transform list);

/* The labels that a list can give, one after the other (some twice); NULL: no
 * more, or the transform has no list. Borrowed for ever. */
const char *picklist_nth_label(enum transform list, size_t i);

#endif
