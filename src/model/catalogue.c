#include "model/catalogue.h"

#include <string.h>

typedef struct {
    const char *code;
    const char *parts[3][2]; // [wf_error_part][wf_language], but WF_PART_HINT_OVER_HTTP
} catalogue_row;

#define TEXT(code, message_zh, message_en, detail_zh, detail_en, hint_zh, hint_en)       \
    {code, {{message_zh, message_en}, {detail_zh, detail_en}, {hint_zh, hint_en}}},

// One file an area; the same files in the same order make catalogue_order.h
// (meson.build).
static const catalogue_row rows[] = {
#include "model/texts/access.def"
#include "model/texts/account.def"
#include "model/texts/backup.def"
#include "model/texts/base.def"
#include "model/texts/city.def"
#include "model/texts/cli.def"
#include "model/texts/doctor.def"
#include "model/texts/fact.def"
#include "model/texts/keys.def"
#include "model/texts/law.def"
#include "model/texts/ledger.def"
#include "model/texts/load.def"
#include "model/texts/look.def"
#include "model/texts/order.def"
#include "model/texts/protocol.def"
#include "model/texts/remote.def"
#include "model/texts/serve.def"
#include "model/texts/store.def"
#include "model/texts/trace.def"
#include "model/texts/visits.def"
#include "model/texts/window.def"
#include "model/texts/wire.def"
#include "model/texts/yaml.def"
};

// Numbers of `rows` in the order of their codes, made when the program is built.
static const unsigned short order[] = {
#include "model/catalogue_order.h"
};

