/* command: see command.h. */
#include "common/command.h"
#include "common/path.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char blanks[] = " \t\r\n";

/* Copy one word to `out`, without its quotes; the position behind it, or NULL
 * when it is not finished. */
static const char *
take_word(const char *s, char *out)
{
    char quote = '\0';

    for (; *s != '\0' && (quote != '\0' || strchr(blanks, *s) == NULL); s++) {
        bool escapes = *s == '\\' && quote != '\'' &&
                       (quote == '\0' || s[1] == '"' || s[1] == '\\');

        if (quote == '\0' && (*s == '\'' || *s == '"')) {
            quote = *s;
        } else if (quote != '\0' && *s == quote) {
            quote = '\0';
        } else {
            if (escapes && *++s == '\0')
                return NULL;
            *out++ = *s;
        }
    }
    *out = '\0';
    return quote == '\0' ? s : NULL;
}

int
command_split(const char *text, char ***words, struct error *err)
{
    size_t len = strlen(text);
    /* Each word takes a byte and a blank at least. */
    char **list = calloc(len / 2 + 2, sizeof(*list));
    char *word = malloc(len + 1);
    size_t n = 0;
    const char *s = text;

    if (list == NULL || word == NULL)
        abort();
    for (s += strspn(s, blanks); *s != '\0'; s += strspn(s, blanks)) {
        s = take_word(s, word);
        if (s == NULL)
            break;
        list[n] = strdup(word);
        if (list[n++] == NULL)
            abort();
    }
    free(word);
    if (s != NULL && n > 0) {
        *words = list;
        return 0;
    }
    command_free(list);
    return error_set(err, EX_CONFIG, "\"%.200s\": %s", text,
                     s == NULL ? "a quote or an escape is not finished"
                               : "there is no program in it");
}

void
command_free(char **words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        free(words[i]);
    free(words);
}

static bool
is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

static int
found(const char *path, char **out)
{
    *out = strdup(path);
    if (*out == NULL)
        abort();
    return 0;
}

static int
find_in_path(const char *word, char **out, struct error *err)
{
    const char *path = getenv("PATH");
    char file[PATH_MAX];

    if (path == NULL || path[0] == '\0')
        path = "/usr/local/bin:/usr/bin:/bin";
    while (*path != '\0') {
        size_t n = strcspn(path, ":");

        if (n > 0 &&
            (size_t)snprintf(file, sizeof(file), "%.*s/%s", (int)n, path,
                             word) < sizeof(file) &&
            is_program(file))
            return found(file, out);
        path += n + (path[n] == ':');
    }
    return error_set(err, EX_CONFIG,
                     "program \"%s\" is not found in PATH; write its path, or "
                     "install it",
                     word);
}

/* build/NAME beside the program that runs: a build of another kind (build/san)
 * starts stages of its own kind. */
static bool
find_beside(const char *word, char **out)
{
    char self[PATH_MAX + 256];
    ssize_t n = readlink("/proc/self/exe", self, PATH_MAX - 1);
    char *slash;

    if (n <= 0 || strncmp(word, "build/", 6) != 0 ||
        strchr(word + 6, '/') != NULL || strlen(word) > 200)
        return false;
    self[n] = '\0';
    slash = strrchr(self, '/');
    snprintf(slash, sizeof(self) - (size_t)(slash - self), "/%s", word + 6);
    return is_program(self) && found(self, out) == 0;
}

int
command_find(const struct conf *conf, const char *word, char **out,
             struct error *err)
{
    char file[PATH_MAX];
    char *near;

    if (strchr(word, '/') == NULL)
        return find_in_path(word, out, err);
    near = conf_resolve(conf, word);
    if (is_program(near)) {
        *out = near;
        return 0;
    }
    if (word[0] != '/' && find_beside(word, out)) {
        free(near);
        return 0;
    }
    if (word[0] != '/' && path_root()[0] != '\0' &&
        (size_t)snprintf(file, sizeof(file), "%s/%s", path_root(), word) <
            sizeof(file) &&
        is_program(file)) {
        free(near);
        return found(file, out);
    }
    error_set(err, EX_CONFIG, "program \"%s\" is not found%s%s", near,
              word[0] != '/' ? ", nor where crmpipe is installed" : "",
              access(near, F_OK) == 0 ? " (the file is not executable)" : "");
    free(near);
    return -1;
}
