/* pair_test: a line of a mapping against both definitions, and what is found.
 */
#include "stages/tools/check/pair.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* HubSpot's definitions and Salesforce's, by what the rows call them. */
#define HS(type, more) "{\"name\":\"p\",\"type\":\"" type "\"" more "}"
#define SF(type, more)                                                         \
    "{\"name\":\"F\",\"type\":\"" type                                         \
    "\",\"createable\":true,\"updateable\":true,\"nillable\":true" more "}"
#define LOCKED                                                                 \
    ",\"modificationMetadata\":{\"readOnlyValue\":true,"                       \
    "\"readOnlyDefinition\":true}"
#define OWN              ",\"modificationMetadata\":{\"readOnlyDefinition\":true}"
#define V(value)         "{\"value\":\"" value "\",\"active\":true}"
#define OFF(value)       "{\"value\":\"" value "\",\"active\":false}"
#define OPTIONS(values)  ",\"options\":[" values "]"
#define PICKLIST(values) ",\"picklistValues\":[" values "]"
#define STRICT           ",\"restrictedPicklist\":true"
#define USER             ",\"referenceTo\":[\"User\"]"
#define OWNER            HS("enumeration", ",\"referencedObjectType\":\"OWNER\"")
#define CALLTYPES        V("Inbound") "," V("Outbound")
#define DIRECTIONS       V("INBOUND") "," V("OUTBOUND")
#define TEXT             SF("string", ",\"length\":70000")

