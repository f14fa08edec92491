/* check: is everything there that a pass needs? One line for each thing: ok, or
 * what is wrong and how to mend it. */
#include "common/command.h"
#include "common/http.h"
#include "common/secret.h"
#include "common/store.h"
#include "common/tool.h"
#include "stages/tools/check/lines.h"
#include "stages/tools/check/services.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEARLY_FULL 80 /* per cent */

static const char usage[] =
    "usage: check [--json] [--offline] [--conf FILE]\n"
    "Looks at the config, credentials, state folder and programs; asks both\n"
    "services whether what is mapped is there and fits (--offline: does not).\n"
    "Changes nothing. Exit 78: something is wrong; 75: a service could not be\n"
    "asked now.\n";

static void
check_secret(cJSON *lines, const struct conf *conf, const char *section,
             const char *key)
{
    char name[64], value[8192], where[PATH_MAX];
    struct error err;
    bool is_key = strcmp(key, "private_key") == 0;
    int rv =
        is_key
            ? secret_read_lines(conf, section, key, value, sizeof(value), &err)
            : secret_read(conf, section, key, value, sizeof(value), &err);

    secret_wipe(value, sizeof(value));
    snprintf(name, sizeof(name), "%s %s", section, key);
    line_note(
        lines, name, conf_where(conf, section, key, where, sizeof(where)),
        rv < 0 ? &err : NULL,
        "set the variable, or write the secret to a file that only you can "
        "read and name it file:PATH");
}

/* What [salesforce] auth signs in with. */
static void
check_auth(cJSON *lines, const struct conf *conf)
{
    const char *auth = conf_str(conf, "salesforce", "auth");
    const char *secret = conf_str(conf, "salesforce", "client_secret");
    bool is_unset =
        strncmp(secret, "env:", 4) == 0 && getenv(secret + 4) == NULL;
    struct error err;

    check_secret(lines, conf, "salesforce", "client_id");
    if (strcmp(auth, "jwt") == 0) {
        error_set(&err, EX_CONFIG,
                  "[salesforce] username is empty; auth = jwt signs in as that "
                  "user");
        line_note(lines, "salesforce username",
                  conf_str(conf, "salesforce", "username"),
                  conf_str(conf, "salesforce", "username")[0] == '\0' ? &err
                                                                      : NULL,
                  "write the user's name as it stands in Setup > Users");
        check_secret(lines, conf, "salesforce", "private_key");
        return;
    }
    if (strcmp(auth, "refresh_token") == 0)
        check_secret(lines, conf, "salesforce", "refresh_token");
    /* An app that refreshes may have no secret. */
    if (strcmp(auth, "refresh_token") != 0 || !is_unset)
        check_secret(lines, conf, "salesforce", "client_secret");
}

static void
check_secrets(cJSON *lines, const struct conf *conf)
{
    if (conf_str(conf, "hubspot", "client_id")[0] == '\0') {
        check_secret(lines, conf, "hubspot", "token");
    } else {
        check_secret(lines, conf, "hubspot", "client_id");
        check_secret(lines, conf, "hubspot", "client_secret");
        check_secret(lines, conf, "hubspot", "refresh_token");
    }
    check_auth(lines, conf);
}

static void
check_url(cJSON *lines, const struct conf *conf, const char *section,
          const char *key)
{
    const char *url = conf_str(conf, section, key);
    char name[64];
    struct error err;
    int rv = http_check_url(url, &err);

    snprintf(name, sizeof(name), "%s %s", section, key);
    line_note(lines, name, url, rv < 0 ? &err : NULL,
              "write an https:// address");
}

/* Can a folder be used, or made? */
static int
usable(const char *dir, struct error *err)
{
    char path[PATH_MAX];
    struct stat st;
    char *slash;

    snprintf(path, sizeof(path), "%s", dir);
    while (stat(path, &st) < 0) {
        slash = strrchr(path, '/');
        if (slash == NULL || slash == path)
            break;
        *slash = '\0';
    }
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return error_set(err, EX_CANTCREAT, "%s is no folder", path);
    if (access(path, W_OK | X_OK) < 0)
        return error_set(err, EX_CANTCREAT, "%s cannot be written to", path);
    return 0;
}

