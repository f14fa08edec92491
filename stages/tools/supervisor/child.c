/* child: see child.h. */
#include "stages/tools/supervisor/child.h"
#include "common/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

static void
add_flags(struct child *c, const char *const *flags)
{
    size_t n = 0, more = 0;

    while (c->argv[n] != NULL)
        n++;
    while (flags != NULL && flags[more] != NULL)
        more++;
    c->argv = realloc(c->argv, (n + more + 1) * sizeof(*c->argv));
    if (c->argv == NULL)
        abort();
    for (size_t i = 0; i < more; i++)
        if ((c->argv[n + i] = strdup(flags[i])) == NULL)
            abort();
    c->argv[n + more] = NULL;
}

void
child_set_flags(struct child *c, const char *const *flags)
{
    for (size_t i = c->n_own; c->argv[i] != NULL; i++)
        free(c->argv[i]);
    c->argv[c->n_own] = NULL;
    add_flags(c, flags);
}

int
child_prepare(struct child *c, const struct conf *conf, const char *name,
              const char *command, const char *const *flags, struct error *err)
{
    const char *const own[] = {"--conf", conf_path(conf), "--name", name, NULL};
    char *program;

    snprintf(c->name, sizeof(c->name), "%s", name);
    if (command_split(command, &c->argv, err) < 0)
        return error_wrap(err, "[stage.%s] command", name);
    if (command_find(conf, c->argv[0], &program, err) < 0) {
        child_fini(c);
        return error_wrap(err, "[stage.%s] command", name);
    }
    free(c->argv[0]);
    c->argv[0] = program;
    c->dir = conf_resolve(conf, ".");
    add_flags(c, own);
    add_flags(c, flags);
    for (c->n_own = 0; c->argv[c->n_own] != NULL; c->n_own++)
        ;
    return 0;
}

void
child_fini(struct child *c)
{
    command_free(c->argv);
    c->argv = NULL;
    free(c->dir);
    c->dir = NULL;
}

/* In the new process; only what is safe between fork and exec of a process
 * with threads. */
static void
become(const struct child *c, pid_t parent, int null)
{
    static const char failed[] = "a stage's program cannot be started\n";
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EX_TEMPFAIL); /* it died before the line above */
    setpgid(0, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    dup2(null, STDIN_FILENO);
    if (!c->keeps_stdout)
        dup2(STDERR_FILENO, STDOUT_FILENO);
    if (chdir(c->dir) < 0)
        _exit(EX_NOINPUT);
    execve(c->argv[0], c->argv, environ);
    if (write(STDERR_FILENO, failed, sizeof(failed) - 1) < 0)
        _exit(EX_IOERR);
    _exit(EX_OSERR);
}

int
child_spawn(struct child *c, struct error *err)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pid_t parent = getpid();
    pid_t pid = null < 0 ? -1 : fork();

    if (pid == 0)
        become(c, parent, null);
    if (pid < 0)
        error_set(err, EX_OSERR, "%s cannot be started: %s", c->name,
                  strerror(errno));
    else
        setpgid(pid, pid); /* whoever comes first */
    if (null >= 0)
        close(null);
    if (pid < 0)
        return -1;
    c->pid = pid;
    return 0;
}

void
child_signal(const struct child *c, int sig)
{
    if (c->pid <= 0)
        return;
    if (sig == SIGKILL)
        kill(-c->pid, sig);
    kill(c->pid, sig);
}

const char *
child_state_name(enum child_state state)
{
    static const char *const names[] = {"idle",     "running", "waiting",
                                        "stopping", "stopped", "failed"};

    return names[state];
}