static const struct row {
    const char *name;
    const char *line; /* what stands behind "p = " */
    const char *property, *field;
    const char *want; /* "code!" errors, "code" warnings, in their order */
    const char *words, *mend; /* which the first has */
} rows[] = {
    {"both are there", "F", HS("string", ""), TEXT, "", "", ""},
    {"no property", "F", "{\"name\":\"pp\"}", TEXT, "missing!",
     "HubSpot's calls have no property p that crmpipe may see",
     "take the line away: p ="},
    {"a near property", "F", "{\"name\":\"P\",\"type\":\"string\"}", TEXT,
     "missing!", "no property p", "make the property in HubSpot"},
    {"an archived property", "F", HS("string", ",\"archived\":true"), TEXT,
     "missing!", "no property p", "make the property"},
    {"no field", "Rating__c", HS("string", ""),
     "{\"name\":\"Ratin__c\",\"type\":\"string\"}", "missing!",
     "Task have no field Rating__c that crmpipe may see; the nearest is "
     "Ratin__c",
     "write Ratin__c"},
    {"a field in another case is another", "Rating__c", HS("string", ""),
     "{\"name\":\"rating__c\",\"type\":\"string\"}", "missing!",
     "the nearest is rating__c", "write rating__c"},
    {"neither", "F", "{\"name\":\"x\"}", "{\"name\":\"X\"}",
     "missing! missing!", "HubSpot", "make"},
    {"definitions without a type", "F", "{\"name\":\"p\"}", "{\"name\":\"F\"}",
     "type! type!", "p in HubSpot is of a type", "map it"},
    {"definitions that are nonsense", "F", "7", "[\"F\"]", "missing! missing!",
     "HubSpot", "make"},

    {"read-only property", "F", HS("string", LOCKED), TEXT, "read-only!",
     "p in HubSpot is read-only",
     "write to_salesforce as the direction: p = F, to_salesforce, text"},
    {"calculated property", "F, to_hubspot",
     HS("string", ",\"calculated\":true"), TEXT, "read-only!", "read-only",
     "take the line away: p ="},
    {"read-only property is only read", "F, to_salesforce",
     HS("string", LOCKED), TEXT, "", "", ""},
    {"read-only field", "F", HS("string", ""),
     "{\"name\":\"F\",\"type\":\"string\",\"createable\":false,"
     "\"updateable\":false}",
     "read-only!", "F in Salesforce is read-only", "p = F, to_hubspot, text"},
    {"read-only field is only read", "F, to_hubspot", HS("string", ""),
     "{\"name\":\"F\",\"type\":\"string\",\"createable\":false,"
     "\"updateable\":false}",
     "", "", ""},
    {"create-only", "TaskSubtype, to_salesforce", HS("string", ""),
     "{\"name\":\"TaskSubtype\",\"type\":\"string\",\"createable\":true,"
     "\"updateable\":false}",
     "create-only!", "TaskSubtype can be set in a new record only",
     "updated_in_hubspot = ignore in [activity.call]"},
    {"update-only", "F", HS("string", ""),
     "{\"name\":\"F\",\"type\":\"string\",\"createable\":false,"
     "\"updateable\":true}",
     "update-only!", "cannot be set in a new record", "to_hubspot"},
    {"the external id", "key__C", HS("string", ""),
     "{\"name\":\"key__C\",\"type\":\"string\"}", "own-field!",
     "crmpipe itself fills", "another field"},

    {"ms_to_s", "F, both, ms_to_s", HS("number", ""), SF("int", ""), "", "",
     ""},
    {"ms_to_s onto a text", "F, both, ms_to_s", HS("number", ""), TEXT, "type!",
     "F in Salesforce is a text (string), which does not fit the transform "
     "ms_to_s",
     "map it to a property and a field of one type"},
    {"html onto a number", "F, both, html", HS("string", ""), SF("double", ""),
     "type!", "F in Salesforce is a number (double)", "of one type"},
    {"owner onto no reference", "F, both, owner", OWNER, TEXT, "type!",
     "a text", "of one type"},
    {"owner onto a reference to something else", "F, both, owner", OWNER,
     SF("reference", ",\"referenceTo\":[\"Account\"]"), "type!",
     "cannot be mapped", "of one type"},
    {"owner", "F, both, owner", OWNER, SF("reference", USER), "", "", ""},
    {"owner as text", "F", OWNER, SF("reference", USER), "type! type!",
     "an owner", "write owner as the transform: p = F, both, owner"},
    {"date onto a datetime", "F, both, date", HS("datetime", ""),
     SF("datetime", ""), "type!", "F in Salesforce is a point in time",
     "write time as the transform: p = F, both, time"},
    {"date onto a date", "F, both, date", HS("datetime", ""), SF("date", ""),
     "", "", ""},
    {"date of a date", "F, both, date", HS("date", ""), SF("date", ""), "type!",
     "p in HubSpot is a day", "write text as the transform"},
    {"date of a date, one way", "F, to_salesforce, date", HS("date", ""),
     SF("date", ""), "", "", ""},
    {"a date as text", "F", HS("date", ""), SF("date", ""), "", "", ""},
    {"a date as text onto a text", "F", HS("date", ""), TEXT, "type!",
     "p in HubSpot is a day", "of one type"},
    {"a date as text onto a text, one way", "F, to_salesforce", HS("date", ""),
     TEXT, "", "", ""},
    {"time onto a date", "F, both, time", HS("datetime", ""), SF("date", ""),
     "type!", "a day", "write date as the transform"},
    {"numbers as text", "F", HS("number", ""), SF("double", ""), "type! type!",
     "a number", "write number as the transform"},
    {"number", "F, both, number", HS("number", ""), SF("currency", ""), "", "",
     ""},
    {"number of a text", "F, to_salesforce, number", HS("string", ""),
     SF("double", ""), "type", "cannot read is given up", "of one type"},
    {"bool", "F, both, bool", HS("bool", ""), SF("boolean", ""), "", "", ""},
    {"bool of an older checkbox", "F, both, bool",
     HS("enumeration", ",\"fieldType\":\"booleancheckbox\""), SF("boolean", ""),
     "", "", ""},
    {"bool as text", "F", HS("bool", ""), SF("boolean", ""), "type! type!",
     "yes or no", "write bool as the transform"},
    {"JSON", "F, to_salesforce", HS("json", ""), TEXT, "type!",
     "of a type that cannot be mapped (json)", ""},
    {"disposition", "F, both, disposition", HS("enumeration", OPTIONS(V("x"))),
     TEXT, "", "", ""},

    {"a fraction", "F, both, number", HS("number", ""), SF("int", ""), "loses",
     "whole numbers only", "decimal places"},
    {"a fraction that does not go there", "F, to_hubspot, number",
     HS("number", ""), SF("int", ""), "", "", ""},
    {"markup as text", "F", HS("string", ",\"fieldType\":\"html\""), TEXT,
     "loses", "is HTML", "write html as the transform"},
    {"markup", "F, both, html", HS("string", ",\"fieldType\":\"html\""), TEXT,
     "", "", ""},
    {"several onto one", "F",
     HS("enumeration", ",\"fieldType\":\"checkbox\"" OPTIONS(V("a"))),
     SF("picklist", PICKLIST(V("a"))), "loses", "p can hold several values",
     "a list that holds several"},
    {"several onto several", "F",
     HS("enumeration", ",\"fieldType\":\"checkbox\"" OPTIONS(V("a"))),
     SF("multipicklist", PICKLIST(V("a"))), "", "", ""},

    {"shorter", "F", HS("string", ""), SF("string", ",\"length\":80"), "length",
     "F in Salesforce holds 80 characters", "a longer field"},
    {"shorter, but nothing goes there", "F, to_hubspot", HS("string", ""),
     SF("string", ",\"length\":80"), "", "", ""},
    {"as long as what is cut anyhow", "Subject", HS("string", ""),
     "{\"name\":\"Subject\",\"type\":\"combobox\",\"length\":255}", "", "", ""},
    {"shorter than what is cut anyhow", "Description, both, html",
     HS("string", ""),
     "{\"name\":\"Description\",\"type\":\"textarea\",\"length\":1000}",
     "length", "Description in Salesforce holds 1000 characters", "shorter"},
    {"a number is not measured", "F, to_salesforce", HS("number", ""),
     SF("string", ",\"length\":20"), "", "", ""},

    {"lists", "F, both, call_direction", HS("enumeration", OPTIONS(DIRECTIONS)),
     SF("picklist", STRICT PICKLIST(CALLTYPES)), "", "", ""},
    {"a value that is not there", "F, both, call_direction",
     HS("enumeration", OPTIONS(DIRECTIONS)),
     SF("picklist", STRICT PICKLIST(V("Inbound"))), "values!",
     "Salesforce has no \"Outbound\" in the list of F: a record with it is "
     "refused there",
     "add it to the list of F in Salesforce"},
    {"a value that is not active", "F, both, call_direction",
     HS("enumeration", OPTIONS(DIRECTIONS)),
     SF("picklist", STRICT PICKLIST(OFF("Inbound") "," V("Outbound"))),
     "values!", "Salesforce has no \"Inbound\"", "add it"},
    {"a value that is not there, of an open list", "F, both, call_direction",
     HS("enumeration", OPTIONS(DIRECTIONS)),
     SF("picklist", PICKLIST(V("Inbound"))), "values",
     "it is taken there, but nobody can choose it", "add it"},
    {"a value of Salesforce's own", "F, both, call_direction",
     HS("enumeration", OPTIONS(DIRECTIONS)),
     SF("picklist", STRICT PICKLIST(CALLTYPES "," V("Internal"))), "values",
     "HubSpot has no \"Internal\" in the list of p", "add it"},
    {"a list that nobody can add to", "F, both, call_direction",
     HS("enumeration", OWN OPTIONS(DIRECTIONS)),
     SF("picklist", STRICT PICKLIST(CALLTYPES "," V("Internal"))), "values",
     "\"Internal\"", "map it one way, to_salesforce"},
    {"a list of HubSpot's own that can be added to", "F, both, call_direction",
     HS("enumeration", ",\"modificationMetadata\":{\"readOnlyDefinition\":true,"
                       "\"readOnlyOptions\":false}" OPTIONS(DIRECTIONS)),
     SF("picklist", STRICT PICKLIST(CALLTYPES "," V("Internal"))), "values",
     "\"Internal\"", "add it"},
    {"a value of HubSpot's own", "F, both, call_direction",
     HS("enumeration", OPTIONS(DIRECTIONS "," V("BOTH"))),
     SF("picklist", STRICT PICKLIST(CALLTYPES)), "values",
     "Salesforce has no \"BOTH\" in the list of F", "add it"},
    {"what HubSpot lacks", "F, both, task_priority",
     HS("enumeration", OPTIONS(V("LOW") "," V("HIGH"))),
     SF("picklist", PICKLIST(V("Low") "," V("High") "," V("Normal"))),
     "values!", "HubSpot has no \"MEDIUM\" in the list of p", "add it"},
    {"the standard has to be there", "F, to_salesforce, task_priority",
     HS("enumeration", OPTIONS(V("LOW") "," V("HIGH"))),
     SF("picklist", STRICT PICKLIST(V("Low") "," V("High"))), "values!",
     "Salesforce has no \"Normal\"", "add it"},
    {"words of a text by the transform's own list",
     "F, to_salesforce, call_direction", HS("string", ""),
     SF("picklist", STRICT PICKLIST(V("Inbound"))), "values!", "\"Outbound\"",
     "add it"},
    {"lists as text", "F", HS("enumeration", OPTIONS(V("a") "," V("b"))),
     SF("picklist", STRICT PICKLIST(V("A") "," V("b") "," V("c"))), "values",
     "HubSpot has no \"A\", \"c\" in the list of p", "add them"},
    {"lists as text, each lacks something", "F",
     HS("enumeration", OPTIONS(V("a") "," V("x"))),
     SF("picklist", STRICT PICKLIST(V("a") "," V("b"))), "values values",
     "HubSpot has no \"b\"", "add it"},
    {"many values", "F, to_hubspot", HS("enumeration", OPTIONS(V("a"))),
     SF("picklist", PICKLIST(V("1") "," V("2") "," V("3") "," V("4") "," V(
                        "5") "," V("6") "," V("7"))),
     "values",
     "no such values as \"1\", \"2\", \"3\", \"4\", \"5\", ... in the list",
     "add them"},
    {"one value within another", "F, to_hubspot",
     HS("enumeration", OPTIONS(V("a"))),
     SF("picklist", PICKLIST(V("Highest") "," V("High") "," V("Highest"))),
     "values", "HubSpot has no \"Highest\", \"High\" in the list", "add them"},
    {"any text onto a list", "F", HS("enumeration", OPTIONS(V("a"))), TEXT,
     "values", "F may be any text, but p takes only what is in its list",
     "map it one way, to_salesforce"},
    {"any text onto an open list", "F", HS("string", ""),
     SF("picklist", PICKLIST(V("a"))), "", "", ""},
    {"options that lie elsewhere", "F",
     HS("enumeration", ",\"externalOptions\":true"), TEXT, "", "", ""},
};

