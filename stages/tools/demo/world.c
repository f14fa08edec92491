/* world: see world.h. */
#include "stages/tools/demo/world.h"
#include "common/conf.h"
#include "common/http.h"
#include "common/json.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Start a program of ours with its standard output in a pipe; the kernel ends
 * it with us. Returns the pipe's end. */
static FILE *
launch(const struct world *w, char *const *argv, pid_t *pid, struct error *err)
{
    char path[PATH_MAX + 64];
    pid_t parent = getpid();
    int ends[2];

    snprintf(path, sizeof(path), "%s/%s", w->programs, argv[0]);
    if (pipe2(ends, O_CLOEXEC) < 0) {
        error_set(err, EX_OSERR, "pipe: %s", strerror(errno));
        return NULL;
    }
    fflush(NULL);
    *pid = fork();
    if (*pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(EX_TEMPFAIL);
        dup2(ends[1], STDOUT_FILENO);
        execv(path, argv);
        _exit(127);
    }
    close(ends[1]);
    if (*pid < 0) {
        close(ends[0]);
        error_set(err, EX_OSERR, "%s cannot be started: %s", path,
                  strerror(errno));
        return NULL;
    }
    return fdopen(ends[0], "re");
}

static int
wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return EX_OSERR;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int
start_sandbox(struct world *w, struct error *err)
{
    char *const argv[] = {"sandbox", "--hubspot-port", "0", "--salesforce-port",
                          "0",       "--seed",         "7", NULL};
    FILE *out = launch(w, argv, &w->sandbox, err);
    char line[256] = "";

    if (out == NULL)
        return -1;
    while (fgets(line, sizeof(line), out) != NULL &&
           strcmp(line, "ready\n") != 0)
        sscanf(line, "hubspot=%d salesforce=%d", &w->hubspot_port,
               &w->salesforce_port);
    fclose(out);
    if (strcmp(line, "ready\n") == 0 && w->hubspot_port > 0 &&
        w->salesforce_port > 0)
        return 0;
    return error_set(err, EX_UNAVAILABLE, "the sandbox does not start");
}

static int
write_conf(struct world *w, bool keep_equal, struct error *err)
{
    FILE *f;

    snprintf(w->conf, sizeof(w->conf), "%s/pipeline.conf", w->dir);
    f = fopen(w->conf, "we");
    if (f == NULL)
        return error_set(err, EX_CANTCREAT, "%s: %s", w->conf, strerror(errno));
    fprintf(f,
            "[hubspot]\napi_base = http://127.0.0.1:%d\n"
            "[salesforce]\nlogin_url = http://127.0.0.1:%d\n"
            "[log]\nlevel = warn\n",
            w->hubspot_port, w->salesforce_port);
    for (int a = 0; a < ACTIVITY_COUNT && keep_equal; a++)
        fprintf(f, "[%s]\nsync = on\n", conf_activity((enum activity)a));
    fclose(f);
    setenv("HUBSPOT_TOKEN", "sandbox-token", 1);
    setenv("SALESFORCE_CLIENT_ID", "sandbox-client", 1);
    setenv("SALESFORCE_CLIENT_SECRET", "sandbox-secret", 1);
    return 0;
}

static int
find_programs(struct world *w, struct error *err)
{
    ssize_t n =
        readlink("/proc/self/exe", w->programs, sizeof(w->programs) - 1);

    if (n <= 0)
        return error_set(err, EX_OSERR, "/proc/self/exe: %s", strerror(errno));
    w->programs[n] = '\0';
    *strrchr(w->programs, '/') = '\0';
    return 0;
}

int
world_open(struct world *w, struct error *err)
{
    const char *tmp = getenv("TMPDIR");

    memset(w, 0, sizeof(*w));
    snprintf(w->dir, sizeof(w->dir), "%s/crmpipe-demo-XXXXXX",
             tmp != NULL && strlen(tmp) < 200 ? tmp : "/tmp");
    if (find_programs(w, err) < 0)
        return -1;
    if (mkdtemp(w->dir) == NULL) {
        error_set(err, EX_CANTCREAT, "%s: %s", w->dir, strerror(errno));
        w->dir[0] = '\0';
        return -1;
    }
    if (start_sandbox(w, err) == 0 && write_conf(w, false, err) == 0)
        return 0;
    world_close(w);
    return -1;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    remove(path);
    return 0;
}

void
world_close(struct world *w)
{
    if (w->sandbox > 0) {
        kill(w->sandbox, SIGTERM);
        wait_for(w->sandbox);
        w->sandbox = 0;
    }
    if (w->dir[0] != '\0')
        nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    w->dir[0] = '\0';
}

static char *
read_all(FILE *in, size_t *len)
{
    char *text = NULL;
    char chunk[4096];
    FILE *out = open_memstream(&text, len);
    size_t n;

    if (out == NULL)
        abort();
    while ((n = fread(chunk, 1, sizeof(chunk), in)) > 0)
        fwrite(chunk, 1, n, out);
    fclose(out);
    return text;
}

int
world_keep_equal(struct world *w, struct error *err)
{
    return write_conf(w, true, err);
}

/* What a program of ours prints as JSON. */
static cJSON *
run(const struct world *w, char *const *argv, int *code, struct error *err)
{
    pid_t pid;
    FILE *out = launch(w, argv, &pid, err);
    cJSON *sum;
    size_t len;
    char *text;

    *code = -1;
    if (out == NULL)
        return NULL;
    text = read_all(out, &len);
    if (!feof(out))
        kill(pid, SIGTERM); /* a signal came: the pass is to stop, too */
    fclose(out);
    *code = wait_for(pid);
    sum = json_parse(text, len, err);
    free(text);
    return sum;
}

cJSON *
world_sync(struct world *w, int *code, struct error *err)
{
    char *const argv[] = {"supervisor", "sync",  "--json",
                          "--conf",     w->conf, NULL};

    return run(w, argv, code, err);
}

cJSON *
world_verify(struct world *w, int *code, struct error *err)
{
    char *const argv[] = {"verify", "--yes", "--json", "--conf", w->conf, NULL};

    return run(w, argv, code, err);
}

cJSON *
world_call(int port, const char *path, const char *body, struct error *err)
{
    static const char *const headers[] = {"Content-Type: application/json",
                                          NULL};
    struct http_response res;
    struct http *http;
    char url[256];
    cJSON *answer = NULL;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
    if (http_open(NULL, NULL, &http, err) < 0)
        return NULL;
    http_call(
        http,
        &(struct http_request){.method = body != NULL ? "POST" : "GET",
                               .url = url,
                               .headers = headers,
                               .body = body,
                               .body_len = body != NULL ? strlen(body) : 0},
        &res);
    if (res.result == HTTP_OK && res.status / 100 == 2)
        answer = json_parse(res.body, res.body_len, err);
    else
        error_set(err, EX_UNAVAILABLE, "%s: status %d %s", url, res.status,
                  res.error);
    http_response_fini(&res);
    http_close(http);
    return answer;
}
