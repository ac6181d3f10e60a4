#include "serve/http/target.h"

#include <string.h>

// What is read, and where decoded bytes go.
typedef struct {
    const char *at, *end;
    char *to;
} reading;

static int hex_digit(char letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    letter = (char)(letter | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// One decoded byte, or −1.
static int next_byte(reading *from, bool in_query)
{
    char letter = *from->at++;
    if (in_query && letter == '+')
        return ' ';
    if (letter != '%')
        return (unsigned char)letter;
    if (from->end - from->at < 2)
        return -1;
    int high = hex_digit(from->at[0]), low = hex_digit(from->at[1]);
    from->at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// True for a byte that may stand in a piece. Blanks of a path are escaped, as is DEL.
static bool is_fine(int byte, bool in_query)
{
    if (byte < ' ' || byte == 0x7f)
        return false;
    return in_query || (byte != '/' && byte != '\\');
}

// Decodes up to one of the letters in `stops`, or the end; the stop stays.
static bool read_piece(reading *from, const char *stops, bool in_query, wf_text *ret)
{
    char *begin = from->to;
    while (from->at < from->end && strchr(stops, *from->at) == NULL) {
        // What is not escaped must be printable: blanks would end the target.
        if ((unsigned char)*from->at <= ' ' || *from->at == '#')
            return false;
        int byte = next_byte(from, in_query);
        if (byte < 0 || !is_fine(byte, in_query))
            return false;
        *from->to++ = (char)byte;
    }
    *ret = (wf_text){begin, (size_t)(from->to - begin)};
    *from->to++ = '\0';
    // UTF-8 has C1 controls as two bytes.
    for (size_t i = 0; i + 1 < ret->size; i++)
        if ((unsigned char)begin[i] == 0xc2 && (unsigned char)begin[i + 1] < 0xa0)
            return false;
    return wf_text_is_utf8(*ret);
}

static bool is_dots(wf_text segment)
{
    return wf_text_equal(segment, WF_TEXT(".")) || wf_text_equal(segment, WF_TEXT(".."));
}

// "/a/b": after each slash a segment, of which only the last may be empty.
static bool read_path(reading *from, wf_target *ret)
{
    while (from->at < from->end && *from->at == '/') {
        wf_text segment;
        from->at++;
        if (!read_piece(from, "/?", false, &segment) || is_dots(segment))
            return false;
        if (segment.size == 0) {
            bool is_root = ret->segments_count == 0;
            return is_root && (from->at == from->end || *from->at == '?');
        }
        if (ret->segments_count == wf_target_segments_max)
            return false;
        ret->segments[ret->segments_count++] = segment;
    }
    return from->at == from->end || *from->at == '?';
}

static bool read_query(reading *from, wf_target *ret)
{
    while (from->at < from->end) {
        wf_pair pair = {.value = {"", 0}};
        from->at++; // "?" or "&"
        if (!read_piece(from, "=&", true, &pair.name))
            return false;
        if (from->at < from->end && *from->at == '=') {
            from->at++;
            if (!read_piece(from, "&", true, &pair.value))
                return false;
        }
        if (pair.name.size == 0 && pair.value.size == 0) // "?", "a=1&"
            continue;
        if (pair.name.size == 0 || ret->pairs_count == wf_target_pairs_max)
            return false;
        ret->pairs[ret->pairs_count++] = pair;
    }
    return true;
}

// Moves over "http://authority"; the path that follows may be missing.
static bool skip_authority(reading *from)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t size = strlen(schemes[i]);
        if ((size_t)(from->end - from->at) <= size ||
            strncasecmp(from->at, schemes[i], size) != 0)
            continue;
        from->at += size;
        const char *host = from->at;
        while (from->at < from->end && strchr("/?#@", *from->at) == NULL)
            from->at++;
        // No user part: it is for clients, and misleads people.
        return from->at > host && from->at < from->end && *from->at == '/';
    }
    return false;
}

wf_target_kind wf_target_read(wf_text raw, char *room, wf_target *ret)
{
    reading from = {raw.bytes, raw.bytes + raw.size, room};
    ret->segments_count = ret->pairs_count = 0;
    if (raw.size > wf_target_bytes_max)
        return WF_TARGET_TOO_LONG;
    if (raw.size > 0 && memchr(raw.bytes, '\0', raw.size) == NULL &&
        (raw.bytes[0] == '/' || skip_authority(&from)) && read_path(&from, ret) &&
        read_query(&from, ret))
        return WF_TARGET_GOOD;
    ret->segments_count = ret->pairs_count = 0;
    return WF_TARGET_BAD;
}

wf_text wf_target_pair(const wf_target *target, wf_text name)
{
    for (size_t i = 0; i < target->pairs_count; i++)
        if (wf_text_equal(target->pairs[i].name, name))
            return target->pairs[i].value;
    return (wf_text){NULL, 0};
}
