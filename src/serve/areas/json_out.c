#include "serve/areas/json_out.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

char *wf_json_out_more(wf_json_out *out, size_t size)
{
    wf_buffer *to = out->to;
    out->failed = out->failed || !wf_buffer_reserve(to, size);
    return out->failed ? NULL : to->bytes + to->size;
}

void wf_json_out_open(wf_json_out *out, char bracket)
{
    wf_json_out_value(out, &bracket, 1);
    out->comma = false;
}

void wf_json_out_close(wf_json_out *out, char bracket)
{
    out->comma = false;
    wf_json_out_value(out, &bracket, 1);
}

// Whether it stands between quotes as it is.
static bool is_plain(wf_text text)
{
    unsigned char all = 0, special = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        special |= (unsigned char)(byte < ' ' || byte == '"' || byte == '\\');
        all |= byte;
    }
    return special == 0 && (all < 0x80 || wf_text_is_utf8(text));
}

static bool escape(wf_text text, wf_buffer *to)
{
    json_t *value = json_stringn(text.bytes, text.size);
    size_t size = value == NULL ? 0 : json_dumpb(value, NULL, 0, JSON_ENCODE_ANY);
    bool done = size > 0 && wf_buffer_reserve(to, size);
    if (done) {
        json_dumpb(value, to->bytes + to->size, size, JSON_ENCODE_ANY);
        to->size += size;
    }
    json_decref(value);
    return done;
}

// Room for the comma has to be there before what the library writes.
static void put_escaped(wf_json_out *out, wf_text text)
{
    char *to = wf_json_out_room(out, 1);
    if (to == NULL)
        return;
    *to = ',';
    out->to->size += out->comma;
    out->failed = !escape(text, out->to);
    out->comma = true;
}

void wf_json_out_bytes(wf_json_out *out, wf_text text)
{
    if (text.bytes == NULL)
        wf_json_out_null(out);
    else if (is_plain(text))
        wf_json_out_plain(out, text.bytes, text.size);
    else
        put_escaped(out, text);
}

void wf_json_out_text(wf_json_out *out, const char *text)
{
    wf_json_out_bytes(out, text != NULL ? wf_text_of(text) : (wf_text){NULL, 0});
}

void wf_json_out_whole(wf_json_out *out, int64_t number)
{
    char digits[WF_NUMBER_TEXT_MAX];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    wf_json_out_value(out, digits + at, sizeof digits - at);
}

void wf_json_out_yesno(wf_json_out *out, bool yes)
{
    wf_json_out_value(out, yes ? "true" : "false", yes ? 4 : 5);
}

void wf_json_out_null(wf_json_out *out)
{
    wf_json_out_value(out, "null", 4);
}

enum { share_digits = 4, places_max = 12 };

// The share times 10^*ret_places, a whole number of four digits.
static int64_t scale_share(double share, int *ret_places)
{
    double scale = 1e4;
    int places = share_digits;
    while (places < places_max && share * scale < 999.5) {
        scale *= 10;
        places++;
    }
    *ret_places = places;
    return llrint(share * scale);
}

void wf_json_out_share(wf_json_out *out, double share)
{
    static const double least = 1e-9;
    char text[32];
    int places;
    if (!(share >= least && share < 1)) {
        int size = snprintf(text, sizeof text, "%.4g", share);
        WF_ASSERT(isfinite(share) && size > 0 && (size_t)size < sizeof text);
        wf_json_out_value(out, text, (size_t)size);
        return;
    }
    int64_t whole = scale_share(share, &places);
    size_t end = 2 + (size_t)places;
    text[0] = '0';
    text[1] = '.';
    for (size_t at = end; at > 2; whole /= 10)
        text[--at] = (char)('0' + whole % 10);
    text[0] = (char)('0' + whole); // 1 when it was rounded up to that
    while (text[end - 1] == '0' && end > 3)
        end--;
    wf_json_out_value(out, text, end);
}

bool wf_json_out_done(const wf_json_out *out)
{
    return !out->failed;
}
