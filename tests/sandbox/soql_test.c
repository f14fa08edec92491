/* soql: what fits a WHERE, what order comes out, and what is refused, on a few
 * records in memory. */
#include "tests/sandbox/soql.h"

#include "tests/sandbox/sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

struct sandbox_options sandbox_options; /* main.o is not linked */

#define DAY_MS 86400000.0
#define JAN_1  1767225600000.0 /* 2026-01-01 */

struct person {
    char key; /* names it in what a row wants */
    const char *id, *name, *boss;
    double age; /* < 0: null */
    bool is_here;
    double born, seen;
};
static const struct person people[] = {
    {'a', "003000000000001AAA", "Ann", "Zoe", 30, true, JAN_1, JAN_1},
    {'b', "003000000000002AAA", "bob", "\U0001F680", 7, false, JAN_1 + DAY_MS,
     JAN_1 + 1000},
    {'c', "003000000000003AAA", "C_x", "Ann", -1, true, JAN_1 - DAY_MS,
     JAN_1 + 2000},
    {'d', "003000000000004AAA", "D'%\\", "ann", 30, false, JAN_1, JAN_1 + 1000},
    {'e', "00300000000000EAAQ", NULL, NULL, 40, true, JAN_1, JAN_1 + 3000},
};
#define N_PEOPLE (sizeof(people) / sizeof(people[0]))

static const struct field {
    const char *path;
    enum soql_type type;
    bool is_filterable;
} fields[] = {
    {"Id", SOQL_ID, true},          {"Name", SOQL_TEXT, true},
    {"Boss.Name", SOQL_TEXT, true}, {"Age", SOQL_NUMBER, true},
    {"IsHere", SOQL_BOOL, true},    {"Born", SOQL_DATE, true},
    {"Seen", SOQL_DATETIME, true},  {"Notes", SOQL_TEXT, false},
    {"Boss.Id", SOQL_ID, true},
};

static bool
has_object(void *ctx, const char *object)
{
    (void)ctx;
    return strcasecmp(object, "Person") == 0 || strcasecmp(object, "Name") == 0;
}

static void
resolve(void *ctx, const char *object, struct soql_column *column)
{
    (void)ctx;
    (void)object;
    column->type = SOQL_UNKNOWN;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (strcasecmp(fields[i].path, column->path) != 0)
            continue;
        column->type = fields[i].type;
        column->is_filterable = fields[i].is_filterable;
        column->handle = &fields[i];
    }
}

static struct soql_value
value(void *ctx, const void *record, const struct soql_column *column)
{
    const struct person *p = record;
    const char *path = ((const struct field *)column->handle)->path;

    (void)ctx;
    if (strcmp(path, "Id") == 0)
        return (struct soql_value){false, p->id, 0};
    if (strcmp(path, "Name") == 0)
        return (struct soql_value){p->name == NULL, p->name, 0};
    if (strcmp(path, "Boss.Name") == 0)
        return (struct soql_value){p->boss == NULL, p->boss, 0};
    if (strcmp(path, "Age") == 0)
        return (struct soql_value){p->age < 0, NULL, p->age};
    if (strcmp(path, "IsHere") == 0)
        return (struct soql_value){false, NULL, p->is_here};
    if (strcmp(path, "Born") == 0)
        return (struct soql_value){false, NULL, p->born};
    return (struct soql_value){false, NULL, p->seen};
}

static const struct soql_source source = {has_object, resolve, value, NULL};

/* ---- what is found, and in what order ---- */

