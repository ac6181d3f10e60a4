#include "cli/grants.h"

#include <string.h>

static bool goes_up(const char *path)
{
    for (const char *at = path; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0'))
            return true;
    }
    return false;
}

// "tubes.csv" grants "tubes.csv.next" and "tubes-2.csv".
static bool is_beside(const char *given, const char *path)
{
    const char *slash = strrchr(given, '/');
    const char *name = slash != NULL ? slash + 1 : given, *dot = strrchr(name, '.');
    size_t stem = dot != NULL && dot != name ? (size_t)(dot - given) : strlen(given);
    if (*name == '\0' || strncmp(path, given, stem) != 0)
        return false;
    const char *rest = path + stem;
    return (*rest == '.' || *rest == '-') && strchr(rest, '/') == NULL;
}

static bool is_inside(const char *given, const char *path)
{
    size_t size = strlen(given);
    if (size == 0 || strncmp(path, given, size) != 0)
        return false;
    bool below = given[size - 1] == '/' || path[size] == '/';
    return below && !goes_up(path + size);
}

static bool grants(const char *given, const char *path)
{
    return *given != '\0' &&
           (strcmp(given, path) == 0 || is_beside(given, path) || is_inside(given, path));
}

static bool is_folder_of(const char *given, const char *path)
{
    wf_path folder;
    if (*given == '\0' || strlen(given) >= sizeof folder.text)
        return false;
    folder = wf_path_folder(given);
    return strcmp(folder.text, path) == 0;
}

// Whether one of what was given does.
static bool any(const wf_cli *cli, size_t city_at,
                bool (*does)(const char *given, const char *path), const char *path)
{
    for (size_t i = 0; i < cli->arguments_count; i++)
        if (i != city_at && does(cli->arguments[i], path))
            return true;
    const wf_option *options = cli->verb->options;
    for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
        if (cli->values[i] != NULL && does(cli->values[i], path))
            return true;
    return false;
}

bool wf_grants_path(const wf_cli *cli, size_t city_at, const char *path)
{
    return any(cli, city_at, grants, path);
}

bool wf_grants_folder(const wf_cli *cli, size_t city_at, const char *path)
{
    return any(cli, city_at, is_folder_of, path) || any(cli, city_at, grants, path);
}
