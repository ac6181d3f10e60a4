#include <string.h>

#include "tidy.h"

// Names that are not called in files whose path begins with `below` but not with `but`.
static const struct {
    const char *names;
    const char *below;
    const char *but;
    const char *why;
} bans[] = {
    {" strcpy strcat sprintf vsprintf strtok atoi atol atoll atof alloca "
     "system popen gets tmpnam mktemp ",
     "", "", "its size or its effect is not bounded"},
    {" exit _exit quick_exit abort printf vprintf fprintf vfprintf puts fputs putchar "
     "perror ",
     "src/", "src/cli/", "a library neither prints nor ends the program"},
    {" time clock clock_gettime gettimeofday timespec_get localtime localtime_r gmtime "
     "mktime ",
     "src/", "src/base/clock.c", "only base/clock.c reads the clock"},
    {" open openat creat write pwrite writev ftruncate truncate fsync fdatasync rename "
     "renameat unlink unlinkat mkdir rmdir remove fopen freopen fwrite link symlink ",
     "src/", "src/base/io.c", "files are written through base/io.h"},
    {" rand srand random srandom drand48 ", "", "", "generators are values passed in"},
};

// Each must be needed.
static const struct {
    const char *path;
    const char *name;
} exceptions[] = {
    {"src/base/status.c", "fprintf"}, // a bug says where it is
    {"src/base/status.c", "abort"},
    {"src/access/city/init.c", "rmdir"},             // folders that a failed init made
    {"src/access/copies/restore_folder.c", "rmdir"}, // the same of a failed restore
    {"src/cli/cli.c", "fwrite"},                     // standard output and messages
};

enum {
    bans_count = sizeof bans / sizeof *bans,
    exceptions_count = sizeof exceptions / sizeof *exceptions
};

static bool is_banned(const tidy_file *file, const char *name, const char **ret_why)
{
    char spaced[64] = " ";
    size_t size = strlen(name);
    if (size + 3 > sizeof spaced)
        return false;
    memcpy(spaced + 1, name, size);
    spaced[size + 1] = ' ';
    spaced[size + 2] = '\0';
    for (size_t i = 0; i < bans_count; i++) {
        bool here = tidy_starts(file->path, bans[i].below) &&
                    (bans[i].but[0] == '\0' || !tidy_starts(file->path, bans[i].but));
        *ret_why = bans[i].why;
        if (here && strstr(bans[i].names, spaced) != NULL)
            return true;
    }
    return false;
}

// A call: a name before "(" that is no member, no part of a longer name.
static bool next_call(const tidy_file *file, size_t *at, char *room, size_t room_size,
                      size_t *ret_at)
{
    const char *code = file->code;
    for (const char *open; (open = strchr(code + *at, '(')) != NULL;) {
        size_t end = (size_t)(open - code), begin;
        *at = end + 1;
        while (end > 0 && (code[end - 1] == ' ' || code[end - 1] == '\n'))
            end--;
        for (begin = end; begin > 0 && tidy_is_word(code[begin - 1]);)
            begin--;
        bool member = begin > 0 &&
                      (code[begin - 1] == '.' ||
                       (begin > 1 && code[begin - 1] == '>' && code[begin - 2] == '-'));
        if (begin == end || member || end - begin >= room_size)
            continue;
        memcpy(room, code + begin, end - begin);
        room[end - begin] = '\0';
        *ret_at = begin;
        return true;
    }
    return false;
}

static bool is_exception(const tidy_file *file, const char *name,
                         bool used[exceptions_count])
{
    for (size_t i = 0; i < exceptions_count; i++)
        if (strcmp(exceptions[i].path, file->path) == 0 &&
            strcmp(exceptions[i].name, name) == 0) {
            used[i] = true;
            return true;
        }
    return false;
}

void tidy_bans(const tidy_tree *tree, tidy_report *report)
{
    bool used[exceptions_count] = {false};
    for (size_t i = 0; i < tree->count; i++) {
        const tidy_file *file = &tree->files[i];
        char name[64];
        const char *why;
        size_t at = 0, where;
        while (tidy_is_c(file) && next_call(file, &at, name, sizeof name, &where))
            if (is_banned(file, name, &why) && !is_exception(file, name, used))
                tidy_found(report, file, where, "%s(): %s", name, why);
    }
    for (size_t i = 0; i < exceptions_count; i++) {
        const tidy_file *file = tidy_tree_find(tree, exceptions[i].path);
        // In the whole tree also of a file that has gone.
        if (file == NULL)
            file = tidy_tree_find(tree, "meson.build");
        if (file != NULL && !used[i])
            tidy_found(report, file, 0, "no exception is needed for %s() in %s",
                       exceptions[i].name, exceptions[i].path);
    }
}
