#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tidy.h"

// One TEXT(…) of a .def: the code, then message, detail and hint in 中文 and English.
enum { strings_max = 7, string_bytes = 1024 };
typedef struct {
    const tidy_file *file;
    size_t at;
    char strings[strings_max][string_bytes];
    size_t strings_count;
    bool used;
} entry;

enum { kinds_max = 256 };
typedef struct {
    entry *entries;
    size_t count;
    // OVER_HTTP(…): a code, and its hint in 中文 and English.
    entry *over_http;
    size_t over_http_count;
    // Names of kinds of facts, which look like codes.
    char kinds[kinds_max][64];
    size_t kinds_count;
} catalogue;

static bool is_def(const tidy_file *file)
{
    return tidy_starts(file->path, "src/model/texts/") && tidy_ends(file->path, ".def");
}

// Appends the literal at `from` to `to`; gives what follows it.
static const char *take_literal(const char *from, char *to)
{
    size_t size = strlen(to);
    for (from++; *from != '"' && *from != '\0'; from++) {
        if (size + 2 < string_bytes)
            to[size++] = *from;
        if (*from == '\\' && from[1] != '\0' && size + 2 < string_bytes)
            to[size++] = *++from;
    }
    to[size] = '\0';
    return *from == '"' ? from + 1 : from;
}

// Literals without a comma between them are one.
static const char *take_entry(const char *from, entry *ret)
{
    while (*from != '\0' && *from != ')') {
        if (*from == '"')
            from = take_literal(from, ret->strings[ret->strings_count]);
        else if (*from++ == ',' && ++ret->strings_count == strings_max)
            break;
    }
    ret->strings_count++;
    return from;
}

// Those that `macro` begins, such as `TEXT(`, each at the beginning of a line.
static void read_def(const tidy_file *file, const char *macro, entry **entries,
                     size_t *count)
{
    const char *from = file->bytes;
    while ((from = strstr(from, macro)) != NULL) {
        size_t line_begin = (size_t)(from - file->bytes);
        while (line_begin > 0 && file->bytes[line_begin - 1] != '\n')
            line_begin--;
        size_t at = (size_t)(from - file->bytes);
        from += strlen(macro);
        if (line_begin != at || *from != '"') // in a comment
            continue;
        *entries = realloc(*entries, (*count + 1) * sizeof **entries);
        if (*entries == NULL)
            abort();
        entry *one = &(*entries)[(*count)++];
        memset(one, 0, sizeof *one);
        one->file = file;
        one->at = at;
        from = take_entry(from, one);
    }
}

// The desks write `.name = "tube.sealed"`.
static void read_kinds(const tidy_file *file, catalogue *all)
{
    static const char before[] = ".name = \"";
    const char *from = file->bytes;
    while ((from = strstr(from, before)) != NULL) {
        from += sizeof before - 1;
        size_t size = strcspn(from, "\"");
        if (memchr(from, '.', size) == NULL || size >= sizeof all->kinds[0] ||
            all->kinds_count == kinds_max)
            continue;
        memcpy(all->kinds[all->kinds_count], from, size);
        all->kinds[all->kinds_count++][size] = '\0';
    }
}

static bool is_kind(const catalogue *all, const char *text)
{
    for (size_t i = 0; i < all->kinds_count; i++)
        if (strcmp(all->kinds[i], text) == 0)
            return true;
    return false;
}

// A literal that ends in "_" begins codes that are put together ("reason.at_" and a kind
// of place) and uses all of them. False when it begins none.
static bool use_all_of(const catalogue *all, const char *begin)
{
    bool found = false;
    for (size_t i = 0; tidy_ends(begin, "_") && i < all->count; i++)
        if (tidy_starts(all->entries[i].strings[0], begin))
            found = all->entries[i].used = true;
    return found;
}

static entry *find(const catalogue *all, const char *code)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->entries[i].strings[0], code) == 0)
            return &all->entries[i];
    return NULL;
}

