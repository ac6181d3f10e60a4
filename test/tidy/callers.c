// Functions that nobody calls. A function of src/ is used where its name stands in src/
// or include/ other than in a declaration or in its own body; what only a test, a fuzz
// target or a bench uses is no part of the product. What include/weft offers is for
// others to call, but something here must show that it works.
#include <stdlib.h>
#include <string.h>

#include "tidy.h"

static const char handlers[] = "the service's handlers come one by one";

// Each must be needed.
static const struct {
    const char *name, *why;
} exceptions[] = {
    {"wf_packed_bytes", "how little a large answer takes"},
    {"wf_catalogue_has",
     "a code without sentences is found by tests; the program says it as it is"},
    {"wf_day_bytes", "what an opened day takes is measured, not used"},
    {"wf_exchange_id", handlers},
    {"wf_exchange_route", handlers},
    {"wf_plain_many_in", "many cases in one batch are measured, and held to the oracle"},
    {"wf_ledger_commit", "the store takes its steps one by one, tests all at once"},
    {"wf_statement_column_name", "a view's SELECT is held to its header by a test"},
    {"wf_statement_columns", "a view's SELECT is held to its header by a test"},
    {"wf_visits_append", "live rows come with the service"},
};

enum { exceptions_count = sizeof exceptions / sizeof *exceptions };

typedef struct {
    char name[96];
    const tidy_file *file;
    size_t begin, end; // of the body
    bool offered;      // declared in include/weft
    size_t product, other;
} function;

typedef struct {
    function *items;
    size_t count, capacity;
} functions;

// ---- what is defined ----

static bool is_space(char letter)
{
    return letter == ' ' || letter == '\n' || letter == '\t';
}

static size_t skip_space_back(const char *code, size_t at)
{
    while (at > 0 && is_space(code[at - 1]))
        at--;
    return at;
}

// The "(" that the ")" before `at` closes; 0 when there is none.
static size_t open_of(const char *code, size_t at)
{
    size_t depth = 0;
    for (; at > 0; at--) {
        depth += code[at - 1] == ')';
        depth -= code[at - 1] == '(';
        if (depth == 0)
            return at - 1;
    }
    return 0;
}

static bool has_word(const char *code, size_t from, size_t to, const char *word)
{
    size_t size = strlen(word);
    for (; from + size <= to; from++)
        if (memcmp(code + from, word, size) == 0 && !tidy_is_word(code[from + size]) &&
            (from == 0 || !tidy_is_word(code[from - 1])))
            return true;
    return false;
}

static void add(functions *to, const tidy_file *file, size_t begin, size_t end,
                size_t body)
{
    if (to->count == to->capacity) {
        to->capacity = to->capacity == 0 ? 1024 : to->capacity * 2;
        to->items = reallocarray(to->items, to->capacity, sizeof *to->items);
        if (to->items == NULL)
            abort();
    }
    function *added = &to->items[to->count++];
    if (end - begin >= sizeof added->name)
        abort();
    *added = (function){.file = file, .begin = body};
    memcpy(added->name, file->code + begin, end - begin);
}

// Adds the function whose body begins at `body`, a "{" outside all others, unless it is
// static or no function; what stands before it begins at `from`.
static bool add_function(functions *to, const tidy_file *file, size_t from, size_t body)
{
    const char *code = file->code;
    size_t end = skip_space_back(code, body);
    if (end == 0 || code[end - 1] != ')')
        return false;
    end = skip_space_back(code, open_of(code, end));
    size_t begin = end;
    while (begin > from && tidy_is_word(code[begin - 1]))
        begin--;
    if (begin == end || has_word(code, from, begin, "static") ||
        has_word(code, begin, end, "main"))
        return false;
    add(to, file, begin, end, body);
    return true;
}

