// Tokens of a list's pages (page_token.h), under the REGISTER key; the context names what
// the list is cut to. The content is the last hole of the page:
//
//   SIZE
//   8     due_at, µs
//   8     number
//   8     since, µs
//   …     kind, subject, grid, owner: each u32 size, bytes
//
// All numbers are little endian.
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "store/query/holes_inside.h"
#include "store/query/page_token.h"
#include "store/records/row.h"

static bool put_context(const wf_holes *holes, const wf_holes_query *query, wf_buffer *to)
{
    const char *kind = query->rule != SIZE_MAX ? holes->rules[query->rule].file.name : "";
    return wf_buffer_printf(to, "weft holes page %s %.*s %d", kind, (int)query->grid.size,
                            query->grid.bytes, (int)query->not_yet_due);
}

// ---- making ----

static bool put_number(int64_t number, wf_buffer *to)
{
    unsigned char bytes[8];
    wf_put_u64(bytes, (uint64_t)number);
    return wf_buffer_append(to, bytes, sizeof bytes);
}

static bool put_text(wf_text text, wf_buffer *to)
{
    unsigned char bytes[4];
    wf_put_u32(bytes, (uint32_t)text.size);
    return wf_buffer_append(to, bytes, sizeof bytes) &&
           wf_buffer_append(to, text.bytes, text.size);
}

static bool put_hole(const wf_hole *last, wf_buffer *to)
{
    return put_number(last->due_at.us, to) && put_number(last->number, to) &&
           put_number(last->since.us, to) && put_text(wf_text_of(last->rule->name), to) &&
           put_text(last->subject, to) && put_text(last->grid, to) &&
           put_text(last->owner, to);
}

weft_status wf_holes_token_make(const wf_holes *holes, wf_keys *keys,
                                const wf_holes_query *query, const wf_hole *last,
                                wf_arena *arena, wf_text *ret, weft_error *error)
{
    wf_record_keys row_keys;
    wf_buffer context = {0}, plain = {0};
    WF_TRY(wf_record_keys_find(keys, &row_keys, error));
    weft_status status =
        put_context(holes, query, &context) && put_hole(last, &plain)
            ? wf_page_token_make(row_keys.key, wf_buffer_text(&context),
                                 wf_buffer_text(&plain), arena, ret, error)
            : wf_fail_memory(error);
    sodium_memzero(&row_keys, sizeof row_keys);
    wf_buffer_done(&context);
    wf_buffer_wipe(&plain);
    return status;
}

// ---- reading ----

static bool take(wf_text *rest, size_t size, wf_text *ret)
{
    if (rest->size < size)
        return false;
    *ret = (wf_text){rest->bytes, size};
    *rest = (wf_text){rest->bytes + size, rest->size - size};
    return true;
}

static bool take_number(wf_text *rest, int64_t *ret)
{
    wf_text bytes;
    if (!take(rest, 8, &bytes))
        return false;
    *ret = (int64_t)wf_get_u64((const unsigned char *)bytes.bytes);
    return true;
}

static bool take_text(wf_text *rest, wf_arena *arena, wf_text *ret)
{
    wf_text bytes;
    if (!take(rest, 4, &bytes))
        return false;
    uint32_t size = wf_get_u32((const unsigned char *)bytes.bytes);
    if (!take(rest, size, &bytes))
        return false;
    *ret = wf_arena_text(arena, bytes);
    return ret->bytes != NULL;
}

// A kind that is not there any more is none: a newer program begins again.
static bool take_hole(const wf_holes *holes, wf_text plain, wf_arena *arena, wf_hole *ret)
{
    wf_text kind;
    wf_hole last = {0};
    bool done =
        take_number(&plain, &last.due_at.us) && take_number(&plain, &last.number) &&
        take_number(&plain, &last.since.us) && take_text(&plain, arena, &kind) &&
        take_text(&plain, arena, &last.subject) && take_text(&plain, arena, &last.grid) &&
        take_text(&plain, arena, &last.owner) && plain.size == 0;
    size_t rule = done ? wf_holes_find(holes, kind.bytes) : SIZE_MAX;
    if (rule == SIZE_MAX)
        return false;
    last.rule = &holes->rules[rule].file;
    *ret = last;
    return true;
}

weft_status wf_holes_token_read(const wf_holes *holes, wf_keys *keys,
                                const wf_holes_query *query, wf_text token,
                                wf_arena *arena, wf_hole *ret, weft_error *error)
{
    wf_record_keys row_keys;
    wf_buffer context = {0}, plain = {0};
    WF_TRY(wf_record_keys_find(keys, &row_keys, error));
    weft_status status = put_context(holes, query, &context)
                             ? wf_page_token_read(row_keys.key, wf_buffer_text(&context),
                                                  token, arena, &plain, error)
                             : wf_fail_memory(error);
    if (status == WEFT_OK && !take_hole(holes, wf_buffer_text(&plain), arena, ret))
        status = wf_page_token_fail(error);
    sodium_memzero(&row_keys, sizeof row_keys);
    wf_buffer_done(&context);
    wf_buffer_wipe(&plain);
    return status;
}
