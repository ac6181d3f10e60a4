#include "model/columns.h"

#include <math.h>
#include <string.h>

#include "model/ids.h"
#include "model/place_kind.h"

// Days of 0001-01-01 and 9999-12-31, counted from 1970-01-01.
#define DAY_MIN INT64_C(-719162)
#define DAY_MAX INT64_C(2932896)
#define DAY_US (24 * 3600 * WF_US_PER_S)

const char *const wf_sex_words[] = {"female", "male", "other", NULL};

const char *const wf_place_kind_words[] = {
#define X(name, word, zh, en) word,
    WF_PLACE_KIND_TABLE(X)
#undef X
        NULL};

const char *const wf_classification_words[] = {"suspected",    "probable",   "confirmed",
                                               "asymptomatic", "not_a_case", NULL};

static const wf_column person_columns[] = {
    {.name = "person",
     .type = WF_COLUMN_ID,
     .unit = "",
     .merge = WF_MERGE_KEY,
     .required = true,
     .personal = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "人员编号",
     .en = "the person's id"},
#include "model/columns/person.def"
};

static const wf_column place_columns[] = {
    {.name = "place",
     .type = WF_COLUMN_ID,
     .unit = "",
     .merge = WF_MERGE_KEY,
     .required = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "场所编号",
     .en = "the place's id"},
#include "model/columns/place.def"
};

static const wf_column case_columns[] = {
    {.name = "case",
     .type = WF_COLUMN_ID,
     .unit = "",
     .merge = WF_MERGE_KEY,
     .required = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "病例编号",
     .en = "the case's id"},
#include "model/columns/case.def"
#include "model/columns/case_numbers.def"
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

_Static_assert(COUNT(person_columns) <= WF_COLUMNS_MAX &&
                   COUNT(place_columns) <= WF_COLUMNS_MAX &&
                   COUNT(case_columns) <= WF_COLUMNS_MAX,
               "rows of values have room for every table");

const wf_register_table *wf_register_table_of(wf_register_kind kind)
{
    static const wf_register_table tables[WF_REGISTER_COUNT] = {
        [WF_REGISTER_PERSONS] = {"persons", person_columns, COUNT(person_columns)},
        [WF_REGISTER_PLACES] = {"places", place_columns, COUNT(place_columns)},
        [WF_REGISTER_CASES] = {"cases", case_columns, COUNT(case_columns)},
    };
    WF_ASSERT(kind < WF_REGISTER_COUNT);
    return &tables[kind];
}

bool wf_column_is_sealed(const wf_column *column)
{
    return column->personal && column->type != WF_COLUMN_ID &&
           column->type != WF_COLUMN_PERSON && column->type != WF_COLUMN_PLACE;
}

// C1 controls, U+0080 to U+009F, are C2 80 to C2 9F.
static bool has_controls(wf_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte < 0x20 || byte == 0x7F)
            return true;
        if (byte == 0xC2 && i + 1 < text.size && (unsigned char)text.bytes[i + 1] < 0xA0)
            return true;
    }
    return false;
}

// Letters, digits and signs of ASCII: what most ids are.
static bool is_printable(wf_text text)
{
    unsigned char wrong = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        wrong |= (unsigned char)(byte < 0x20 || byte > 0x7E);
    }
    return wrong == 0;
}

static bool is_word(const char *const *words, wf_text text)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (wf_text_equal(wf_text_of(words[i]), text))
            return true;
    return false;
}

bool wf_column_takes_text(const wf_column *column, wf_text text)
{
    if (column->type == WF_COLUMN_WORD)
        return is_word(column->words, text);
    return text.size >= 1 && text.size <= column->bytes_max &&
           (is_printable(text) || (wf_text_is_utf8(text) && !has_controls(text)));
}

bool wf_column_words(const wf_column *column, char *to, size_t room)
{
    size_t size = 0;
    if (column->words == NULL)
        return false;
    for (const char *const *word = column->words; *word != NULL; word++) {
        size_t length = strlen(*word);
        if (room - size < length + 2)
            return false;
        if (size > 0)
            to[size++] = ' ';
        memcpy(to + size, *word, length);
        size += length;
    }
    to[size] = '\0';
    return true;
}

void wf_column_range(const wf_column *column, int64_t *ret_min, int64_t *ret_max)
{
    switch (column->type) {
    case WF_COLUMN_DATE:
        *ret_min = DAY_MIN;
        *ret_max = DAY_MAX;
        break;
    case WF_COLUMN_TIME:
        *ret_min = (DAY_MIN - 1) * DAY_US;
        *ret_max = (DAY_MAX + 2) * DAY_US;
        break;
    case WF_COLUMN_YESNO:
        *ret_min = 0;
        *ret_max = 1;
        break;
    case WF_COLUMN_INTEGER:
        // A double near the ends of int64_t is not exact: what lies beyond is the end.
        *ret_min = column->min <= -0x1p63 ? INT64_MIN : (int64_t)column->min;
        *ret_max = column->max >= 0x1p63 ? INT64_MAX : (int64_t)column->max;
        break;
    default:
        WF_ASSERT(column->type == WF_COLUMN_PERSON || column->type == WF_COLUMN_PLACE);
        *ret_min = 0;
        *ret_max = WF_NUMBER_LIMIT - 1;
        break;
    }
}

bool wf_column_takes_number(const wf_column *column, int64_t number)
{
    int64_t min, max;
    wf_column_range(column, &min, &max);
    return number >= min && number <= max;
}

bool wf_column_takes_real(const wf_column *column, double real)
{
    return isfinite(real) && real >= column->min && real <= column->max;
}

bool wf_column_parse_yesno(wf_text text, int64_t *ret)
{
    static const char *const words[2][6] = {
        {"no", "0", "false", "n", "\xE5\x90\xA6", NULL},  // 否
        {"yes", "1", "true", "y", "\xE6\x98\xAF", NULL}}; // 是
    for (int value = 0; value < 2; value++) {
        for (size_t i = 0; words[value][i] != NULL; i++) {
            if (wf_text_equal(text, wf_text_of(words[value][i]))) {
                *ret = value;
                return true;
            }
        }
    }
    return false;
}
