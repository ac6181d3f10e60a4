// Reads TZif files (RFC 8536) into a table of ranges with one offset each. The rule
// that goes on after a file's last transition (its footer, a POSIX TZ string) is
// unrolled into the same table up to the year 9999, so that a look-up knows one way.
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/time.h"

enum {
    s_per_day = 86400,
    offset_max_s = 26 * 3600, // RFC 8536: under 26 hours on either side
    file_max_bytes = 1 << 20,
    name_max_bytes = 100,
    last_year = 9999,
};

// The earliest time that RFC 8536 recommends; it keeps sums of seconds in 64 bits.
static const int64_t time_limit_s = INT64_C(1) << 59;
// Instants of 64 bits of microseconds end about 106 million days from 1970.
static const int32_t day_limit = 100000000;

static const char zone_folder[] = "/usr/share/zoneinfo";

struct wf_zone {
    size_t count;      // ranges, at least 1
    size_t capacity;   // of the two arrays
    int64_t *start_s;  // range i is [start_s[i], start_s[i + 1]); start_s[0] = INT64_MIN
    int32_t *offset_s; // east positive
};

// When clocks change within a year: a day and a local time on it.
typedef struct {
    char form;      // 'J': day 1–365 without 29 February; '0': day 0–365; 'M'
    int32_t day;    // day of the year, or of the week (0 is Sunday)
    int32_t month;  // of 'M'
    int32_t week;   // of 'M': 1–5, 5 is the last
    int32_t time_s; // −167 h to 167 h from the day's midnight
} change_rule;

typedef struct {
    int32_t standard_s;
    bool has_summer;
    int32_t summer_s;
    change_rule to_summer;
    change_rule to_standard;
} footer_rule;

// What is left to read of a file or of its footer.
typedef struct {
    const unsigned char *at;
    size_t left;
} reader;

typedef struct {
    uint32_t utc_count, standard_count, leap_count, time_count, type_count, char_count;
    unsigned char version;
} header;

// ---- Look-ups ----