static const struct row {
    const char *name, *text, *want; /* keys; or the error: CODE or CODE: part */
} found[] = {
    {"all", "SELECT Id FROM Person", "abcde"},
    {"any case, any blanks", " select\tID\nfrom PERSON ", "abcde"},
    {"texts in any case", "SELECT Id FROM Person WHERE Name = 'BOB'", "b"},
    {"not equal: also null", "SELECT Id FROM Person WHERE Name != 'bob'",
     "acde"},
    {"<>", "SELECT Id FROM Person WHERE Name <> 'bob'", "acde"},
    {"= null", "SELECT Id FROM Person WHERE Name = null", "e"},
    {"!= null", "SELECT Id FROM Person WHERE Age != NULL", "abde"},
    {"<", "SELECT Id FROM Person WHERE Age < 30", "b"},
    {"<=", "SELECT Id FROM Person WHERE Age <= 30", "abd"},
    {">", "SELECT Id FROM Person WHERE Age > 30", "e"},
    {">=", "SELECT Id FROM Person WHERE Age>=30.0", "ade"},
    {"boolean", "SELECT Id FROM Person WHERE IsHere = TRUE", "ace"},
    {"boolean, false", "SELECT Id FROM Person WHERE IsHere = false", "bd"},
    {"date", "SELECT Id FROM Person WHERE Born = 2026-01-01", "ade"},
    {"date, less", "SELECT Id FROM Person WHERE Born < 2026-01-01", "c"},
    {"dateTime", "SELECT Id FROM Person WHERE Seen > 2026-01-01T00:00:01Z",
     "ce"},
    {"dateTime with a zone",
     "SELECT Id FROM Person WHERE Seen = 2026-01-01T01:00:01+01:00", "bd"},
    {"relationship", "SELECT Id FROM Person WHERE Boss.Name = 'Ann'", "cd"},
    {"id of 15", "SELECT Id FROM Person WHERE Id = '00300000000000E'", "e"},
    {"id of 18", "SELECT Id FROM Person WHERE Id = '003000000000001AAA'", "a"},
    {"id greater", "SELECT Id FROM Person WHERE Id > '003000000000003AAA'",
     "de"},
    {"in", "SELECT Id FROM Person WHERE Name IN ('bob', 'Ann','nobody')", "ab"},
    {"in with null", "SELECT Id FROM Person WHERE Name IN ('bob', null)", "be"},
    {"in, ids of both lengths",
     "SELECT Id FROM Person WHERE Id IN "
     "('003000000000001','003000000000002AAA')",
     "ab"},
    {"not in", "SELECT Id FROM Person WHERE Name NOT IN ('bob','ann')", "cde"},
    {"like %", "SELECT Id FROM Person WHERE Name LIKE 'a%'", "a"},
    {"like in the middle", "SELECT Id FROM Person WHERE Name LIKE '%O%'", "b"},
    {"like _", "SELECT Id FROM Person WHERE Name LIKE '___'", "abc"},
    {"like \\_", "SELECT Id FROM Person WHERE Name LIKE '_\\_%'", "c"},
    {"like \\%", "SELECT Id FROM Person WHERE Name LIKE '%\\%%'", "d"},
    {"escapes", "SELECT Id FROM Person WHERE Name = 'D\\'%\\\\'", "d"},
    {"\\u", "SELECT Id FROM Person WHERE Name = '\\u0041nn'", "a"},
    {"\\u, a pair", "SELECT Id FROM Person WHERE Boss.Name = '\\uD83D\\ude80'",
     "b"},
    {"\\u, half a pair",
     "SELECT Id FROM Person WHERE Boss.Name LIKE '\\uD83D%'", ""},
    {"like _ of four bytes", "SELECT Id FROM Person WHERE Boss.Name LIKE '_'",
     "b"},
    {"and", "SELECT Id FROM Person WHERE Age = 30 AND IsHere = TRUE", "a"},
    {"or", "SELECT Id FROM Person WHERE Age = 7 OR Age = 40", "be"},
    {"parentheses",
     "SELECT Id FROM Person WHERE IsHere = TRUE AND (Age = 40 OR Age = null)",
     "ce"},
    {"not", "SELECT Id FROM Person WHERE NOT Age = 30", "bce"},
    {"not before and",
     "SELECT Id FROM Person WHERE (NOT Age = 30) AND IsHere = TRUE", "ce"},
    {"keyset",
     "SELECT Id FROM Person WHERE (Seen > 2026-01-01T00:00:01Z OR (Seen = "
     "2026-01-01T00:00:01Z AND Id > '003000000000002AAA')) ORDER BY Seen, Id",
     "dce"},
    {"order", "SELECT Id FROM Person ORDER BY Seen DESC, Id ASC", "ecbda"},
    {"nulls are first", "SELECT Id FROM Person ORDER BY Age, Id", "cbade"},
    {"nulls are first, descending",
     "SELECT Id FROM Person ORDER BY Age DESC, Id", "ceadb"},
    {"nulls last", "SELECT Id FROM Person ORDER BY Age NULLS LAST, Id",
     "badec"},
    {"nulls first",
     "SELECT Id FROM Person ORDER BY Age DESC NULLS FIRST, Id DESC", "cedab"},
    {"a tie keeps its order", "SELECT Id FROM Person ORDER BY IsHere", "bdace"},
    {"limit and offset do not hinder",
     "SELECT Id FROM Person WHERE Age > 0 ORDER BY Id LIMIT 2 OFFSET 1",
     "abde"},

    {"nothing", "", "MALFORMED_QUERY"},
    {"no select", "FROM Person", "MALFORMED_QUERY: unexpected token: 'FROM'"},
    {"no from", "SELECT Id", "MALFORMED_QUERY: <EOF>"},
    {"no field", "SELECT FROM Person", "MALFORMED_QUERY"},
    {"a comma too much", "SELECT Id, FROM Person", "MALFORMED_QUERY"},
    {"twice the same", "SELECT Id, id FROM Person",
     "MALFORMED_QUERY: duplicate field selected: id"},
    {"typeof without when", "SELECT TYPEOF Boss END FROM Person",
     "MALFORMED_QUERY: 'END'"},
    {"typeof without end",
     "SELECT TYPEOF Boss WHEN Person THEN Age FROM Person", "MALFORMED_QUERY"},
    {"typeof and a field of it",
     "SELECT TYPEOF Boss WHEN Person THEN Age END, Boss.Name FROM Person",
     "MALFORMED_QUERY: duplicate field selected: Boss.Name"},
    {"a field and its typeof",
     "SELECT Boss.Name, TYPEOF boss WHEN Person THEN Age END FROM Person",
     "MALFORMED_QUERY: duplicate field selected: boss"},
    {"twice in a when",
     "SELECT TYPEOF Boss WHEN Person THEN Age, Name, age END FROM Person",
     "MALFORMED_QUERY: duplicate field selected: age"},
    {"more behind it", "SELECT Id FROM Person nonsense;",
     "MALFORMED_QUERY: nonsense"},
    {"and mixed with or",
     "SELECT Id FROM Person WHERE Age = 1 AND Age = 2 OR Age = 3",
     "MALFORMED_QUERY"},
    {"open quote", "SELECT Id FROM Person WHERE Name = 'O'Neil'",
     "MALFORMED_QUERY"},
    {"unended text", "SELECT Id FROM Person WHERE Name = 'x",
     "MALFORMED_QUERY"},
    {"bad escape", "SELECT Id FROM Person WHERE Name = '\\x'",
     "MALFORMED_QUERY: escape"},
    {"no character", "SELECT Id FROM Person WHERE Name = 'x\\u0000'",
     "MALFORMED_QUERY: escape"},
    {"three digits", "SELECT Id FROM Person WHERE Name = '\\u004'",
     "MALFORMED_QUERY: escape"},
    {"no parenthesis", "SELECT Id FROM Person WHERE (Age = 1",
     "MALFORMED_QUERY"},
    {"no operator", "SELECT Id FROM Person WHERE Age", "MALFORMED_QUERY"},
    {"empty list", "SELECT Id FROM Person WHERE Age IN ()", "MALFORMED_QUERY"},
    {"a time without a zone",
     "SELECT Id FROM Person WHERE Seen > 2026-01-01T00:00:00",
     "MALFORMED_QUERY"},
    {"limit of nothing", "SELECT Id FROM Person LIMIT x", "MALFORMED_QUERY"},
    {"offset before limit", "SELECT Id FROM Person OFFSET 1 LIMIT 1",
     "MALFORMED_QUERY"},
    {"offset", "SELECT Id FROM Person OFFSET 2001",
     "NUMBER_OUTSIDE_VALID_RANGE: 2000"},
    {"count and a field", "SELECT COUNT(), Id FROM Person", "MALFORMED_QUERY"},
    {"unknown object", "SELECT Id FROM Persona", "INVALID_TYPE: 'Persona'"},
    {"unknown field", "SELECT Ages FROM Person",
     "INVALID_FIELD: No such column 'Ages' on entity 'Person'"},
    {"unknown in where", "SELECT Id FROM Person WHERE Agee = 1",
     "INVALID_FIELD: No such column 'Agee'"},
    {"unknown in order", "SELECT Id FROM Person ORDER BY Agee",
     "INVALID_FIELD: No such column 'Agee'"},
    {"not to be filtered", "SELECT Id FROM Person WHERE Notes = 'x'",
     "INVALID_FIELD: field 'Notes' can not be filtered"},
    {"not to be sorted", "SELECT Id FROM Person ORDER BY Notes",
     "MALFORMED_QUERY: can not be sorted"},
    {"a number in quotes", "SELECT Id FROM Person WHERE Age = '1'",
     "INVALID_FIELD: should not be enclosed in quotes"},
    {"a time in quotes",
     "SELECT Id FROM Person WHERE Seen > '2026-01-01T00:00:00Z'",
     "INVALID_FIELD: must be of type dateTime"},
    {"a date for a time", "SELECT Id FROM Person WHERE Seen > 2026-01-01",
     "INVALID_FIELD: must be of type dateTime"},
    {"no id", "SELECT Id FROM Person WHERE Id = 'x'",
     "INVALID_QUERY_FILTER_OPERATOR: invalid ID field: x"},
    {"like of a number", "SELECT Id FROM Person WHERE Age LIKE 'x'",
     "INVALID_FIELD"},
    {"like null of a number", "SELECT Id FROM Person WHERE Age LIKE null",
     "INVALID_QUERY_FILTER_OPERATOR: invalid operator on double field"},
};
#define N_ROWS (sizeof(found) / sizeof(found[0]))

