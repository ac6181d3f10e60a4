// Tokens of a view's pages (page_token.h), under the REGISTER key; the context names view
// and sort. The content is, for each column of the order:
//
//   SIZE
//   1     0: not given, and nothing follows; 1
//   …     a text: u32 size, bytes; NUMBER: 8 bytes IEEE 754; others: i64
//
// All numbers are little endian.
#include <string.h>

#include "base/bytes.h"
#include "store/query/page_token.h"
#include "store/query/view_inside.h"

static bool put_context(const wf_view *view, size_t sort, wf_buffer *ret)
{
    const wf_sql_sort *by = &view->file.sorts[sort];
    return wf_buffer_printf(ret, "weft view page %s %s%s", view->file.name,
                            by->falls ? "-" : "", view->file.columns[by->column].name);
}

// ---- making ----

static bool put_value(const wf_column *about, const wf_value *value, wf_buffer *to)
{
    unsigned char given = value->given, bytes[8];
    if (!wf_buffer_append(to, &given, 1) || !value->given)
        return !value->given;
    if (wf_record_is_text(about)) {
        wf_put_u32(bytes, (uint32_t)value->text.size);
        return wf_buffer_append(to, bytes, 4) &&
               wf_buffer_append(to, value->text.bytes, value->text.size);
    }
    uint64_t bits = (uint64_t)value->number;
    if (about->type == WF_COLUMN_NUMBER)
        memcpy(&bits, &value->real, sizeof bits);
    wf_put_u64(bytes, bits);
    return wf_buffer_append(to, bytes, sizeof bytes);
}

static bool put_position(const wf_view *view, size_t sort,
                         const wf_view_position *position, wf_buffer *to)
{
    wf_view_order order = wf_view_order_of(&view->file, sort);
    bool done = true;
    for (size_t i = 0; done && i < order.count; i++)
        done = put_value(view->file.columns[order.columns[i]].about, &position->values[i],
                         to);
    return done;
}

weft_status wf_view_token_make(const wf_view *view, size_t sort,
                               const wf_view_position *position, wf_arena *arena,
                               wf_text *ret, weft_error *error)
{
    wf_buffer context = {0}, plain = {0};
    weft_status status =
        put_context(view, sort, &context) && put_position(view, sort, position, &plain)
            ? wf_page_token_make(view->views->row_keys.key, wf_buffer_text(&context),
                                 wf_buffer_text(&plain), arena, ret, error)
            : wf_fail_memory(error);
    wf_buffer_done(&context);
    wf_buffer_wipe(&plain);
    return status;
}

// ---- reading ----

static bool take(wf_text *rest, size_t size, const unsigned char **ret)
{
    if (rest->size < size)
        return false;
    *ret = (const unsigned char *)rest->bytes;
    *rest = (wf_text){rest->bytes + size, rest->size - size};
    return true;
}

static bool take_value(const wf_column *about, wf_text *rest, wf_arena *arena,
                       wf_value *ret)
{
    const unsigned char *bytes;
    *ret = (wf_value){0};
    if (!take(rest, 1, &bytes))
        return false;
    ret->given = *bytes != 0;
    if (!ret->given)
        return true;
    if (wf_record_is_text(about)) {
        if (!take(rest, 4, &bytes))
            return false;
        size_t size = wf_get_u32(bytes);
        if (!take(rest, size, &bytes))
            return false;
        ret->text = wf_arena_text(arena, (wf_text){(const char *)bytes, size});
        return ret->text.bytes != NULL;
    }
    if (!take(rest, 8, &bytes))
        return false;
    uint64_t bits = wf_get_u64(bytes);
    if (about->type == WF_COLUMN_NUMBER)
        memcpy(&ret->real, &bits, sizeof bits);
    else
        ret->number = (int64_t)bits;
    return true;
}

static bool take_position(const wf_view *view, size_t sort, wf_text plain,
                          wf_arena *arena, wf_view_position *ret)
{
    wf_view_order order = wf_view_order_of(&view->file, sort);
    wf_view_position position = {.given = true};
    for (size_t i = 0; i < order.count; i++) {
        if (!take_value(view->file.columns[order.columns[i]].about, &plain, arena,
                        &position.values[i]))
            return false;
        if (!position.values[i].given && (i > 0 || !order.can_be_null))
            return false;
    }
    *ret = position;
    return plain.size == 0;
}

weft_status wf_view_token_read(const wf_view *view, size_t sort, wf_text token,
                               wf_arena *arena, wf_view_position *ret, weft_error *error)
{
    wf_buffer context = {0}, plain = {0};
    weft_status status =
        put_context(view, sort, &context)
            ? wf_page_token_read(view->views->row_keys.key, wf_buffer_text(&context),
                                 token, arena, &plain, error)
            : wf_fail_memory(error);
    wf_buffer_done(&context);
    if (status == WEFT_OK &&
        !take_position(view, sort, wf_buffer_text(&plain), arena, ret))
        status = wf_page_token_fail(error);
    wf_buffer_wipe(&plain);
    return status;
}
