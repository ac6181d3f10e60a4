#include <stdio.h>
#include <string.h>

#include "tidy.h"

// ---- files that nothing uses ----

// True if the meson.build of the file's folder, or of one above it, names `word` in
// quotes.
static bool build_names(const tidy_tree *tree, const char *path, const char *word)
{
    char quoted[512], folder[512], build[600];
    if (snprintf(quoted, sizeof quoted, "'%s'", word) >= (int)sizeof quoted ||
        snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder)
        return false;
    for (char *slash; folder[0] != '\0';) {
        slash = strrchr(folder, '/');
        if (slash == NULL)
            slash = folder;
        *slash = '\0';
        if (snprintf(build, sizeof build, "%s%smeson.build", folder,
                     folder[0] != '\0' ? "/" : "") >= (int)sizeof build)
            return false;
        const tidy_file *file = tidy_tree_find(tree, build);
        if (file != NULL && strstr(file->bytes, quoted) != NULL)
            return true;
    }
    return false;
}

// The file's name, or its path below a folder whose meson.build lists it with folders;
// or without its ending, where the build adds that ("case" of sql/case.sql).
static bool is_built(const tidy_tree *tree, const char *path)
{
    for (const char *tail = path; tail != NULL; tail = strchr(tail, '/')) {
        char stem[512];
        tail += *tail == '/';
        if (build_names(tree, path, tail))
            return true;
        const char *slash = strrchr(tail, '/');
        if (slash != NULL)
            continue;
        size_t size = tidy_ends(tail, "_fuzz.c") ? strlen(tail) - strlen("_fuzz.c")
                                                 : strcspn(tail, ".");
        bool stemmed = tidy_ends(tail, ".sql") || tidy_ends(tail, "_fuzz.c") ||
                       tidy_ends(tail, ".yaml");
        if (!stemmed || size >= sizeof stem)
            continue;
        memcpy(stem, tail, size);
        stem[size] = '\0';
        return build_names(tree, path, stem);
    }
    return false;
}

static bool is_included(const tidy_tree *tree, const tidy_file *header)
{
    char include[256];
    for (size_t i = 0; i < tree->count; i++) {
        const tidy_file *file = &tree->files[i];
        size_t at = 0, where;
        while (tidy_is_c(file) && file != header &&
               tidy_next_include(file, &at, include, sizeof include, &where)) {
            size_t size = strlen(header->path), tail = strlen(include);
            if (tidy_ends(header->path, include) &&
                (size == tail || header->path[size - tail - 1] == '/'))
                return true;
        }
    }
    return false;
}

// A whole folder is installed, or another file names this one by its path.
static bool is_data_used(const tidy_tree *tree, const tidy_file *data)
{
    char top[256];
    size_t size = strcspn(data->path, "/");
    const tidy_file *build = tidy_tree_find(tree, "meson.build");
    if (build != NULL && data->path[size] == '/' &&
        snprintf(top, sizeof top, "install_subdir('%.*s'", (int)size, data->path) <
            (int)sizeof top &&
        strstr(build->bytes, top) != NULL)
        return true;
    const char *name = strrchr(data->path, '/');
    name = name != NULL ? name + 1 : data->path;
    for (size_t i = 0; i < tree->count; i++)
        if (&tree->files[i] != data && strstr(tree->files[i].bytes, name) != NULL)
            return true;
    return false;
}

// fuzz/corpus/<target>/…, of a target that is built.
static bool is_corpus(const tidy_tree *tree, const char *path)
{
    static const char top[] = "fuzz/corpus/";
    char quoted[256];
    const char *target = path + sizeof top - 1;
    const tidy_file *build = tidy_tree_find(tree, "fuzz/meson.build");
    return build != NULL &&
           snprintf(quoted, sizeof quoted, "'%.*s'", (int)strcspn(target, "/"), target) <
               (int)sizeof quoted &&
           strstr(build->bytes, quoted) != NULL;
}

// docs/reference/parsers.md says what each target tries.
static bool is_in_table(const tidy_tree *tree, const char *path)
{
    char quoted[256];
    const char *name = path + strlen("fuzz/");
    const tidy_file *table = tidy_tree_find(tree, "docs/reference/parsers.md");
    return table == NULL || (snprintf(quoted, sizeof quoted, "`%.*s`",
                                      (int)(strlen(name) - strlen("_fuzz.c")),
                                      name) < (int)sizeof quoted &&
                             strstr(table->bytes, quoted) != NULL);
}

