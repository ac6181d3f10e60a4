// The small values of requests: times, days, numbers (Last-Event-ID, limits), lists of
// tags and encodings, one-time codes. What is read is in its range and, written, reads as
// the same.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "access/accounts/totp.h"
#include "serve/page/static.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_times(wf_text text, const wf_zone *zone)
{
    char written[WF_TIME_TEXT_MAX];
    weft_time at, again;
    wf_iso_kind kind;
    if (wf_time_parse(text, zone, &at, &kind)) {
        at.us -= at.us % WF_US_PER_S; // what is written is to the second
        WF_ASSERT(wf_time_parse(wf_text_of(wf_time_text(written, at, zone)), zone, &again,
                                &kind));
        WF_ASSERT(again.us == at.us && kind == WF_ISO_INSTANT);
    }
}

static void read_days(wf_text text)
{
    char date[WF_DAY_TEXT_MAX];
    weft_day day, same;
    if (wf_day_parse(text, &day)) {
        WF_ASSERT(wf_day_parse(wf_text_of(wf_day_text(date, day)), &same));
        WF_ASSERT(same.number == day.number);
    }
}

static void read_numbers(wf_text text)
{
    int64_t whole;
    double real;
    if (wf_parse_i64(text, -7, 1 << 20, &whole))
        WF_ASSERT(whole >= -7 && whole <= 1 << 20);
    if (wf_parse_double(text, 0, 1, &real))
        WF_ASSERT(isfinite(real) && real >= 0 && real <= 1);
}

static void read_lists(wf_text text)
{
    if (wf_static_has_tag(text, "\"a1\""))
        WF_ASSERT(memchr(text.bytes, '*', text.size) != NULL ||
                  memmem(text.bytes, text.size, "\"a1\"", 4) != NULL);
    if (wf_static_takes_gzip(text))
        WF_ASSERT(text.size >= 4);
}

static void read_codes(wf_text text)
{
    static const wf_text secret = WF_TEXT("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    const weft_time now = {59 * WF_US_PER_S};
    char code[WF_TOTP_DIGITS + 1];
    int64_t step = wf_totp_check(secret, text, now, 0);
    WF_ASSERT(step == -1 || step == 1 || step == 2);
    WF_ASSERT(step == -1 || text.size == WF_TOTP_DIGITS);
    // As a secret, which an administrator's file may bring.
    if (wf_totp_code(text, 1, code))
        WF_ASSERT(wf_totp_check(text, wf_text_of(code), now, 0) >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wf_zone *zone;
    weft_error error = {0};
    wf_text text = {(const char *)data, size};
    if (zone == NULL)
        WF_ASSERT(wf_zone_open("Asia/Shanghai", &zone, &error) == WEFT_OK);
    read_times(text, zone);
    read_days(text);
    read_numbers(text);
    read_lists(text);
    read_codes(text);
    return 0;
}
