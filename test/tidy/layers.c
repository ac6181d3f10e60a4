#include <stdio.h>
#include <string.h>

#include "tidy.h"

// The layer law of DESIGN §2: a folder includes itself and lower levels; folders of
// one level do not see each other. `sees` narrows that where the law says so.
static const struct {
    const char *name;
    int level;
    const char *sees; // " a b ": only these; NULL: all below
} layers[] = {
    {"base", 0, NULL},
    {"model", 1, NULL},
    {"keys", 2, NULL},
    {"wire", 2, NULL},
    {"epi", 2, NULL},
    {"visits", 3, " base model keys "},
    {"store", 3, " base model keys "},
    {"trace", 4, NULL},
    {"load", 4, NULL},
    {"desk", 5, NULL},
    {"access", 6, NULL},
    {"serve", 7, " base model wire keys access "},
    {"city", 7, NULL},
    {"cli", 8, NULL},
};

enum { layers_count = sizeof layers / sizeof *layers };

// The layer that "name/…" begins with, or −1.
static int layer_of(const char *path)
{
    size_t size = strcspn(path, "/");
    for (int i = 0; i < layers_count; i++)
        if (path[size] == '/' && strlen(layers[i].name) == size &&
            memcmp(layers[i].name, path, size) == 0)
            return i;
    return -1;
}

static bool may_see(int from, int to)
{
    char name[32] = " ";
    if (from == to)
        return true;
    if (layers[to].level >= layers[from].level)
        return false;
    if (layers[from].sees == NULL)
        return true;
    size_t size = strlen(layers[to].name);
    memcpy(name + 1, layers[to].name, size);
    name[size + 1] = ' ';
    name[size + 2] = '\0';
    return strstr(layers[from].sees, name) != NULL;
}

// A header that the build of its folder makes.
static bool is_generated(const tidy_tree *tree, const char *include)
{
    char build[256], output[256];
    const char *name = strrchr(include, '/');
    if (name == NULL ||
        snprintf(build, sizeof build, "src/%.*s/meson.build", (int)(name - include),
                 include) >= (int)sizeof build ||
        snprintf(output, sizeof output, "output: '%s'", name + 1) >= (int)sizeof output)
        return false;
    const tidy_file *file = tidy_tree_find(tree, build);
    return file != NULL && strstr(file->bytes, output) != NULL;
}

static bool is_there(const tidy_tree *tree, const char *top, const char *include)
{
    char path[512];
    size_t top_size = strlen(top), size = strlen(include);
    if (top_size + size >= sizeof path)
        return false;
    memcpy(path, top, top_size);
    memcpy(path + top_size, include, size + 1);
    return tidy_tree_find(tree, path) != NULL;
}

static void check_internal(const tidy_tree *tree, const tidy_file *file,
                           tidy_report *report)
{
    char include[256];
    size_t at = 0, where;
    int from = layer_of(file->path + strlen("src/"));
    if (from < 0)
        tidy_found(report, file, 0, "stands in no layer");
    while (from >= 0 && tidy_next_include(file, &at, include, sizeof include, &where)) {
        int to = layer_of(include);
        if (tidy_starts(include, "weft/") && is_there(tree, "include/", include))
            continue;
        if (to < 0 || (!is_there(tree, "src/", include) && !is_generated(tree, include)))
            tidy_found(report, file, where, "\"%s\" is no header of a layer", include);
        else if (!may_see(from, to))
            tidy_found(report, file, where, "%s may not see %s", layers[from].name,
                       layers[to].name);
    }
}

// What users of the library include knows nothing of its inside.
static void check_public(const tidy_tree *tree, const tidy_file *file,
                         tidy_report *report)
{
    char include[256];
    size_t at = 0, where;
    while (tidy_next_include(file, &at, include, sizeof include, &where))
        if (!tidy_starts(include, "weft/") || !is_there(tree, "include/", include))
            tidy_found(report, file, where, "a public header includes \"%s\"", include);
}

void tidy_layers(const tidy_tree *tree, tidy_report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const tidy_file *file = &tree->files[i];
        if (tidy_is_c(file) && tidy_starts(file->path, "src/"))
            check_internal(tree, file, report);
        else if (tidy_is_c(file) && tidy_starts(file->path, "include/"))
            check_public(tree, file, report);
    }
}