void tidy_references(const tidy_tree *tree, tidy_report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const tidy_file *file = &tree->files[i];
        bool used = true;
        if (tidy_starts(file->path, "fuzz/corpus/"))
            used = is_corpus(tree, file->path);
        else if (tidy_ends(file->path, ".c"))
            used = is_built(tree, file->path);
        else if (tidy_ends(file->path, ".h"))
            used = is_included(tree, file);
        else if (tidy_ends(file->path, ".yaml") || tidy_ends(file->path, ".sql"))
            used = is_built(tree, file->path) || is_data_used(tree, file);
        if (!used)
            tidy_found(report, file, 0, "nothing uses this file");
        if (tidy_starts(file->path, "fuzz/") && tidy_ends(file->path, "_fuzz.c") &&
            !is_in_table(tree, file->path))
            tidy_found(report, file, 0, "docs/reference/parsers.md does not name it");
    }
}

// ---- links ----

// "docs/a.md" and "../src/x" give "src/x"; false when it leads out of the tree.
static bool resolve(const char *path, const char *target, char *room, size_t size)
{
    const char *slash = strrchr(path, '/');
    int base = slash != NULL ? (int)(slash - path) : 0;
    int written = target[0] == '/' ? 0 : snprintf(room, size, "%.*s", base, path);
    if (written < 0 || (size_t)written + strlen(target) + 2 > size)
        return false;
    size_t end = (size_t)written;
    for (const char *part = target; *part != '\0';) {
        size_t part_size = strcspn(part, "/");
        if (part_size == 2 && memcmp(part, "..", 2) == 0) {
            if (end == 0)
                return false;
            while (end > 0 && room[--end] != '/') {
            }
        } else if (part_size > 0 && !(part_size == 1 && part[0] == '.')) {
            if (end > 0)
                room[end++] = '/';
            memcpy(room + end, part, part_size);
            end += part_size;
        }
        part += part_size + (part[part_size] == '/');
    }
    room[end] = '\0';
    return true;
}

static bool is_path(const tidy_tree *tree, const char *path)
{
    size_t size = strlen(path);
    if (size == 0)
        return true;
    for (size_t i = 0; i < tree->count; i++) {
        const char *have = tree->files[i].path;
        if (tidy_starts(have, path) && (have[size] == '\0' || have[size] == '/'))
            return true;
    }
    return false;
}

static void check_link(const tidy_tree *tree, const tidy_file *file, size_t at,
                       tidy_report *report)
{
    char target[512], path[1024];
    size_t size = strcspn(file->bytes + at, ")#? \n");
    bool outside = tidy_starts(file->bytes + at, "http://") ||
                   tidy_starts(file->bytes + at, "https://") ||
                   tidy_starts(file->bytes + at, "mailto:");
    if (outside || size == 0 || size >= sizeof target)
        return;
    memcpy(target, file->bytes + at, size);
    target[size] = '\0';
    if (!resolve(file->path, target, path, sizeof path) || !is_path(tree, path))
        tidy_found(report, file, at, "the link to %s leads nowhere", target);
}

void tidy_links(const tidy_tree *tree, tidy_report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const tidy_file *file = &tree->files[i];
        bool fenced = false;
        for (size_t at = 0; tidy_ends(file->path, ".md") && at < file->size; at++) {
            if (tidy_starts(file->bytes + at, "```") &&
                (at == 0 || file->bytes[at - 1] == '\n'))
                fenced = !fenced;
            if (!fenced && tidy_starts(file->bytes + at, "]("))
                check_link(tree, file, at + 2, report);
        }
    }
}

// ---- words ----

// Written in two halves, so that this file does not find itself.
static const struct {
    const char *word, *why;
    bool whole; // not as a part of a longer name
} words[] = {
    {"TO"
     "DO",
     "what is not done is not there, or is an issue", true},
    {"FIX"
     "ME",
     "what is not done is not there, or is an issue", true},
    {"/ho"
     "me/",
     "a path of one machine", false},
    {"/Us"
     "ers/",
     "a path of one machine", false},
    {"/ro"
     "ot/",
     "a path of one machine", false},
    {"/wo"
     "rk/",
     "a path of one machine", false},
    {"/m"
     "nt/",
     "a path of one machine", false},
};

static void check_word(const tidy_file *file, size_t word, tidy_report *report)
{
    size_t size = strlen(words[word].word);
    for (const char *at = file->bytes; (at = strstr(at, words[word].word)) != NULL;
         at++) {
        bool longer =
            (at > file->bytes && tidy_is_word(at[-1])) || tidy_is_word(at[size]);
        // A path begins here only if nothing of a path stands before it.
        bool inside = at > file->bytes && (tidy_is_word(at[-1]) || at[-1] == '.' ||
                                           at[-1] == '}' || at[-1] == '-');
        if (words[word].whole ? !longer : !inside)
            tidy_found(report, file, (size_t)(at - file->bytes), "\"%s\": %s",
                       words[word].word, words[word].why);
    }
}

void tidy_words(const tidy_tree *tree, tidy_report *report)
{
    for (size_t i = 0; i < tree->count; i++)
        for (size_t word = 0; word < sizeof words / sizeof *words; word++)
            check_word(&tree->files[i], word, report);
}
