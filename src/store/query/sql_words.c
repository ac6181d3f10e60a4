#include "store/query/sql_words.h"

#include <stdio.h>
#include <string.h>

// What one engine does not have, or does in its own way; and what is composed by the
// runners (ORDER, LIMIT, OFFSET at the top).
static const char *const banned_words[] = {
    // not a question
    "insert", "update", "delete", "replace", "create", "drop", "alter", "attach",
    "pragma", "vacuum", "truncate", "grant", "copy", "returning",
    // patterns, windows
    "like", "ilike", "glob", "regexp", "match", "similar", "over", "window",
    // clocks and dates
    "now", "current_timestamp", "current_date", "current_time", "localtime",
    "localtimestamp", "date", "time", "datetime", "timestamp", "interval", "julianday",
    "strftime", "unixepoch", "to_char", "to_timestamp", "date_trunc", "extract",
    // texts put together, documents, arrays
    "group_concat", "string_agg", "array_agg", "array", "unnest", "printf", "format",
    // of one engine only
    "ifnull", "iif", "total", "typeof", "rowid", "ctid", "random", "changes", "boolean",
    "true", "false", "indexed", "lateral", "using", "natural"};
static const char *const banned_starts[] = {"json", "xml", "pg_", "sqlite_", "generate_"};
static const char *const composed_words[] = {"order", "limit", "offset"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

// ---- words ----

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
}

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static bool is_letter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           letter == '_' || (unsigned char)letter >= 0x80;
}

static size_t letters_size(wf_text text)
{
    size_t size = 0;
    while (size < text.size &&
           (is_letter(text.bytes[size]) || is_digit(text.bytes[size])))
        size++;
    return size;
}

static bool is_comment(wf_text text)
{
    return text.size >= 2 && text.bytes[0] == '-' && text.bytes[1] == '-';
}

static size_t line_size(wf_text text)
{
    const char *end = memchr(text.bytes, '\n', text.size);
    return end == NULL ? text.size : (size_t)(end - text.bytes);
}

// With both quotes; 0: not closed. A quote said twice is one letter of the text.
static size_t quoted_size(wf_text text)
{
    char quote = text.bytes[0];
    for (size_t at = 1; at < text.size; at++) {
        if (text.bytes[at] != quote)
            continue;
        if (at + 1 == text.size || text.bytes[at + 1] != quote)
            return at + 1;
        at++;
    }
    return 0;
}

static wf_text past(wf_text text, size_t size)
{
    return (wf_text){text.bytes + size, text.size - size};
}

bool wf_sql_word_next(wf_text *rest, wf_sql_word *ret)
{
    while (rest->size > 0 && (is_blank(rest->bytes[0]) || is_comment(*rest)))
        *rest = past(*rest, is_comment(*rest) ? line_size(*rest) : 1);
    if (rest->size == 0)
        return false;
    char first = rest->bytes[0];
    wf_sql_word word = {WF_SQL_MARK, {rest->bytes, 1}};
    if (first == '"' || first == '\'') {
        word = (wf_sql_word){first == '"' ? WF_SQL_QUOTED : WF_SQL_STRING,
                             {rest->bytes, quoted_size(*rest)}};
        if (word.text.size == 0)
            return false;
    } else if (is_letter(first) || is_digit(first)) {
        word = (wf_sql_word){is_digit(first) ? WF_SQL_NUMBER : WF_SQL_WORD,
                             {rest->bytes, letters_size(*rest)}};
    } else if (first == ':' && letters_size(past(*rest, 1)) > 0) {
        *rest = past(*rest, 1);
        word = (wf_sql_word){WF_SQL_PARAMETER, {rest->bytes, letters_size(*rest)}};
    }
    *rest = past(*rest, word.text.size);
    *ret = word;
    return true;
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool starts(wf_text text, const char *lower_start)
{
    size_t size = strlen(lower_start);
    if (text.size < size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (lower(text.bytes[i]) != lower_start[i])
            return false;
    return true;
}

// Asked of each word of each file when a city opens: most differ in their first letter.
bool wf_sql_word_is(wf_sql_word word, const char *lower_word)
{
    return word.kind == WF_SQL_WORD && lower(word.text.bytes[0]) == lower_word[0] &&
           word.text.size == strlen(lower_word) && starts(word.text, lower_word);
}

// ---- comments ----

const char *wf_sql_without_comments(wf_text sql, wf_arena *arena)
{
    char *copy = wf_arena_new(arena, sql.size + 1);
    size_t size = 0;
    while (copy != NULL && sql.size > 0) {
        bool quote = sql.bytes[0] == '"' || sql.bytes[0] == '\'';
        size_t step = quote ? quoted_size(sql) : 1;
        step = step == 0 ? sql.size : step;
        if (is_comment(sql)) {
            step = line_size(sql);
        } else {
            memcpy(copy + size, sql.bytes, step);
            size += step;
        }
        sql = past(sql, step);
    }
    while (size > 0 && is_blank(copy[size - 1]))
        copy[--size] = '\0';
    while (copy != NULL && is_blank(*copy))
        copy++;
    return copy;
}

// ---- the shared subset ----

static bool is_among(wf_sql_word word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (wf_sql_word_is(word, words[i]))
            return true;
    return false;
}

static bool has_banned_start(wf_sql_word word)
{
    for (size_t i = 0; i < COUNT(banned_starts); i++)
        if (starts(word.text, banned_starts[i]))
            return true;
    return false;
}

static bool is_mark(wf_sql_word word, char mark)
{
    return word.kind == WF_SQL_MARK && word.text.bytes[0] == mark;
}

// "::", "/*" and marks that are of one engine, or end the statement.
static bool is_banned_mark(wf_sql_word word, wf_text rest)
{
    if (word.kind != WF_SQL_MARK)
        return false;
    char next = rest.size > 0 ? rest.bytes[0] : ' ';
    return strchr(";?@$`[]{}\\#~", word.text.bytes[0]) != NULL || is_mark(word, ':') ||
           (is_mark(word, '/') && next == '*') || (is_mark(word, '-') && next == '>');
}

static bool is_banned(wf_sql_word word, wf_text rest, size_t depth)
{
    if (word.kind != WF_SQL_WORD)
        return is_banned_mark(word, rest);
    return is_among(word, banned_words, COUNT(banned_words)) || has_banned_start(word) ||
           (depth == 0 && is_among(word, composed_words, COUNT(composed_words)));
}

bool wf_sql_is_shared(const char *sql, char *why, size_t why_size)
{
    wf_text rest = wf_text_of(sql);
    wf_sql_word word;
    size_t depth = 0;
    for (bool first = true; wf_sql_word_next(&rest, &word); first = false) {
        depth += is_mark(word, '(');
        bool closes = is_mark(word, ')');
        if ((first && !wf_sql_word_is(word, "select")) || (closes && depth == 0) ||
            is_banned(word, rest, depth)) {
            snprintf(why, why_size, "the shared subset has no \"%.*s\" there",
                     (int)word.text.size, word.text.bytes);
            return false;
        }
        depth -= closes;
    }
    if (*sql != '\0' && rest.size == 0 && depth == 0)
        return true;
    snprintf(why, why_size, "the SELECT is cut off");
    return false;
}
