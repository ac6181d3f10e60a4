// The texts that cells of a workbook share, and which of its styles show dates.
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "wire/cell.h"
#include "wire/workbook_inside.h"

// ---- texts ----

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

int32_t wf_cell_escape(const char *bytes, size_t size)
{
    enum { shape_bytes = 7 };
    int32_t code = 0;
    if (size < shape_bytes || bytes[0] != '_' || bytes[1] != 'x' || bytes[6] != '_')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(bytes[i]);
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    // Halves of pairs, and NUL, stay as they are written.
    return code == 0 || (code >= 0xD800 && code <= 0xDFFF) ? -1 : code;
}

static bool put_character(wf_buffer *to, int32_t code)
{
    unsigned value = (unsigned)code;
    char bytes[3];
    size_t size = 1;
    if (value < 0x80) {
        bytes[0] = (char)value;
    } else if (value < 0x800) {
        bytes[0] = (char)(0xC0 | value >> 6);
        bytes[1] = (char)(0x80 | (value & 0x3F));
        size = 2;
    } else {
        bytes[0] = (char)(0xE0 | value >> 12);
        bytes[1] = (char)(0x80 | (value >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (value & 0x3F));
        size = 3;
    }
    return wf_buffer_append(to, bytes, size);
}

bool wf_workbook_put_text(wf_buffer *to, const char *bytes, size_t size)
{
    bool done = true;
    while (done && size > 0) {
        const char *found = memchr(bytes, '_', size);
        size_t before = found == NULL ? size : (size_t)(found - bytes);
        done = wf_buffer_append(to, bytes, before);
        bytes += before;
        size -= before;
        if (size == 0)
            break;
        int32_t code = wf_cell_escape(bytes, size);
        size_t used = code < 0 ? 1 : 7;
        done =
            done && (code < 0 ? wf_buffer_append(to, "_", 1) : put_character(to, code));
        bytes += used;
        size -= used;
    }
    return done;
}

typedef struct {
    wf_shared_texts *texts;
    bool in_item, in_text, in_guide; // a guide says how a word is pronounced
    wf_buffer item;                  // as it is written
} texts_reader;

static void begin_text(wf_part *part, void *context, const char *name,
                       const char **attributes)
{
    texts_reader *in = context;
    (void)part;
    (void)attributes;
    if (strcmp(name, "si") == 0) {
        in->in_item = true;
        wf_buffer_clear(&in->item);
    } else if (strcmp(name, "rPh") == 0) {
        in->in_guide = true;
    } else if (strcmp(name, "t") == 0) {
        in->in_text = in->in_item && !in->in_guide;
    }
}

static void add_text(wf_part *part, wf_shared_texts *texts, wf_text item)
{
    size_t *ends = wf_grow(texts->ends, texts->count, &texts->capacity, sizeof *ends);
    texts->ends = ends != NULL ? ends : texts->ends;
    if (ends == NULL || !wf_workbook_put_text(&texts->bytes, item.bytes, item.size)) {
        wf_part_stop(part, NULL);
        return;
    }
    texts->ends[texts->count++] = texts->bytes.size;
    if (texts->bytes.size + texts->count * sizeof *ends > WF_WORKBOOK_TEXTS_BYTES_MAX)
        wf_part_stop(part, "wire.xlsx_too_large");
}

static void end_text(wf_part *part, void *context, const char *name)
{
    texts_reader *in = context;
    if (strcmp(name, "si") == 0) {
        in->in_item = false;
        add_text(part, in->texts, wf_buffer_text(&in->item));
    } else if (strcmp(name, "rPh") == 0) {
        in->in_guide = false;
    } else if (strcmp(name, "t") == 0) {
        in->in_text = false;
    }
}

static void take_text(wf_part *part, void *context, const char *bytes, size_t size)
{
    texts_reader *in = context;
    if (!in->in_text)
        return;
    if (in->item.size + size > WF_WORKBOOK_VALUE_BYTES_MAX)
        wf_part_stop(part, "wire.xlsx_too_large");
    else if (!wf_buffer_append(&in->item, bytes, size))
        wf_part_stop(part, NULL);
}

weft_status wf_shared_texts_read(zip_t *zip, const char *path, const char *name,
                                 wf_shared_texts *ret, weft_error *error)
{
    static const wf_part_handlers handlers = {begin_text, end_text, take_text};
    texts_reader in = {.texts = ret};
    bool found;
    weft_status status = wf_part_read(zip, path, name, &handlers, &in, &found, error);
    wf_buffer_wipe(&in.item);
    return status;
}

void wf_shared_texts_done(wf_shared_texts *texts)
{
    wf_buffer_wipe(&texts->bytes);
    free(texts->ends);
    *texts = (wf_shared_texts){0};
}

// ---- styles ----

// What is not said by letters: quoted words, [colours] and the like, escaped characters.
static const char *skip_literal(const char *at)
{
    switch (*at) {
    case '"':
        at = strchr(at + 1, '"');
        return at == NULL ? "" : at + 1;
    case '[': {
        const char *end = strchr(at, ']');
        return end == NULL ? "" : end + 1;
    }
    case '\\':
    case '_': // as wide as the character behind it
    case '*': // filled with it
        return at[1] == '\0' ? at + 1 : at + 2;
    default:
        return at;
    }
}

// "[h]" and the like: a span of time, which may be longer than a day.
static bool is_span(const char *at)
{
    static const char *const spans[] = {"[h]", "[hh]", "[m]", "[mm]", "[s]", "[ss]"};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        if (strncasecmp(at, spans[i], strlen(spans[i])) == 0)
            return true;
    return false;
}

wf_cell_style wf_cell_style_of(const char *format)
{
    bool day = false, time = false;
    if (strcasecmp(format, "General") == 0)
        return WF_STYLE_PLAIN;
    // The first section; a month never comes without a day, a year or a literal.
    while (*format != '\0' && *format != ';') {
        const char *behind = skip_literal(format);
        if (is_span(format))
            return WF_STYLE_PLAIN;
        if (behind == format) {
            day = day || strchr("yYdD", *format) != NULL;
            time = time || strchr("hHsS", *format) != NULL;
            behind++;
        }
        format = behind;
    }
    if (time)
        return WF_STYLE_DATE_TIME;
    return day ? WF_STYLE_DATE : WF_STYLE_PLAIN;
}

// The formats that a file names by number only.
static wf_cell_style known_format(int64_t number)
{
    static const struct {
        int64_t first, last;
        wf_cell_style style;
    } known[] = {
        {14, 17, WF_STYLE_DATE},
        {18, 22, WF_STYLE_DATE_TIME},
        {45, 45, WF_STYLE_DATE_TIME},
        {47, 47, WF_STYLE_DATE_TIME},
        // Of East Asia: which of them show a time of day too depends on the language.
        {27, 36, WF_STYLE_DATE},
        {50, 58, WF_STYLE_DATE},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (number >= known[i].first && number <= known[i].last)
            return known[i].style;
    return WF_STYLE_PLAIN;
}

typedef struct {
    int64_t number;
    wf_cell_style style;
} own_format;

typedef struct {
    wf_cell_styles *styles;
    own_format *formats; // that the book declares
    size_t formats_count, formats_capacity;
    bool in_formats, in_styles;
} styles_reader;

static int64_t number_at(const char **attributes, const char *name, int64_t otherwise)
{
    const char *text = wf_part_attribute(attributes, name);
    int64_t number = otherwise;
    if (text != NULL && !wf_parse_i64(wf_text_of(text), 0, INT32_MAX, &number))
        number = otherwise;
    return number;
}

static void add_format(wf_part *part, styles_reader *in, const char **attributes)
{
    const char *format = wf_part_attribute(attributes, "formatCode");
    own_format *formats =
        wf_grow(in->formats, in->formats_count, &in->formats_capacity, sizeof *formats);
    if (formats == NULL) {
        wf_part_stop(part, NULL);
        return;
    }
    in->formats = formats;
    formats[in->formats_count++] =
        (own_format){number_at(attributes, "numFmtId", -1),
                     format == NULL ? WF_STYLE_PLAIN : wf_cell_style_of(format)};
}

static void add_style(wf_part *part, styles_reader *in, const char **attributes)
{
    wf_cell_styles *styles = in->styles;
    int64_t number = number_at(attributes, "numFmtId", 0);
    wf_cell_style style = known_format(number);
    for (size_t i = 0; i < in->formats_count; i++)
        if (in->formats[i].number == number)
            style = in->formats[i].style;
    unsigned char *kinds = wf_grow(styles->kinds, styles->count, &styles->capacity, 1);
    if (kinds == NULL) {
        wf_part_stop(part, NULL);
        return;
    }
    styles->kinds = kinds;
    kinds[styles->count++] = (unsigned char)style;
}

static void begin_style(wf_part *part, void *context, const char *name,
                        const char **attributes)
{
    styles_reader *in = context;
    if (strcmp(name, "numFmts") == 0)
        in->in_formats = true;
    else if (strcmp(name, "cellXfs") == 0)
        in->in_styles = true;
    else if (in->in_formats && strcmp(name, "numFmt") == 0)
        add_format(part, in, attributes);
    else if (in->in_styles && strcmp(name, "xf") == 0)
        add_style(part, in, attributes);
    // Each style looks through all formats.
    if (in->formats_count > WF_FORMATS_MAX || in->styles->count > WF_STYLES_MAX)
        wf_part_stop(part, "wire.xlsx_too_large");
}

static void end_style(wf_part *part, void *context, const char *name)
{
    styles_reader *in = context;
    (void)part;
    if (strcmp(name, "numFmts") == 0)
        in->in_formats = false;
    else if (strcmp(name, "cellXfs") == 0)
        in->in_styles = false;
}

weft_status wf_cell_styles_read(zip_t *zip, const char *path, const char *name,
                                wf_cell_styles *ret, weft_error *error)
{
    static const wf_part_handlers handlers = {begin_style, end_style, NULL};
    styles_reader in = {.styles = ret};
    bool found;
    weft_status status = wf_part_read(zip, path, name, &handlers, &in, &found, error);
    free(in.formats);
    return status;
}

void wf_cell_styles_done(wf_cell_styles *styles)
{
    free(styles->kinds);
    *styles = (wf_cell_styles){0};
}
