#include "base/status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    int exit_code;
    int http;
} status_row;

static const status_row status_rows[WEFT_STATUS_COUNT] = {
#define X(name, exit_code, http, text) [name] = {text, exit_code, http},
    WEFT_STATUS_TABLE(X)
#undef X
};

static const status_row *row_of(weft_status status)
{
    WF_ASSERT((unsigned)status < WEFT_STATUS_COUNT);
    return &status_rows[status];
}

int weft_status_exit_code(weft_status status)
{
    return row_of(status)->exit_code;
}

int weft_status_http(weft_status status)
{
    return row_of(status)->http;
}

const char *weft_status_name(weft_status status)
{
    return row_of(status)->name;
}

_Noreturn void wf_assert_failed(const char *text, const char *file, int line)
{
    fprintf(stderr, "weft: bug: %s does not hold (%s:%d)\n", text, file, line);
    abort();
}

// Copies as much as fits and ends before a UTF-8 character is cut in two.
static void copy_cut(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

weft_status wf_fail_list(weft_error *error, weft_status status, const char *code,
                         va_list pairs)
{
    WF_ASSERT(error != NULL && status != WEFT_OK);
    error->status = status;
    error->code = code;
    error->params_count = 0;
    for (;;) {
        const char *name = va_arg(pairs, const char *);
        if (name == NULL)
            break;
        const char *value = va_arg(pairs, const char *);
        WF_ASSERT(error->params_count < WEFT_ERROR_PARAMS_MAX);
        weft_error_param *param = &error->params[error->params_count++];
        copy_cut(param->name, sizeof param->name, name);
        copy_cut(param->value, sizeof param->value, value != NULL ? value : "");
    }
    return status;
}

weft_status wf_fail(weft_error *error, weft_status status, const char *code, ...)
{
    va_list pairs;
    va_start(pairs, code);
    weft_status failed = wf_fail_list(error, status, code, pairs);
    va_end(pairs);
    return failed;
}

void wf_error_at(weft_error *error, const char *file, uint64_t line, const char *field)
{
    if (file != NULL)
        copy_cut(error->file, sizeof error->file, file);
    if (field != NULL)
        copy_cut(error->field, sizeof error->field, field);
    if (line != 0)
        error->line = line;
}

void wf_error_params(weft_error *error, const weft_error_param *params, size_t count)
{
    WF_ASSERT(count <= WEFT_ERROR_PARAMS_MAX);
    for (size_t i = 0; i < count; i++)
        error->params[i] = params[i];
    error->params_count = count;
}

void wf_error_clear(weft_error *error)
{
    *error = (weft_error){.status = WEFT_OK};
}

const char *wf_number_text(char buffer[WF_NUMBER_TEXT_MAX], int64_t value)
{
    WF_IGNORE(snprintf(buffer, WF_NUMBER_TEXT_MAX, "%lld", (long long)value) < 0,
              "24 bytes hold every 64-bit number");
    return buffer;
}

weft_status wf_fail_errno(weft_error *error, int errno_value, const char *code,
                          const char *path)
{
    if (errno_value == ENOMEM)
        return wf_fail_memory(error);
    const char *reason = strerrordesc_np(errno_value); // unlike strerror, has no state
    if (errno_value == ENOSPC || errno_value == EDQUOT)
        return wf_fail(error, WEFT_DISK_FULL, "io.disk_full", "path", path, "reason",
                       reason, NULL);
    return wf_fail(error, WEFT_STORAGE, code, "path", path, "reason", reason, NULL);
}

weft_status wf_fail_memory(weft_error *error)
{
    return wf_fail(error, WEFT_NO_MEMORY, "memory.none", NULL);
}