// The range in which an instant lies. Most instants lie in the last one of a zone
// without summer time, so it is tried first.
static inline size_t range_of(const wf_zone *zone, int64_t at_s)
{
    size_t low = 0, high = zone->count; // start_s[low] ≤ at_s < start_s[high]
    if (at_s >= zone->start_s[high - 1])
        return high - 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->start_s[middle] <= at_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static inline int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

int32_t wf_zone_offset_s(const wf_zone *zone, weft_time at)
{
    return zone->offset_s[range_of(zone, floor_div(at.us, WF_US_PER_S))];
}

// The first instant at which local clocks show local_s, or have jumped over it.
static int64_t instant_of_local(const wf_zone *zone, int64_t local_s)
{
    size_t range = range_of(zone, local_s - offset_max_s);
    for (;; range++) {
        int64_t at_s = local_s - zone->offset_s[range];
        if (at_s < zone->start_s[range])
            return zone->start_s[range]; // clocks jumped over it
        if (range + 1 == zone->count || at_s < zone->start_s[range + 1])
            return at_s;
    }
}

weft_time wf_zone_day_start(const wf_zone *zone, weft_day day)
{
    int32_t number = day.number > day_limit    ? day_limit
                     : day.number < -day_limit ? -day_limit
                                               : day.number;
    return (weft_time){instant_of_local(zone, (int64_t)number * s_per_day) * WF_US_PER_S};
}

weft_time wf_zone_day_end(const wf_zone *zone, weft_day day)
{
    if (day.number < INT32_MAX)
        day.number++;
    return wf_zone_day_start(zone, day);
}

weft_day wf_zone_day_of(const wf_zone *zone, weft_time at)
{
    int64_t at_s = floor_div(at.us, WF_US_PER_S);
    size_t range = range_of(zone, at_s);
    int64_t local_s = at_s + zone->offset_s[range];
    weft_day day = {(int32_t)floor_div(local_s, s_per_day)};
    // Only clocks that went back over midnight in the last hours make the date on the
    // clock another than the day that has begun.
    bool long_ago = range == 0 || at_s - zone->start_s[range] > 2 * offset_max_s;
    if (!long_ago && day.number > -day_limit + 2 && day.number < day_limit - 2) {
        while (wf_zone_day_start(zone, day).us > at.us)
            day.number--;
        while (wf_zone_day_end(zone, day).us <= at.us)
            day.number++;
    }
    return day;
}

bool wf_zone_instant(const wf_zone *zone, const wf_civil *civil, weft_time *ret)
{
    weft_day day;
    if (!wf_day_from_date(civil->year, civil->month, civil->day, &day) ||
        civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 ||
        civil->second < 0 || civil->second > 59 || civil->us < 0 ||
        civil->us >= WF_US_PER_S)
        return false;
    int64_t local_s = (int64_t)day.number * s_per_day + civil->hour * 3600 +
                      civil->minute * 60 + civil->second;
    int64_t at_s = instant_of_local(zone, local_s);
    // In a gap the answer is the jump itself, whatever the fraction said.
    bool shown = at_s + zone->offset_s[range_of(zone, at_s)] == local_s;
    ret->us = at_s * WF_US_PER_S + (shown ? civil->us : 0);
    return true;
}

int32_t wf_zone_civil(const wf_zone *zone, weft_time at, wf_civil *ret)
{
    int64_t at_s = floor_div(at.us, WF_US_PER_S);
    int32_t offset_s = zone->offset_s[range_of(zone, at_s)];
    int64_t local_s = at_s + offset_s;
    int64_t day = floor_div(local_s, s_per_day);
    int32_t of_day = (int32_t)(local_s - day * s_per_day);
    wf_day_date((weft_day){(int32_t)day}, &ret->year, &ret->month, &ret->day);
    ret->hour = of_day / 3600;
    ret->minute = of_day / 60 % 60;
    ret->second = of_day % 60;
    // Not at.us − at_s × 10⁶, whose product overflows at the ends of time.
    int64_t us = at.us % WF_US_PER_S;
    ret->us = (int32_t)(us < 0 ? us + WF_US_PER_S : us);
    return offset_s;
}

// ---- The table of ranges ----

static bool table_room(wf_zone *zone)
{
    if (zone->count < zone->capacity)
        return true;
    size_t capacity = zone->capacity == 0 ? 64 : zone->capacity * 2;
    int64_t *start_s = reallocarray(zone->start_s, capacity, sizeof *start_s);
    if (start_s == NULL)
        return false;
    zone->start_s = start_s;
    int32_t *offset_s = reallocarray(zone->offset_s, capacity, sizeof *offset_s);
    if (offset_s == NULL)
        return false;
    zone->offset_s = offset_s;
    zone->capacity = capacity;
    return true;
}

// Adds a range after all others; one that begins with the last one takes its place.
static bool table_add(wf_zone *zone, int64_t start_s, int32_t offset_s)
{
    if (zone->count > 0 && zone->start_s[zone->count - 1] == start_s)
        zone->count--;
    else if (zone->count > 0 && zone->offset_s[zone->count - 1] == offset_s)
        return true; // only the name of the time changed
    if (!table_room(zone))
        return false;
    zone->start_s[zone->count] = start_s;
    zone->offset_s[zone->count] = offset_s;
    zone->count++;
    return true;
}

// ---- The footer ----

static bool take(reader *from, char byte)
{
    if (from->left == 0 || from->at[0] != (unsigned char)byte)
        return false;
    from->at++;
    from->left--;
    return true;
}

static bool take_number(reader *from, int32_t max, int32_t *ret)
{
    int32_t value = 0;
    size_t used = 0;
    while (used < from->left && from->at[used] >= '0' && from->at[used] <= '9') {
        value = value * 10 + (from->at[used++] - '0');
        if (value > max)
            return false;
    }
    if (used == 0)
        return false;
    from->at += used;
    from->left -= used;
    *ret = value;
    return true;
}

// "<+0330>" or three or more letters.
static bool take_name(reader *from)
{
    bool quoted = take(from, '<');
    size_t size = 0;
    while (size < from->left) {
        unsigned char byte = from->at[size];
        bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        bool sign = byte == '+' || byte == '-' || (byte >= '0' && byte <= '9');
        if (!letter && !(quoted && sign))
            break;
        size++;
    }
    from->at += size;
    from->left -= size;
    return size >= 3 && (!quoted || take(from, '>'));
}

// [+-]hh[:mm[:ss]]
static bool take_time(reader *from, int32_t hours_max, int32_t *ret_s)
{
    bool minus = take(from, '-');
    if (!minus)
        take(from, '+');
    int32_t hours, minutes = 0, seconds = 0;
    if (!take_number(from, hours_max, &hours))
        return false;
    if (take(from, ':')) {
        if (!take_number(from, 59, &minutes))
            return false;
        if (take(from, ':') && !take_number(from, 59, &seconds))
            return false;
    }
    int32_t size_s = hours * 3600 + minutes * 60 + seconds;
    *ret_s = minus ? -size_s : size_s;
    return true;
}

static bool take_change(reader *from, change_rule *ret)
{
    change_rule rule = {.form = '0', .time_s = 2 * 3600};
    if (!take(from, ','))
        return false;
    if (take(from, 'M')) {
        rule.form = 'M';
        if (!take_number(from, 12, &rule.month) || rule.month < 1 || !take(from, '.') ||
            !take_number(from, 5, &rule.week) || rule.week < 1 || !take(from, '.') ||
            !take_number(from, 6, &rule.day))
            return false;
    } else {
        bool julian = take(from, 'J');
        rule.form = julian ? 'J' : '0';
        if (!take_number(from, 365, &rule.day) || (julian && rule.day < 1))
            return false;
    }
    if (take(from, '/') && !take_time(from, 167, &rule.time_s))
        return false;
    *ret = rule;
    return true;
}

// A TZ string: std offset [dst [offset] , change , change], to its last byte.
static bool read_footer(reader from, footer_rule *ret)
{
    footer_rule rule = {0};
    if (!take_name(&from) || !take_time(&from, 24, &rule.standard_s))
        return false;
    rule.standard_s = -rule.standard_s; // POSIX counts west of Greenwich
    if (from.left > 0) {
        rule.has_summer = true;
        rule.summer_s = rule.standard_s + 3600;
        if (!take_name(&from))
            return false;
        if (from.left > 0 && from.at[0] != ',') {
            if (!take_time(&from, 24, &rule.summer_s))
                return false;
            rule.summer_s = -rule.summer_s;
        }
        if (!take_change(&from, &rule.to_summer) ||
            !take_change(&from, &rule.to_standard))
            return false;
    }
    *ret = rule;
    return from.left == 0;
}

// Seconds from 1970 to the change in a year, by the clocks before the change.
static int64_t change_local_s(const change_rule *rule, int32_t year)
{
    weft_day first, day;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    bool real = wf_day_from_date(year, rule->form == 'M' ? rule->month : 1, 1, &first);
    WF_ASSERT(real);
    day = first;
    if (rule->form == 'J') {
        day.number += rule->day - 1 + (leap && rule->day > 59);
    } else if (rule->form == '0') {
        day.number += rule->day;
    } else {
        int32_t weekday =
            (int32_t)(((int64_t)first.number + 4) % 7); // 1970-01-01: Thursday
        weekday = weekday < 0 ? weekday + 7 : weekday;
        day.number += (rule->day - weekday + 7) % 7 + (rule->week - 1) * 7;
        int32_t found_year, found_month, found_date;
        wf_day_date(day, &found_year, &found_month, &found_date);
        if (found_month != rule->month) // a fifth week that the month does not have
            day.number -= 7;
    }
    return (int64_t)day.number * s_per_day + rule->time_s;
}

// Adds what the rule gives after last_s, the file's last transition (INT64_MIN: none).
static bool unroll(wf_zone *zone, const footer_rule *rule, int64_t last_s)
{
    int32_t year = 1;
    int64_t day = floor_div(last_s, s_per_day);
    if (day > 3000000)
        return true; // no year of ours comes after it
    if (day > -700000) {
        int32_t month, date;
        wf_day_date((weft_day){(int32_t)day}, &year, &month, &date);
        year = year < 2 ? 1 : year - 1;
    }
    for (; year <= last_year; year++) {
        int64_t summer_s = change_local_s(&rule->to_summer, year) - rule->standard_s;
        int64_t standard_s = change_local_s(&rule->to_standard, year) - rule->summer_s;
        bool north = summer_s < standard_s;
        int64_t at_s[2] = {north ? summer_s : standard_s, north ? standard_s : summer_s};
        int32_t offset_s[2] = {north ? rule->summer_s : rule->standard_s,
                               north ? rule->standard_s : rule->summer_s};
        for (int i = 0; i < 2; i++) {
            // A year-long summer ends where the next begins: the later word counts.
            if (at_s[i] > last_s && at_s[i] >= zone->start_s[zone->count - 1] &&
                !table_add(zone, at_s[i], offset_s[i]))
                return false;
        }
    }
    return true;
}

// ---- The file ----

static const unsigned char *take_bytes(reader *from, size_t size)
{
    if (size > from->left)
        return NULL;
    const unsigned char *at = from->at;
    from->at += size;
    from->left -= size;
    return at;
}

static uint32_t big_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big_time(const unsigned char *at, size_t size)
{
    if (size == 4)
        return (int32_t)big_u32(at);
    return (int64_t)((uint64_t)big_u32(at) << 32 | big_u32(at + 4));
}

static bool take_header(reader *from, header *ret)
{
    const unsigned char *at = take_bytes(from, 44);
    if (at == NULL || memcmp(at, "TZif", 4) != 0)
        return false;
    *ret = (header){.version = at[4],
                    .utc_count = big_u32(at + 20),
                    .standard_count = big_u32(at + 24),
                    .leap_count = big_u32(at + 28),
                    .time_count = big_u32(at + 32),
                    .type_count = big_u32(at + 36),
                    .char_count = big_u32(at + 40)};
    // Limits that keep every size below far from overflow.
    return ret->utc_count <= 256 && ret->standard_count <= 256 &&
           ret->leap_count <= 4096 && ret->time_count <= 65536 && ret->type_count >= 1 &&
           ret->type_count <= 256 && ret->char_count <= 4096;
}

static size_t body_bytes(const header *head, size_t time_size)
{
    return head->time_count * (time_size + 1) + head->type_count * (size_t)6 +
           head->char_count + head->leap_count * (time_size + 4) + head->standard_count +
           head->utc_count;
}

// Reads the transitions of one data block into the table, and the time of the last;
// false: damaged or no memory (*no_memory says which).
static bool read_body(const header *head, const unsigned char *body, size_t time_size,
                      wf_zone *zone, int64_t *ret_last_s, bool *no_memory)
{
    const unsigned char *times = body;
    const unsigned char *kinds = times + head->time_count * time_size;
    const unsigned char *types = kinds + head->time_count;
    for (uint32_t i = 0; i < head->type_count; i++) {
        int64_t offset_s = big_time(types + (size_t)i * 6, 4);
        if (offset_s <= -offset_max_s || offset_s >= offset_max_s)
            return false;
    }
    if (!table_add(zone, INT64_MIN, (int32_t)big_u32(types))) {
        *no_memory = true;
        return false;
    }
    int64_t before_s = INT64_MIN;
    for (uint32_t i = 0; i < head->time_count; i++) {
        int64_t at_s = big_time(times + i * time_size, time_size);
        if (at_s <= before_s || at_s < -time_limit_s || at_s > time_limit_s ||
            kinds[i] >= head->type_count)
            return false;
        before_s = at_s;
        if (!table_add(zone, at_s, (int32_t)big_u32(types + (size_t)kinds[i] * 6))) {
            *no_memory = true;
            return false;
        }
    }
    *ret_last_s = before_s;
    return true;
}

static bool read_file(wf_zone *zone, reader from, bool *no_memory)
{
    header head;
    int64_t last_s;
    if (!take_header(&from, &head))
        return false;
    size_t time_size = 4;
    if (head.version != 0) { // the first block is for old readers
        time_size = 8;
        if (take_bytes(&from, body_bytes(&head, 4)) == NULL || !take_header(&from, &head))
            return false;
    }
    const unsigned char *body = take_bytes(&from, body_bytes(&head, time_size));
    if (body == NULL || head.leap_count != 0 ||
        !read_body(&head, body, time_size, zone, &last_s, no_memory))
        return false;
    if (head.version == 0)
        return true;
    const unsigned char *end =
        from.left > 1 ? memchr(from.at + 1, '\n', from.left - 1) : NULL;
    if (end == NULL || !take(&from, '\n'))
        return false;
    reader footer = {from.at, (size_t)(end - from.at)};
    footer_rule rule;
    if (footer.left == 0)
        return true;
    if (!read_footer(footer, &rule))
        return false;
    *no_memory = rule.has_summer && !unroll(zone, &rule, last_s);
    return !*no_memory;
}

weft_status wf_zone_from_bytes(const char *name, wf_text bytes, wf_zone **ret,
                               weft_error *error)
{
    wf_zone *zone = calloc(1, sizeof *zone);
    if (zone == NULL)
        return wf_fail_memory(error);
    bool no_memory = false;
    reader from = {(const unsigned char *)bytes.bytes, bytes.size};
    if (!read_file(zone, from, &no_memory)) {
        wf_zone_close(zone);
        return no_memory
                   ? wf_fail_memory(error)
                   : wf_fail(error, WEFT_DAMAGED, "zone.damaged", "zone", name, NULL);
    }
    *ret = zone;
    return WEFT_OK;
}

// Letters, digits and _ + - between single slashes; nothing that leaves the folder.
static bool is_zone_name(const char *name)
{
    size_t size = strlen(name);
    if (size == 0 || size > name_max_bytes || strncmp(name, "right/", 6) == 0)
        return false;
    for (size_t i = 0; i < size; i++) {
        char byte = name[i];
        bool edge = i == 0 || i + 1 == size;
        if (byte == '/'
                ? edge || name[i + 1] == '/'
                : strchr("_+-", byte) == NULL && !(byte >= '0' && byte <= '9') &&
                      !(byte >= 'A' && byte <= 'Z') && !(byte >= 'a' && byte <= 'z'))
            return false;
    }
    return true;
}

weft_status wf_zone_open(const char *name, wf_zone **ret, weft_error *error)
{
    if (!is_zone_name(name))
        return wf_fail(error, WEFT_BAD_INPUT, "zone.unknown", "zone", name, NULL);
    wf_path path;
    WF_TRY(wf_path_join(zone_folder, name, &path, error));
    wf_arena arena = {0};
    wf_text bytes;
    weft_status status =
        wf_io_read_file(&wf_io_posix, path.text, file_max_bytes, &arena, &bytes, error);
    if (status == WEFT_OK)
        status = wf_zone_from_bytes(name, bytes, ret, error);
    else if (status != WEFT_NO_MEMORY)
        status = wf_fail(error, WEFT_BAD_INPUT, "zone.unknown", "zone", name, NULL);
    wf_arena_done(&arena);
    return status;
}

void wf_zone_close(wf_zone *zone)
{
    if (zone == NULL)
        return;
    free(zone->start_s);
    free(zone->offset_s);
    free(zone);
}
