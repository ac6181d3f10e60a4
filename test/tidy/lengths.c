#include <string.h>

#include "tidy.h"

enum { function_lines_max = 70, file_lines_max = 800 };

static size_t lines_between(const char *text, size_t from, size_t to)
{
    size_t lines = 1;
    for (size_t i = from; i < to; i++)
        lines += text[i] == '\n';
    return lines;
}

// The last letter before `at` that is not blank.
static char before(const char *code, size_t at)
{
    while (at > 0 &&
           (code[at - 1] == ' ' || code[at - 1] == '\n' || code[at - 1] == '\t'))
        at--;
    return at > 0 ? code[at - 1] : '\0';
}

// A function's body is a block at the outermost level that follows a ")".
static void check_functions(const tidy_file *file, tidy_report *report)
{
    size_t depth = 0, begin = 0;
    bool function = false;
    for (size_t at = 0; at < file->size; at++) {
        if (file->code[at] == '{' && depth++ == 0) {
            function = before(file->code, at) == ')';
            begin = at;
        }
        if (file->code[at] != '}' || depth == 0 || --depth > 0 || !function)
            continue;
        size_t lines = lines_between(file->code, begin, at);
        if (lines > function_lines_max)
            tidy_found(report, file, begin, "a function of %zu lines, at most %d", lines,
                       function_lines_max);
    }
    if (depth != 0)
        tidy_found(report, file, 0, "its braces do not match, so nothing can be counted");
}

void tidy_lengths(const tidy_tree *tree, tidy_report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const tidy_file *file = &tree->files[i];
        if (!tidy_is_c(file))
            continue;
        size_t lines = lines_between(file->bytes, 0, file->size) - 1;
        if (lines > file_lines_max)
            tidy_found(report, file, 0, "%zu lines, at most %d", lines, file_lines_max);
        check_functions(file, report);
    }
}
