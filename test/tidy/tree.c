#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tidy.h"

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

// ---- text ----

bool tidy_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool tidy_ends(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

bool tidy_is_c(const tidy_file *file)
{
    return file->code != NULL;
}

bool tidy_is_word(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
}

void tidy_found(tidy_report *report, const tidy_file *file, size_t at, const char *format,
                ...)
{
    report->count++;
    if (report->quiet)
        return;
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += file->bytes[i] == '\n';
    va_list values;
    va_start(values, format);
    printf("# %s:%zu: ", file->path, line);
    vprintf(format, values);
    printf("\n");
    va_end(values);
}

// ---- blanking ----

static void blank(char *code, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (code[i] != '\n')
            code[i] = ' ';
}

// The end of the literal whose quote stands at `at`.
static size_t literal_end(const char *bytes, size_t size, size_t at)
{
    char quote = bytes[at++];
    while (at < size && bytes[at] != quote && bytes[at] != '\n')
        at += bytes[at] == '\\' && at + 1 < size ? 2 : 1;
    return at < size ? at + 1 : size;
}

static size_t comment_end(const char *bytes, size_t size, size_t at)
{
    const char *end =
        bytes[at + 1] == '/' ? strchr(bytes + at, '\n') : strstr(bytes + at + 2, "*/");
    if (end == NULL)
        return size;
    return (size_t)(end - bytes) + (bytes[at + 1] == '/' ? 0 : 2);
}

// The end of the line, and of those it goes on with.
static size_t directive_end(const char *bytes, size_t size, size_t at)
{
    while (at < size && !(bytes[at] == '\n' && bytes[at - 1] != '\\'))
        at++;
    return at;
}

static bool first_on_line(const char *bytes, size_t at)
{
    while (at > 0 && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t'))
        at--;
    return at == 0 || bytes[at - 1] == '\n';
}

static char *blanked(const char *bytes, size_t size)
{
    char *code = must(strdup(bytes));
    for (size_t at = 0; at < size;) {
        size_t end = at + 1;
        if (bytes[at] == '/' && (bytes[at + 1] == '/' || bytes[at + 1] == '*')) {
            end = comment_end(bytes, size, at);
            blank(code, at, end);
        } else if (bytes[at] == '"' || bytes[at] == '\'') {
            end = literal_end(bytes, size, at);
            blank(code, at + 1, end - 1);
        } else if (bytes[at] == '#' && first_on_line(bytes, at)) {
            end = directive_end(bytes, size, at);
            blank(code, at, end);
        }
        at = end;
    }
    return code;
}

static void copy_cut(char *room, size_t room_size, const char *from, size_t size)
{
    if (snprintf(room, room_size, "%.*s", (int)size, from) < 0)
        abort();
}

bool tidy_next_literal(const tidy_file *file, size_t *at, char *room, size_t room_size,
                       size_t *ret_at)
{
    const char *from = strchr(file->code + *at, '"');
    if (from == NULL)
        return false;
    const char *end = strchr(from + 1, '"');
    size_t begin = (size_t)(from - file->code) + 1;
    size_t size = end != NULL ? (size_t)(end - from) - 1 : 0;
    copy_cut(room, room_size, file->bytes + begin, size);
    *ret_at = begin;
    *at = end != NULL ? (size_t)(end - file->code) + 1 : file->size;
    return true;
}

bool tidy_next_include(const tidy_file *file, size_t *at, char *room, size_t room_size,
                       size_t *ret_at)
{
    static const char mark[] = "#include \"";
    const char *from = file->bytes + *at;
    while ((from = strstr(from, mark)) != NULL &&
           !first_on_line(file->bytes, (size_t)(from - file->bytes)))
        from++;
    if (from == NULL)
        return false;
    from += sizeof mark - 1;
    size_t size = strcspn(from, "\"\n");
    *ret_at = (size_t)(from - file->bytes);
    *at = *ret_at + size;
    copy_cut(room, room_size, from, size);
    return true;
}

// ---- trees ----

void tidy_tree_add(tidy_tree *tree, const char *path, const char *bytes, size_t size)
{
    if (tree->count == tree->capacity) {
        tree->capacity = tree->capacity == 0 ? 256 : tree->capacity * 2;
        tree->files = must(realloc(tree->files, tree->capacity * sizeof *tree->files));
    }
    tidy_file *file = &tree->files[tree->count++];
    *file = (tidy_file){.path = must(strdup(path)), .bytes = must(malloc(size + 1))};
    memcpy(file->bytes, bytes, size);
    file->bytes[size] = '\0';
    file->size = strlen(file->bytes); // binary files end at their first NUL
    if (tidy_ends(path, ".c") || tidy_ends(path, ".h"))
        file->code = blanked(file->bytes, file->size);
}

void tidy_tree_done(tidy_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        free(tree->files[i].path);
        free(tree->files[i].bytes);
        free(tree->files[i].code);
    }
    free(tree->files);
    *tree = (tidy_tree){0};
}

const tidy_file *tidy_tree_find(const tidy_tree *tree, const char *path)
{
    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->files[i].path, path) == 0)
            return &tree->files[i];
    return NULL;
}

static void join(char *to, size_t size, const char *folder, const char *name)
{
    int written =
        snprintf(to, size, "%s%s%s", folder, folder[0] != '\0' ? "/" : "", name);
    if (written < 0 || (size_t)written >= size)
        abort();
}

static void read_file(tidy_tree *tree, const char *full, const char *path, size_t size)
{
    FILE *file = must(fopen(full, "rb"));
    char *bytes = must(malloc(size + 1));
    size_t found = fread(bytes, 1, size, file);
    if (found != size || fclose(file) != 0)
        abort();
    tidy_tree_add(tree, path, bytes, size);
    free(bytes);
}

// Folders that are made, not written.
static bool is_made(const char *full)
{
    char mark[4096];
    struct stat about;
    join(mark, sizeof mark, full, "build.ninja");
    if (stat(mark, &about) == 0)
        return true;
    join(mark, sizeof mark, full, "meson-private");
    return stat(mark, &about) == 0 || tidy_ends(full, "/node_modules") ||
           tidy_ends(full, "/web/dist");
}

static void read_folder(tidy_tree *tree, const char *root, const char *folder)
{
    char full[4096], path[2048];
    join(full, sizeof full, root, folder);
    struct dirent **names = NULL;
    int count = scandir(full, &names, NULL, alphasort);
    if (count < 0)
        abort();
    for (int i = 0; i < count; i++) {
        struct stat about;
        const char *name = names[i]->d_name;
        join(path, sizeof path, folder, name);
        join(full, sizeof full, root, path);
        bool taken = name[0] != '.' && lstat(full, &about) == 0;
        if (taken && S_ISDIR(about.st_mode) && !is_made(full))
            read_folder(tree, root, path);
        else if (taken && S_ISREG(about.st_mode) && about.st_size < 4 << 20)
            read_file(tree, full, path, (size_t)about.st_size);
        free(names[i]);
    }
    free(names);
}

void tidy_tree_read(tidy_tree *tree, const char *root)
{
    read_folder(tree, root, "");
}