static const catalogue_row *row_of(const char *code)
{
    enum { count = sizeof rows / sizeof *rows };
    _Static_assert(sizeof order / sizeof *order == count, "every row has its place");
    size_t low = 0, high = code != NULL ? count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        // cppcheck-suppress arrayIndexOutOfBounds ; it does not read what the build makes
        const catalogue_row *row = &rows[order[middle]];
        int compared = strcmp(row->code, code);
        if (compared == 0)
            return row;
        if (compared < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// The hints that are other ones over HTTP.
static const struct {
    const char *code;
    const char *hint[2]; // [wf_language]
} over_http[] = {
#define OVER_HTTP(code, zh, en) {code, {zh, en}},
#include "model/texts/over_http.def"
#undef OVER_HTTP
};

static const char *text_of(const catalogue_row *row, wf_error_part part,
                           wf_language language)
{
    if (part != WF_PART_HINT_OVER_HTTP)
        return row->parts[part][language];
    for (size_t i = 0; i < sizeof over_http / sizeof *over_http; i++)
        if (strcmp(over_http[i].code, row->code) == 0)
            return over_http[i].hint[language];
    return row->parts[WF_PART_HINT][language];
}

bool wf_catalogue_has(const char *code)
{
    return row_of(code) != NULL;
}

static bool append_c(wf_buffer *to, const char *text)
{
    return wf_buffer_append(to, text, strlen(text));
}

static bool name_is(const char *name, size_t size, const char *other)
{
    return strlen(other) == size && memcmp(name, other, size) == 0;
}

// Where the values for {name} are.
typedef struct {
    const weft_error *error; // or
    const wf_catalogue_param *params;
    size_t count;
} filling;

// A parameter that the error does not have says nothing.
static bool append_of_error(const weft_error *error, const char *name, size_t size,
                            wf_buffer *to)
{
    for (size_t i = 0; i < error->params_count; i++)
        if (name_is(name, size, error->params[i].name))
            return append_c(to, error->params[i].value);
    char line[WF_NUMBER_TEXT_MAX];
    if (name_is(name, size, "file"))
        return append_c(to, error->file);
    if (name_is(name, size, "field"))
        return append_c(to, error->field);
    if (name_is(name, size, "line") && error->line != 0)
        return append_c(to, wf_number_text(line, (int64_t)error->line));
    return true;
}

static bool append_param(const filling *from, const char *name, size_t size,
                         wf_buffer *to)
{
    if (from->error != NULL)
        return append_of_error(from->error, name, size, to);
    for (size_t i = 0; i < from->count; i++)
        if (name_is(name, size, from->params[i].name))
            return append_c(to, from->params[i].value);
    return true;
}

static bool is_of_name(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
           letter == '_';
}

// Size of the name in a {name} that begins at `at`, 0 when it is only a brace.
static size_t name_size(const char *at)
{
    size_t size = 0;
    while (is_of_name(at[1 + size]))
        size++;
    return at[1 + size] == '}' ? size : 0;
}

static bool append_filled(const char *text, const filling *from, wf_buffer *to)
{
    for (;;) {
        size_t plain = (size_t)(strchrnul(text, '{') - text);
        if (!wf_buffer_append(to, text, plain))
            return false;
        text += plain;
        if (*text == '\0')
            return true;
        size_t size = name_size(text);
        bool done = size > 0 ? append_param(from, text + 1, size, to)
                             : wf_buffer_append(to, text, 1);
        if (!done)
            return false;
        text += size > 0 ? size + 2 : 1;
    }
}

// A code that is not in the catalogue is a bug that must not hide the failure:
// the code and what came with it are shown as they are.
static bool append_raw(const weft_error *error, wf_buffer *to)
{
    if (!append_c(to,
                  error->code != NULL ? error->code : weft_status_name(error->status)))
        return false;
    for (size_t i = 0; i < error->params_count; i++)
        if (!wf_buffer_printf(to, " %s=%s", error->params[i].name,
                              error->params[i].value))
            return false;
    return true;
}

bool wf_error_part_text(const weft_error *error, wf_error_part part, wf_language language,
                        wf_buffer *ret)
{
    size_t before = ret->size;
    const catalogue_row *row = row_of(error->code);
    const filling from = {.error = error};
    bool done = true;
    if (row != NULL)
        done = append_filled(text_of(row, part, language), &from, ret);
    else if (part == WF_PART_MESSAGE)
        done = append_raw(error, ret);
    if (!done)
        ret->size = before;
    return done;
}

bool wf_catalogue_message(const char *code, wf_language language,
                          const wf_catalogue_param *params, size_t count, wf_buffer *ret)
{
    size_t before = ret->size;
    const catalogue_row *row = row_of(code);
    const filling from = {.params = params, .count = count};
    WF_ASSERT(row != NULL);
    if (append_filled(row->parts[WF_PART_MESSAGE][language], &from, ret))
        return true;
    ret->size = before;
    return false;
}

static bool append_place(const weft_error *error, wf_language language, wf_buffer *to)
{
    unsigned long long line = error->line;
    bool done = true;
    if (error->file[0] != '\0' && line != 0)
        done = wf_buffer_printf(to, "%s:%llu: ", error->file, line);
    else if (error->file[0] != '\0')
        done = wf_buffer_printf(to, "%s: ", error->file);
    else if (line != 0 && language == WF_LANGUAGE_ZH)
        done = wf_buffer_printf(to, "第 %llu 行: ", line);
    else if (line != 0)
        done = wf_buffer_printf(to, "line %llu: ", line);
    return done &&
           (error->field[0] == '\0' || wf_buffer_printf(to, "%s: ", error->field));
}

// A labelled line, or nothing when the part is empty.
static bool append_line(const weft_error *error, wf_error_part part, wf_language language,
                        const char *label, wf_buffer *to)
{
    size_t before = to->size;
    if (!append_c(to, label))
        return false;
    size_t labelled = to->size;
    if (!wf_error_part_text(error, part, language, to))
        return false;
    if (to->size > labelled)
        return append_c(to, "\n");
    to->size = before;
    return true;
}

bool wf_error_text(const weft_error *error, wf_language language, wf_buffer *ret)
{
    size_t before = ret->size;
    bool zh = language == WF_LANGUAGE_ZH;
    bool done =
        append_place(error, language, ret) &&
        append_line(error, WF_PART_MESSAGE, language, "", ret) &&
        append_line(error, WF_PART_DETAIL, language,
                    zh ? "  详情：" : "  detail: ", ret) &&
        append_line(error, WF_PART_HINT, language, zh ? "  提示：" : "  hint: ", ret);
    if (!done)
        ret->size = before;
    return done;
}