/* Is there room for dead letters? */
static void
check_letters(cJSON *lines, const struct conf *conf, struct store *store)
{
    int64_t max = conf_int(conf, "delivery", "dead_letters_max"), n = 0;
    struct error err;
    enum line_state state = LINE_OK;
    char words[96];

    if (store == NULL || store_dead_count(store, NULL, &n, &err) < 0)
        return;
    if (n >= max)
        state = LINE_WRONG;
    else if (n * 100 >= max * NEARLY_FULL)
        state = LINE_WARNING;
    snprintf(words, sizeof(words),
             "%" PRId64 " of %" PRId64 " ([delivery] dead_letters_max)%s", n,
             max, n >= max ? ": full, events wait" : "");
    line_add(lines, "dead letters", state, words,
             state == LINE_OK ? NULL
                              : "./run.sh dead tells what to do about each: "
                                "mend that and retry, or drop them");
}

static void
check_state(cJSON *lines, const struct conf *conf)
{
    struct store *store = NULL;
    struct error err;
    char url[PATH_MAX + 16];
    bool is_there = tool_state_url(conf, url, sizeof(url));
    int rv = usable(conf_state_dir(conf), &err);

    if (rv == 0 && is_there)
        rv = store_open(url, STORE_READ, &store, &err);
    line_note(
        lines, "state", is_there ? url : "will be made by the first sync",
        rv < 0 ? &err : NULL,
        "give [state] url a folder that you can write to; a damaged state is "
        "moved aside, the next sync begins anew and doubles nothing");
    check_letters(lines, conf, store);
    store_close(store);
    rv = usable(conf_run_dir(conf), &err);
    line_note(lines, "sockets", conf_run_dir(conf), rv < 0 ? &err : NULL,
              "make the folder writable for you, or move the state folder");
}

static int
find_program(const struct conf *conf, const struct conf_stage *stage,
             char **path, struct error *err)
{
    char **words;
    int rv;

    if (command_split(stage->command, &words, err) < 0)
        return -1;
    rv = command_find(conf, words[0], path, err);
    command_free(words);
    return rv;
}

static void
check_stages(cJSON *lines, const struct conf *conf)
{
    const char *const *names = conf_stages(conf);

    for (int i = 0; names[i] != NULL; i++) {
        char name[80];
        struct conf_stage stage;
        struct error err;
        char *path = NULL;
        int rv = conf_stage(conf, names[i], &stage, &err);

        if (rv == 0) {
            rv = find_program(conf, &stage, &path, &err);
            conf_stage_fini(&stage);
        }
        snprintf(name, sizeof(name), "stage %s", names[i]);
        line_note(lines, name, path, rv < 0 ? &err : NULL,
                  "correct [stage.NAME] command, or build it with make");
        free(path);
    }
}

static void
check_all(const struct tool *tool, bool is_offline, cJSON *lines)
{
    struct conf *conf = NULL;
    struct error err;

    if (tool_conf(tool, &conf, &err) < 0) {
        line_note(
            lines, "config", "", &err,
            "correct that line; pipeline.conf as shipped has every key with "
            "its default");
        return;
    }
    line_note(lines, "config", conf_path(conf), NULL, "");
    check_url(lines, conf, "hubspot", "api_base");
    check_url(lines, conf, "salesforce", "login_url");
    check_secrets(lines, conf);
    check_state(lines, conf);
    check_stages(lines, conf);
    if (is_offline)
        line_add(lines, "services", LINE_UNASKED, "not asked: --offline", NULL);
    else
        services_check(conf, lines);
    conf_free(conf);
}

int
main(int argc, char **argv)
{
    bool json = false, is_offline = false;
    struct tool tool = {
        .name = "check",
        .usage = usage,
        .flags = {{"--json", NULL, &json}, {"--offline", NULL, &is_offline}}};
    cJSON *lines;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words > 0)
        return tool_misuse(&tool, "unknown argument: %s", tool.words[0]);
    lines = cJSON_CreateArray();
    check_all(&tool, is_offline, lines);
    code = lines_report(lines, json);
    cJSON_Delete(lines);
    return code;
}
