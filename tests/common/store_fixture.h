/* store_fixture: a folder of its own for each test of the state, and the state
 * in it. */
#ifndef TESTS_COMMON_STORE_FIXTURE_H
#define TESTS_COMMON_STORE_FIXTURE_H

#include "common/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sqlite3.h>

static char dir[64], path[96], url[128];

static inline int
make_folder(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/crmpipe-store-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/s/state.db", dir);
    snprintf(url, sizeof(url), "sqlite:%s", path);
    return 0;
}

static inline int
remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    return system(command);
}

static inline struct store *
open_it(enum store_mode mode)
{
    struct store *store;
    struct error err = {0, ""};

    if (store_open(url, mode, &store, &err) < 0)
        fail_msg("%s", err.text);
    return store;
}

static inline void
execute(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

#endif