// ---- sentences ----

// Every {name} of one sentence is in the other.
static bool has_names_of(const char *one, const char *other)
{
    char name[64];
    for (const char *at = one; (at = strchr(at, '{')) != NULL; at++) {
        size_t size = strcspn(at, "}") + 1;
        if (size >= sizeof name)
            continue;
        memcpy(name, at, size);
        name[size] = '\0';
        if (strstr(other, name) == NULL)
            return false;
    }
    return true;
}

static void check_sentences(const entry *one, tidy_report *report)
{
    if (one->strings_count != strings_max) {
        tidy_found(report, one->file, one->at, "%s has %zu texts, not code and six",
                   one->strings[0], one->strings_count);
        return;
    }
    for (size_t part = 1; part < strings_max; part += 2) {
        const char *zh = one->strings[part], *en = one->strings[part + 1];
        if ((zh[0] == '\0') != (en[0] == '\0') || (part == 1 && zh[0] == '\0'))
            tidy_found(report, one->file, one->at, "%s lacks a language",
                       one->strings[0]);
        // Dates are written from different parts.
        if (strcmp(one->strings[0], "reason.date") == 0)
            continue;
        if (!has_names_of(zh, en) || !has_names_of(en, zh))
            tidy_found(report, one->file, one->at,
                       "the languages of %s name different parameters", one->strings[0]);
    }
}

// ---- what a person without a shell is told ----

// "weft doctor", "--limit".
static bool names_command_line(const char *text)
{
    static const char *const begins[] = {"weft ", "--"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        for (const char *at = text; (at = strstr(at, begins[i])) != NULL; at++) {
            char next = at[strlen(begins[i])];
            bool begins_word = at == text || (!tidy_is_word(at[-1]) && at[-1] != '-');
            if (begins_word && next >= 'a' && next <= 'z')
                return true;
        }
    return false;
}

// Areas that only the command line says: its own, and what is done with the folder and
// the keys of a city.
static bool is_of_command_line(const entry *one)
{
    static const char *const areas[] = {"backup", "city", "cli", "keys", "remote"};
    char path[64];
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        snprintf(path, sizeof path, "src/model/texts/%s.def", areas[i]);
        if (strcmp(one->file->path, path) == 0)
            return true;
    }
    return false;
}

static const entry *over_http_of(const catalogue *all, const char *code)
{
    for (size_t i = 0; i < all->over_http_count; i++)
        if (strcmp(all->over_http[i].strings[0], code) == 0)
            return &all->over_http[i];
    return NULL;
}

// Whoever asks over HTTP has a page, or a program: a sentence that names the command line
// is said there in other words, or is raised by the command line alone.
static void check_over_http(const catalogue *all, const entry *one, tidy_report *report)
{
    const char(*texts)[string_bytes] = one->strings;
    bool hint = names_command_line(texts[5]) || names_command_line(texts[6]);
    bool rest = false;
    for (size_t i = 1; i < 5; i++)
        rest = rest || names_command_line(texts[i]);
    const entry *over = over_http_of(all, texts[0]);
    if (is_of_command_line(one) || (over == NULL && !hint && !rest))
        return;
    if (over == NULL)
        tidy_found(report, one->file, one->at, "%s names the command line: OVER_HTTP(…)",
                   texts[0]);
    else if (!hint && !rest)
        tidy_found(report, over->file, over->at, "%s needs no other hint over HTTP",
                   texts[0]);
    else if (rest && over->strings[1][0] != '\0')
        tidy_found(report, one->file, one->at,
                   "%s names the command line, not in its hint alone", texts[0]);
}