static cJSON *
list_of(const char *definition)
{
    cJSON *list = cJSON_CreateArray();
    cJSON *one = json_parse(definition, strlen(definition), NULL);

    assert_non_null(one);
    cJSON_AddItemToArray(list, one);
    return list;
}

/* "code! code" */
static void
put_codes(const struct findings *found, char *buf, size_t size)
{
    size_t len = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < found->n; i++)
        len += (size_t)snprintf(
            buf + len, size - len, "%s%s%s", i > 0 ? " " : "", found->v[i].code,
            found->v[i].severity == FINDING_ERROR ? "!" : "");
}

static void
check_with(const struct row *row, cJSON *properties, cJSON *fields,
           bool updates, struct findings *out)
{
    struct mapping_pair pair;
    struct error err;
    struct pair_case c = {.pair = &pair,
                          .activity = ACTIVITY_CALL,
                          .list = {properties, fields},
                          .makes = {true, true},
                          .updates = {updates, updates},
                          .external_id = "Key__c"};

    assert_int_equal(mapping_parse("p", row->line, &pair, &err), 0);
    pair_check(&c, out);
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    cJSON *properties = list_of(row->property), *fields = list_of(row->field);
    struct findings found = {0};
    char codes[256];

    check_with(row, properties, fields, true, &found);
    put_codes(&found, codes, sizeof(codes));
    if (found.n > 0 && (strstr(found.v[0].text, row->words) == NULL ||
                        strstr(found.v[0].mend, row->mend) == NULL))
        fail_msg("\"%s\", to mend it: \"%s\"", found.v[0].text,
                 found.v[0].mend);
    assert_string_equal(codes, row->want);
    for (size_t i = 0; i < found.n; i++)
        assert_true(found.v[i].mend[0] != '\0');
    cJSON_Delete(properties);
    cJSON_Delete(fields);
}