static void
check_refused(const struct row *row, const struct soql_error *err)
{
    const char *part = strchr(row->want, ':');
    size_t n = part != NULL ? (size_t)(part - row->want) : strlen(row->want);

    assert_int_equal(n, strlen(err->code));
    assert_memory_equal(err->code, row->want, n);
    if (part != NULL && strstr(err->message, part + 2) == NULL)
        fail_msg("%s is not in: %s", part + 2, err->message);
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct soql_error err = {"", ""};
    struct soql *q = soql_parse(row->text, &source, &err);
    const void *hits[N_PEOPLE];
    char keys[N_PEOPLE + 1] = "";
    size_t n = 0;

    if (q == NULL) {
        check_refused(row, &err);
        return;
    }
    for (size_t i = 0; i < N_PEOPLE; i++)
        if (soql_matches(q, &people[i]))
            hits[n++] = &people[i];
    soql_sort(q, hits, n);
    for (size_t i = 0; i < n; i++)
        keys[i] = ((const struct person *)hits[i])->key;
    soql_free(q);
    assert_string_equal(keys, row->want);
}

/* ---- what it says ---- */

static void
what_is_selected(void **state)
{
    struct soql_error err;
    struct soql *q = soql_parse(
        "SELECT Id, TYPEOF Boss WHEN Person THEN Name, Age ELSE Name END, "
        "Name FROM Person LIMIT 7 OFFSET 3",
        &source, &err);

    (void)state;
    assert_non_null(q);
    assert_string_equal(soql_object(q), "Person");
    assert_false(soql_is_count(q));
    assert_int_equal(soql_limit(q), 7);
    assert_int_equal(soql_offset(q), 3);
    assert_string_equal(soql_item(q, 0)->path, "Id");
    assert_false(soql_item_is_typeof(q, 0));
    assert_string_equal(soql_item(q, 1)->path, "Boss");
    assert_true(soql_item_is_typeof(q, 1));
    assert_string_equal(soql_item(q, 2)->path, "Name");
    assert_null(soql_item(q, 3));
    assert_string_equal(soql_typeof(q, 1, "person", 0)->path, "Name");
    assert_string_equal(soql_typeof(q, 1, "person", 1)->path, "Age");
    assert_null(soql_typeof(q, 1, "person", 2));
    assert_string_equal(soql_typeof(q, 1, "Lead", 0)->path, "Name");
    assert_null(soql_typeof(q, 1, "Lead", 1));
    soql_free(q);
}

