#include "serve/http/head.h"

#include <string.h>

// The end of a line, which was made NUL: one byte (LF) or two (CR LF).
static bool is_line_end(const char *from, const char *to)
{
    return to > from && to - from <= 2 && from[0] == '\0' && to[-1] == '\0';
}

// The colon, made NUL, and blanks.
static bool is_colon(const char *from, const char *to)
{
    if (to <= from || *from++ != '\0')
        return false;
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    return from == to;
}

static bool is_first_line(const char *method, const char *target, size_t target_size,
                          const char *version)
{
    const char *after = method + strlen(method), *end = target + target_size;
    return target > after && target - after == 1 && version > end && version - end == 1;
}

bool wf_head_is_whole(struct MHD_Connection *connection, const char *method,
                      const char *target, size_t target_size, const char *version,
                      const wf_headers *headers)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (size == NULL || strcmp(MHD_get_version(), "0.9.75") != 0)
        return true;
    const char *at = version + strlen(version), *end = method + size->header_size;
    if (!is_first_line(method, target, target_size, version))
        return false;
    for (size_t i = 0; i < headers->count; i++) {
        const wf_header *one = &headers->items[i];
        if (!is_line_end(at, one->name.bytes) ||
            !is_colon(one->name.bytes + one->name.size, one->value.bytes))
            return false;
        at = one->value.bytes + one->value.size;
    }
    // The last line, and the empty one.
    return end > at && end - at >= 2 && end - at <= 4;
}