/* Nothing is said of a side that is not known. */
static void
check_unknown_sides(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(rows); i++) {
        cJSON *properties = list_of(rows[i].property);
        cJSON *fields = list_of(rows[i].field);
        struct findings found = {0};

        check_with(&rows[i], NULL, NULL, true, &found);
        assert_int_equal(found.n, 0);
        check_with(&rows[i], properties, NULL, true, &found);
        for (size_t k = 0; k < found.n; k++)
            assert_null(strstr(found.v[k].text, "Salesforce is"));
        check_with(&rows[i], NULL, fields, true, &found);
        cJSON_Delete(properties);
        cJSON_Delete(fields);
    }
}

/* A field that keeps its first value may be filled when no changes go over. */
static void
check_create_only(void **state)
{
    const struct row row = {.line = "F, to_salesforce"};
    cJSON *properties = list_of(HS("string", ""));
    cJSON *fields = list_of("{\"name\":\"F\",\"type\":\"string\","
                            "\"createable\":true,\"updateable\":false}");
    struct findings found = {0};

    (void)state;
    check_with(&row, properties, fields, false, &found);
    assert_int_equal(found.n, 0);
    check_with(&row, properties, fields, true, &found);
    assert_int_equal(found.n, 1);
    cJSON_Delete(properties);
    cJSON_Delete(fields);
}

int
main(void)
{
    struct CMUnitTest tests[N(rows) + 2] = {
        cmocka_unit_test(check_unknown_sides),
        cmocka_unit_test(check_create_only)};

    for (size_t i = 0; i < N(rows); i++)
        tests[i + 2] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