static void
counting(void **state)
{
    struct soql_error err;
    struct soql *q = soql_parse("SELECT count ( ) FROM Person", &source, &err);

    (void)state;
    assert_non_null(q);
    assert_true(soql_is_count(q));
    assert_int_equal(soql_limit(q), -1);
    assert_int_equal(soql_offset(q), 0);
    soql_free(q);
}

/* However deep: refused, not a crash. */
static void
depth(void **state)
{
    static char text[20000];
    struct soql_error err;

    (void)state;
    strcpy(text, "SELECT Id FROM Person WHERE ");
    memset(text + strlen(text), '(', 15000);
    assert_null(soql_parse(text, &source, &err));
    assert_string_equal(err.code, "QUERY_TOO_COMPLICATED");
}

/* begin, then as many times `again` as fit, then end. */
static struct soql *
parse_long(const char *begin, const char *again, const char *end, int n,
           struct soql_error *err)
{
    static char text[500000];
    size_t len = (size_t)snprintf(text, sizeof(text), "%s", begin);

    while (n-- > 0)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s", again);
    snprintf(text + len, sizeof(text) - len, "%s", end);
    return soql_parse(text, &source, err);
}

/* However many conditions: no deeper for it. */
static void
many_conditions(void **state)
{
    struct soql_error err;
    struct soql *q = parse_long("SELECT Id FROM Person WHERE ", "Age=1 OR ",
                                "(Age=7 AND Age!=8)", 11000, &err);

    (void)state;
    assert_non_null(q);
    assert_true(soql_matches(q, &people[1]));
    assert_false(soql_matches(q, &people[0]));
    soql_free(q);
}

