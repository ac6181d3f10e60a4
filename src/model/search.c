#include "model/search.h"

#include <string.h>

// Scripts that are written without blanks between words begin here.
#define UNSPACED_FIRST UINT32_C(0x2E80)

// ---- characters ----

// The character at *at of well-formed UTF-8, which is passed over.
static uint32_t next_character(wf_text text, size_t *at)
{
    const unsigned char *from = (const unsigned char *)text.bytes + *at;
    size_t size = from[0] < 0x80 ? 1 : from[0] < 0xE0 ? 2 : from[0] < 0xF0 ? 3 : 4;
    uint32_t letter = size == 1 ? from[0] : from[0] & (0x7FU >> size);
    WF_ASSERT(size <= text.size - *at);
    for (size_t i = 1; i < size; i++)
        letter = letter << 6 | (from[i] & 0x3F);
    *at += size;
    return letter;
}

static size_t put_character(uint32_t letter, char to[4])
{
    static const unsigned char heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; letter >>= 6)
        to[i] = (char)(0x80 | (letter & 0x3F));
    to[0] = (char)(heads[size] | letter);
    return size;
}

// Full-width forms stand in the order of ASCII.
static uint32_t narrow(uint32_t letter)
{
    if (letter >= 0xFF01 && letter <= 0xFF5E)
        return letter - 0xFF01 + 0x21;
    return letter == 0x3000 ? ' ' : letter;
}

static bool is_digit(uint32_t letter)
{
    return letter >= '0' && letter <= '9';
}

static bool is_small(uint32_t letter)
{
    return letter >= 'a' && letter <= 'z';
}

static bool is_capital(uint32_t letter)
{
    return letter >= 'A' && letter <= 'Z';
}

// Blanks of all widths (also of none) and middle dots.
static bool parts_words(uint32_t letter)
{
    static const uint32_t more[] = {' ',    '\t',   '.',    0x00A0, 0x00B7, 0x0387,
                                    0x1680, 0x2022, 0x2027, 0x202F, 0x205F, 0x2060,
                                    0x2219, 0x22C5, 0x30FB, 0xFEFF, 0xFF65};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (more[i] == letter)
            return true;
    return letter >= 0x2000 && letter <= 0x200D;
}

// ---- terms ----

wf_text wf_search_town(wf_text grid)
{
    return (wf_text){grid.bytes, grid.size < WF_TOWN_BYTES ? grid.size : WF_TOWN_BYTES};
}

static bool has_term(const wf_search_terms *terms, const wf_search_term *term)
{
    for (size_t i = 0; i < terms->count; i++)
        if (terms->terms[i].is_part == term->is_part &&
            wf_text_equal(terms->terms[i].text, term->text))
            return true;
    return false;
}

// The term's text is what was put behind `from`.
static void end_term(wf_search_terms *to, size_t from, bool is_part)
{
    wf_search_term term = {{to->bytes + from, to->bytes_used - from}, is_part};
    if (term.text.size == 0)
        return;
    if (has_term(to, &term)) {
        to->bytes_used = from;
        return;
    }
    WF_ASSERT(to->count < WF_SEARCH_TERMS_MAX);
    to->terms[to->count++] = term;
}

static void put(wf_search_terms *to, uint32_t letter)
{
    WF_ASSERT(to->bytes_used + 4 <= sizeof to->bytes);
    to->bytes_used += put_character(letter, to->bytes + to->bytes_used);
}

// ---- names ----

static uint32_t name_letter(wf_text value, size_t *at)
{
    uint32_t letter = narrow(next_character(value, at));
    return is_capital(letter) ? letter - 'A' + 'a' : letter;
}

static void put_whole_name(wf_text value, wf_search_terms *to)
{
    for (size_t at = 0; at < value.size;) {
        uint32_t letter = name_letter(value, &at);
        if (!parts_words(letter))
            put(to, letter);
    }
    end_term(to, 0, false);
}

