#include "epi/unit.h"

#include <math.h>
#include <string.h>

// A seat text taken apart: "05/12F" is carriage "05", row 12, letter 'F'.
typedef struct {
    wf_text carriage;
    int64_t row;
    char letter; // 'A' to 'Z', 0: not said
    bool has_row;
} seat_parts;

static wf_text before_slash(wf_text seat)
{
    const char *slash = memchr(seat.bytes, '/', seat.size);
    size_t size = slash == NULL ? seat.size : (size_t)(slash - seat.bytes);
    return wf_text_trim((wf_text){seat.bytes, size});
}

static wf_text after_slash(wf_text seat)
{
    const char *slash = memchr(seat.bytes, '/', seat.size);
    if (slash == NULL)
        return seat;
    size_t skipped = (size_t)(slash - seat.bytes) + 1;
    return wf_text_trim((wf_text){slash + 1, seat.size - skipped});
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static seat_parts parts_of(wf_text seat)
{
    wf_text place = after_slash(seat);
    seat_parts parts = {.carriage = place.bytes == seat.bytes ? (wf_text){seat.bytes, 0}
                                                              : before_slash(seat)};
    size_t digits = 0;
    while (digits < place.size && is_digit(place.bytes[digits]))
        digits++;
    parts.has_row =
        wf_parse_i64((wf_text){place.bytes, digits}, 0, INT32_MAX, &parts.row);
    if (digits + 1 == place.size) {
        char letter = (char)(place.bytes[digits] & ~0x20);
        if (letter >= 'A' && letter <= 'Z')
            parts.letter = letter;
    }
    return parts;
}

static wf_unit_verdict verdict(bool known, bool same)
{
    if (!known)
        return WF_UNIT_UNKNOWN;
    return same ? WF_UNIT_WITHIN : WF_UNIT_OUTSIDE;
}

static wf_unit_verdict judge_rows(double reach, wf_text a, wf_text b)
{
    seat_parts one = parts_of(a), other = parts_of(b);
    bool same = wf_text_equal(one.carriage, other.carriage) &&
                fabs((double)(one.row - other.row)) <= reach;
    return verdict(one.has_row && other.has_row, same);
}

wf_unit_verdict wf_unit_judge(wf_unit unit, double reach, wf_text a, wf_text b)
{
    if (unit == WF_UNIT_WHOLE)
        return WF_UNIT_WITHIN;
    a = wf_text_trim(a);
    b = wf_text_trim(b);
    if (a.size == 0 || b.size == 0)
        return WF_UNIT_UNKNOWN;
    switch (unit) {
    case WF_UNIT_WHOLE:
        break;
    case WF_UNIT_SEAT:
        return verdict(true, wf_text_equal(a, b));
    case WF_UNIT_ROWS:
        return judge_rows(reach, a, b);
    case WF_UNIT_CARRIAGE: {
        wf_text one = before_slash(a), other = before_slash(b);
        return verdict(one.size > 0 && other.size > 0, wf_text_equal(one, other));
    }
    }
    return WF_UNIT_WITHIN;
}

bool wf_unit_adjacent(wf_text a, wf_text b)
{
    seat_parts one = parts_of(wf_text_trim(a)), other = parts_of(wf_text_trim(b));
    if (!one.has_row || !other.has_row || one.letter == 0 || other.letter == 0)
        return false;
    if (one.row != other.row || !wf_text_equal(one.carriage, other.carriage))
        return false;
    int low = one.letter < other.letter ? one.letter : other.letter;
    int high = one.letter < other.letter ? other.letter : one.letter;
    return high - low == 1 || (low == 'D' && high == 'F');
}