static void add_defined(functions *to, const tidy_file *file)
{
    size_t depth = 0, from = 0;
    bool added = false;
    for (size_t at = 0; at < file->size; at++) {
        char letter = file->code[at];
        if (letter == '{' && depth++ == 0)
            added = add_function(to, file, from, at);
        if (letter == '}' && --depth == 0 && added)
            to->items[to->count - 1].end = at;
        if (depth == 0 && (letter == '}' || letter == ';')) {
            from = at + 1;
            added = false;
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    const function *left = a, *right = b;
    return strcmp(left->name, right->name);
}

// ---- what is used ----

static function *find(const functions *among, const char *word, size_t size)
{
    function wanted = {0};
    if (size >= sizeof wanted.name)
        return NULL;
    memcpy(wanted.name, word, size);
    return bsearch(&wanted, among->items, among->count, sizeof wanted, compare_names);
}

static void count_use(function *used, const tidy_file *file, size_t at)
{
    bool own = file == used->file && at >= used->begin && at < used->end;
    bool product = tidy_starts(file->path, "src/") || tidy_starts(file->path, "include/");
    used->product += !own && product;
    used->other += !own && !product;
}

// Names in the code: a use inside braces, or behind "=", else a declaration.
static void count_in_code(const functions *among, const tidy_file *file)
{
    bool offers = tidy_starts(file->path, "include/weft/"), value = false;
    size_t depth = 0;
    for (size_t at = 0; at < file->size; at++) {
        char letter = file->code[at];
        depth += letter == '{';
        depth -= letter == '}';
        value = letter == '=' || (value && letter != ';');
        if (!tidy_is_word(letter) || (at > 0 && tidy_is_word(file->code[at - 1])))
            continue;
        size_t end = at;
        while (tidy_is_word(file->code[end]))
            end++;
        function *named = find(among, file->code + at, end - at);
        if (named != NULL && (depth > 0 || value))
            count_use(named, file, at);
        else if (named != NULL && offers)
            named->offered = true;
        at = end - 1;
    }
}

// Names in directives are in bodies of macros.
static void count_in_directives(const functions *among, const tidy_file *file)
{
    bool directive = false;
    for (size_t line = 0; line < file->size;) {
        size_t size = strcspn(file->bytes + line, "\n");
        const char *text = file->bytes + line;
        directive = directive || text[strspn(text, " \t")] == '#';
        for (size_t at = 0; directive && at < size; at++) {
            if (!tidy_is_word(text[at]) || (at > 0 && tidy_is_word(text[at - 1])))
                continue;
            size_t end = at;
            while (end < size && tidy_is_word(text[end]))
                end++;
            function *named = find(among, text + at, end - at);
            if (named != NULL)
                count_use(named, file, line + at);
            at = end - 1;
        }
        directive = directive && size > 0 && text[size - 1] == '\\';
        line += size + 1;
    }
}

// ---- the rule ----

static void judge(const function *defined, bool excepted[exceptions_count],
                  tidy_report *report)
{
    bool used = defined->product > 0 || (defined->offered && defined->other > 0);
    for (size_t i = 0; i < exceptions_count && !used; i++)
        if (strcmp(exceptions[i].name, defined->name) == 0)
            used = excepted[i] = true;
    if (!used)
        tidy_found(report, defined->file, defined->begin, "%s is called by %s",
                   defined->name, defined->other > 0 ? "tests only" : "nobody");
}

void tidy_callers(const tidy_tree *tree, tidy_report *report)
{
    functions all = {0};
    bool excepted[exceptions_count] = {0};
    for (size_t i = 0; i < tree->count; i++)
        if (tidy_starts(tree->files[i].path, "src/") &&
            tidy_ends(tree->files[i].path, ".c"))
            add_defined(&all, &tree->files[i]);
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, compare_names);
    for (size_t i = 0; i < tree->count; i++)
        if (tidy_is_c(&tree->files[i])) {
            count_in_code(&all, &tree->files[i]);
            count_in_directives(&all, &tree->files[i]);
        }
    for (size_t i = 0; i < all.count; i++)
        judge(&all.items[i], excepted, report);
    for (size_t i = 0; i < exceptions_count; i++)
        if (!excepted[i] && find(&all, exceptions[i].name, strlen(exceptions[i].name)))
            tidy_found(report, &tree->files[0], 0, "%s: an exception nobody needs (%s)",
                       exceptions[i].name, exceptions[i].why);
    free(all.items);
}