static void
many_literals(void **state)
{
    struct soql_error err;
    struct soql *q = parse_long("SELECT Id FROM Person WHERE Name IN (", "'x',",
                                "'Ann')", 24000, &err);

    (void)state;
    assert_non_null(q);
    assert_true(soql_matches(q, &people[0]));
    assert_false(soql_matches(q, &people[1]));
    soql_free(q);
}

/* Characters are counted, not bytes. */
static void
limits(void **state)
{
    static const struct {
        const char *begin, *again, *end;
        int n;
        const char *why; /* NULL: it is good */
    } rows[] = {
        {"SELECT Id FROM Person WHERE Name = '", "\u00fc", "'", 4000, NULL},
        {"SELECT Id FROM Person WHERE Name = '", "\u00fc", "'", 4001,
         "longer than 4000"},
        {"SELECT Id FROM Person WHERE Name = '", "\u00fc", "'", 100000,
         "100000 characters"},
        {"SELECT Id FROM Person ORDER BY Id", ",Id", "", 31, NULL},
        {"SELECT Id FROM Person ORDER BY Id", ",Id", "", 32, "at most 32"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct soql_error err = {"", ""};
        struct soql *q = parse_long(rows[i].begin, rows[i].again, rows[i].end,
                                    rows[i].n, &err);

        assert_int_equal(q != NULL, rows[i].why == NULL);
        if (rows[i].why != NULL)
            assert_non_null(strstr(err.message, rows[i].why));
        soql_free(q);
    }
}

int
main(void)
{
    const struct CMUnitTest others[] = {cmocka_unit_test(what_is_selected),
                                        cmocka_unit_test(counting),
                                        cmocka_unit_test(depth),
                                        cmocka_unit_test(many_conditions),
                                        cmocka_unit_test(many_literals),
                                        cmocka_unit_test(limits)};
    struct CMUnitTest tests[N_ROWS + sizeof(others) / sizeof(others[0])];

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = found[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&found[i]};
    memcpy(tests + N_ROWS, others, sizeof(others));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