static void check_other_hint(const catalogue *all, const entry *one, tidy_report *report)
{
    const char *zh = one->strings[1], *en = one->strings[2];
    const entry *of = find(all, one->strings[0]);
    if (of == NULL || is_of_command_line(of) || over_http_of(all, one->strings[0]) != one)
        tidy_found(report, one->file, one->at, "%s is no code of HTTP, or stands twice",
                   one->strings[0]);
    if (one->strings_count != 3 || (zh[0] == '\0') != (en[0] == '\0'))
        tidy_found(report, one->file, one->at, "%s lacks a language", one->strings[0]);
    if (names_command_line(zh) || names_command_line(en))
        tidy_found(report, one->file, one->at, "%s names the command line",
                   one->strings[0]);
}

// ---- uses ----

static bool is_code_letter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
           letter == '_';
}

// "area.what", where some code of the catalogue has the area; file names are none.
static bool looks_like_code(const catalogue *all, const char *text)
{
    static const char *const endings[] = {".yaml", ".csv", ".db", ".json", ".ndjson",
                                          ".day",  ".sql", ".h",  ".c",    ".html"};
    size_t area = strcspn(text, ".");
    size_t rest = strlen(text) - area;
    for (size_t i = 0; text[i] != '\0'; i++)
        if (i != area && !is_code_letter(text[i]))
            return false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (tidy_ends(text, endings[i]))
            return false;
    for (size_t i = 0; area > 0 && rest > 1 && i < all->count; i++)
        if (strncmp(all->entries[i].strings[0], text, area + 1) == 0)
            return true;
    return false;
}

// Files whose dotted words are names of fields. Each must be needed.
static const char *const field_files[] = {"src/model/protocol_fields.c"};
enum { field_files_count = sizeof field_files / sizeof *field_files };

static size_t field_file(const tidy_file *file)
{
    size_t i = 0;
    while (i < field_files_count && strcmp(field_files[i], file->path) != 0)
        i++;
    return i;
}

static void check_uses(const tidy_file *file, const catalogue *all, tidy_report *report)
{
    char text[256];
    size_t at = 0, where, field = field_file(file);
    bool needed = false;
    while (tidy_next_literal(file, &at, text, sizeof text, &where)) {
        entry *one = find(all, text);
        if (one != NULL)
            one->used = true;
        else if (!looks_like_code(all, text) || is_kind(all, text) ||
                 use_all_of(all, text))
            continue;
        else if (field == field_files_count)
            tidy_found(report, file, where, "\"%s\" is not in the catalogue", text);
        else
            needed = true;
    }
    if (field < field_files_count && !needed)
        tidy_found(report, file, 0, "needs no exception for names of fields any more");
}

void tidy_catalogue(const tidy_tree *tree, tidy_report *report)
{
    catalogue all = {0};
    for (size_t i = 0; i < tree->count; i++)
        if (is_def(&tree->files[i])) {
            read_def(&tree->files[i], "TEXT(", &all.entries, &all.count);
            read_def(&tree->files[i], "OVER_HTTP(", &all.over_http, &all.over_http_count);
        }
    for (size_t i = 0; i < tree->count; i++)
        if (tidy_starts(tree->files[i].path, "src/desk/"))
            read_kinds(&tree->files[i], &all);
    for (size_t i = 0; i < all.count; i++) {
        check_sentences(&all.entries[i], report);
        check_over_http(&all, &all.entries[i], report);
        if (find(&all, all.entries[i].strings[0]) != &all.entries[i])
            tidy_found(report, all.entries[i].file, all.entries[i].at, "%s stands twice",
                       all.entries[i].strings[0]);
    }
    for (size_t i = 0; i < all.over_http_count; i++)
        check_other_hint(&all, &all.over_http[i], report);
    for (size_t i = 0; i < tree->count; i++)
        if (tidy_is_c(&tree->files[i]) && tidy_starts(tree->files[i].path, "src/"))
            check_uses(&tree->files[i], &all, report);
    for (size_t i = 0; i < all.count; i++)
        if (!all.entries[i].used)
            tidy_found(report, all.entries[i].file, all.entries[i].at, "nothing uses %s",
                       all.entries[i].strings[0]);
    free(all.entries);
    free(all.over_http);
}