static void put_words(wf_text value, wf_search_terms *to)
{
    size_t from = to->bytes_used;
    for (size_t at = 0; at < value.size;) {
        uint32_t letter = name_letter(value, &at);
        if (!parts_words(letter) && letter < UNSPACED_FIRST) {
            put(to, letter);
            continue;
        }
        end_term(to, from, true);
        from = to->bytes_used;
    }
    end_term(to, from, true);
}

// Names of two characters are often set with a blank between them: only letters of the
// other sort part neighbours.
static void put_neighbours(wf_text value, wf_search_terms *to)
{
    uint32_t before = 0;
    for (size_t at = 0; at < value.size;) {
        uint32_t letter = name_letter(value, &at);
        size_t from = to->bytes_used;
        if (parts_words(letter))
            continue;
        if (letter >= UNSPACED_FIRST && before >= UNSPACED_FIRST) {
            put(to, before);
            put(to, letter);
            end_term(to, from, true);
        }
        before = letter;
    }
}

// ---- numbers ----

static bool parts_numbers(uint32_t letter)
{
    return letter == '/' || letter == ',' || letter == ';' || letter == 0x3001;
}

static bool begins(wf_text text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.bytes, with, size) == 0;
}

static void end_phone(wf_search_terms *to, size_t from, bool plus)
{
    enum { mobile_digits = 11 };
    wf_text number = {to->bytes + from, to->bytes_used - from};
    size_t drop = 0;
    if (begins(number, "0086"))
        drop = 4;
    else if (begins(number, "86") &&
             (plus || (number.size == mobile_digits + 2 && begins(number, "861"))))
        drop = 2;
    memmove(to->bytes + from, number.bytes + drop, number.size - drop);
    to->bytes_used -= drop;
    end_term(to, from, false);
}

static void put_phones(wf_text value, wf_search_terms *to)
{
    size_t from = 0;
    bool plus = false;
    for (size_t at = 0; at < value.size;) {
        uint32_t letter = narrow(next_character(value, &at));
        if (is_digit(letter))
            put(to, letter);
        plus = plus || (letter == '+' && to->bytes_used == from);
        if (!parts_numbers(letter))
            continue;
        end_phone(to, from, plus);
        from = to->bytes_used;
        plus = false;
    }
    end_phone(to, from, plus);
}

static void put_id_number(wf_text value, wf_search_terms *to)
{
    for (size_t at = 0; at < value.size;) {
        uint32_t letter = narrow(next_character(value, &at));
        if (is_small(letter))
            letter = letter - 'a' + 'A';
        if (is_digit(letter) || is_capital(letter))
            put(to, letter);
    }
    end_term(to, 0, false);
}

void wf_search_terms_of(wf_search_rule rule, wf_text value, wf_search_terms *ret)
{
    WF_ASSERT(value.size <= WF_TEXT_BYTES_MAX);
    ret->count = ret->bytes_used = 0;
    switch (rule) {
    case WF_SEARCH_NAME:
        put_whole_name(value, ret);
        put_words(value, ret);
        put_neighbours(value, ret);
        break;
    case WF_SEARCH_PHONE:
        put_phones(value, ret);
        break;
    case WF_SEARCH_ID_NUMBER:
        put_id_number(value, ret);
        break;
    case WF_SEARCH_NONE:
        break;
    }
}

// ---- comparing ----

bool wf_search_is_whole(const wf_search_terms *asked, const wf_search_terms *value)
{
    return asked->count > 0 && has_term(value, &asked->terms[0]);
}

bool wf_search_has_parts(const wf_search_terms *asked, const wf_search_terms *value)
{
    bool any = false;
    for (size_t i = 0; i < asked->count; i++) {
        if (!asked->terms[i].is_part)
            continue;
        any = true;
        if (!has_term(value, &asked->terms[i]))
            return false;
    }
    return any;
}

bool wf_search_parts_tell(const wf_search_terms *asked)
{
    if (asked->count < 2)
        return false;
    wf_text whole = asked->terms[0].text;
    for (size_t at = 0; at < whole.size;)
        if (next_character(whole, &at) < UNSPACED_FIRST)
            return false;
    return asked->terms[1].is_part;
}
