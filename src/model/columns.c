#include "model/columns.h"

#include <math.h>

#include "model/ids.h"
#include "model/place_kind.h"

enum {
    text_bytes_max = 256,
    grid_bytes_max = 31,       // the widths of DESIGN §3 add up to 22
    occupation_bytes_max = 63, // fits wf_person_about
    onset_kind_bytes_max = 63
};

// Days of 0001-01-01 and 9999-12-31, counted from 1970-01-01.
#define DAY_MIN INT64_C(-719162)
#define DAY_MAX INT64_C(2932896)
#define DAY_US (24 * 3600 * WF_US_PER_S)

static const char *const sexes[] = {"female", "male", "other", NULL};

static const char *const place_kinds[] = {
#define X(name, word, zh, en) word,
    WF_PLACE_KIND_TABLE(X)
#undef X
        NULL};

// In the order of wf_case_class, without WF_CASE_UNCLASSIFIED.
static const char *const classifications[] = {"suspected",    "probable",   "confirmed",
                                              "asymptomatic", "not_a_case", NULL};

// ---- what identifies ----
//
// Sealed: name, phone and id number by themselves; the birth date because with sex
// and grid it names nearly everyone; the household's id because it is often an address
// or a book number; needs because they are health. In the clear: sex, grid and
// occupation, by which work is counted and cut to a scope; they are never shown but
// through access. Places are public: what stands on a door identifies no person.

static const wf_column person_columns[] = {
    {.name = "person",
     .type = WF_COLUMN_ID,
     .unit = "",
     .required = true,
     .personal = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "人员编号",
     .en = "the person's id"},
    {.name = "name",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .personal = true,
     .bytes_max = text_bytes_max,
     .zh = "姓名",
     .en = "name"},
    {.name = "sex",
     .type = WF_COLUMN_WORD,
     .unit = "",
     .words = sexes,
     .zh = "性别",
     .en = "sex"},
    {.name = "birth",
     .type = WF_COLUMN_DATE,
     .unit = "",
     .personal = true,
     .zh = "出生日期",
     .en = "date of birth"},
    {.name = "grid",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .bytes_max = grid_bytes_max,
     .zh = "网格编码",
     .en = "grid code of the home"},
    {.name = "household",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .personal = true,
     .keyed = true,
     .bytes_max = text_bytes_max,
     .zh = "户编号",
     .en = "the household's id"},
    {.name = "phone",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .personal = true,
     .bytes_max = text_bytes_max,
     .zh = "电话",
     .en = "phone number"},
    {.name = "id_number",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .personal = true,
     .bytes_max = text_bytes_max,
     .zh = "证件号码",
     .en = "number of the identity document"},
    {.name = "occupation",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .bytes_max = occupation_bytes_max,
     .zh = "职业",
     .en = "occupation"},
    {.name = "needs",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .personal = true,
     .bytes_max = text_bytes_max,
     .zh = "特殊需要",
     .en = "special needs (dialysis, pregnancy, …)"},
};

static const wf_column place_columns[] = {
    {.name = "place",
     .type = WF_COLUMN_ID,
     .unit = "",
     .required = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "场所编号",
     .en = "the place's id"},
    {.name = "name",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .bytes_max = text_bytes_max,
     .zh = "名称",
     .en = "name"},
    {.name = "kind",
     .type = WF_COLUMN_WORD,
     .unit = "",
     .words = place_kinds,
     .zh = "场所类别",
     .en = "kind of place"},
    {.name = "grid",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .bytes_max = grid_bytes_max,
     .zh = "网格编码",
     .en = "grid code"},
    {.name = "parent",
     .type = WF_COLUMN_PLACE,
     .unit = "",
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "上级场所编号",
     .en = "id of the place it is part of"},
    {.name = "lat",
     .type = WF_COLUMN_NUMBER,
     .unit = "degrees",
     .min = -90,
     .max = 90,
     .zh = "纬度（WGS-84）",
     .en = "latitude (WGS-84)"},
    {.name = "lon",
     .type = WF_COLUMN_NUMBER,
     .unit = "degrees",
     .min = -180,
     .max = 180,
     .zh = "经度（WGS-84）",
     .en = "longitude (WGS-84)"},
    {.name = "area_m2",
     .type = WF_COLUMN_NUMBER,
     .unit = "m2",
     .min = 0,
     .max = 1e8,
     .zh = "面积",
     .en = "floor area"},
    {.name = "ventilation",
     .type = WF_COLUMN_YESNO,
     .unit = "",
     .zh = "通风良好",
     .en = "well ventilated"},
};

#define CASE_TIME(column, chinese, english)                                              \
    {                                                                                    \
        .name = column, .type = WF_COLUMN_TIME, .unit = "", .zh = chinese, .en = english \
    }

static const wf_column case_columns[] = {
    {.name = "case",
     .type = WF_COLUMN_ID,
     .unit = "",
     .required = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "病例编号",
     .en = "the case's id"},
    {.name = "person",
     .type = WF_COLUMN_PERSON,
     .unit = "",
     .personal = true,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "人员编号",
     .en = "id of the person"},
    CASE_TIME("reported", "报告时间", "reported"),
    CASE_TIME("onset", "发病时间", "onset"),
    {.name = "onset_kind",
     .type = WF_COLUMN_TEXT,
     .unit = "",
     .bytes_max = onset_kind_bytes_max,
     .zh = "发病时的表现（发热、出疹等）",
     .en = "what the onset was (fever, rash, …)"},
    CASE_TIME("sampled", "首次阳性采样时间", "first positive sample taken"),
    {.name = "symptomatic",
     .type = WF_COLUMN_YESNO,
     .unit = "",
     .zh = "有无症状",
     .en = "has or had symptoms"},
    CASE_TIME("isolated", "隔离时间", "isolated"),
    CASE_TIME("last_negative", "末次阴性采样时间", "last negative sample taken"),
    {.name = "classification",
     .type = WF_COLUMN_WORD,
     .unit = "",
     .words = classifications,
     .zh = "病例分类",
     .en = "classification"},
    CASE_TIME("died", "死亡时间", "died"),
    CASE_TIME("buried", "安葬时间", "buried"),
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
    return text.size >= 1 && text.size <= column->bytes_max && wf_text_is_utf8(text) &&
           !has_controls(text);
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
