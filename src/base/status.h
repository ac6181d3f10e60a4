// How fallible functions end: statuses, errors, deliberate discards.
//
// Convention of the whole tree: a function that can fail returns weft_status;
// where outside input or the disk is met its last parameter is a weft_error
// that is filled on failure (never NULL there). Out-parameters are named ret_…
// and untouched on failure.
#ifndef WF_BASE_STATUS_H
#define WF_BASE_STATUS_H

#include <stdarg.h>
#include <stdbool.h>

#include "weft/error.h"
#include "weft/status.h"

// Discards the result of a call on purpose. `why` is a sentence for the reader.
#define WF_IGNORE(call, why)                                                             \
    do {                                                                                 \
        if (call) { /* on purpose, see `why` */                                          \
        }                                                                                \
    } while (0)

// Returns from the calling function when `call` does not give WEFT_OK.
#define WF_TRY(call)                                                                     \
    do {                                                                                 \
        weft_status wf_try_status = (call);                                              \
        if (wf_try_status != WEFT_OK)                                                    \
            return wf_try_status;                                                        \
    } while (0)

// A bug, checked also in release builds: prints file and line, then aborts.
// Never for bad data.
#define WF_ASSERT(condition)                                                             \
    do {                                                                                 \
        if (!(condition))                                                                \
            wf_assert_failed(#condition, __FILE__, __LINE__);                            \
    } while (0)
// A place that only a bug reaches; the text says what would have to be true.
#define WF_BUG(text) wf_assert_failed(text, __FILE__, __LINE__)
_Noreturn void wf_assert_failed(const char *text, const char *file, int line);

// Fills *error (which must not be NULL) and returns `status`. `code` is a key
// of the catalogue; then pairs of (name, value) C strings, ended by NULL:
//   return wf_fail(error, WEFT_STORAGE, "io.open", "path", path, NULL);
// File, field and line set earlier by wf_error_at are kept.
weft_status wf_fail(weft_error *error, weft_status status, const char *code, ...)
    __attribute__((sentinel));

// As wf_fail, for functions that take pairs themselves; `pairs` is used up.
weft_status wf_fail_list(weft_error *error, weft_status status, const char *code,
                         va_list pairs);

// Says where the input came from: file and field may be NULL (kept as they
// are), line 0 keeps the line. May be called before or after wf_fail.
void wf_error_at(weft_error *error, const char *file, uint64_t line, const char *field);

// Gives *error these parameters in the place of its own; at most WEFT_ERROR_PARAMS_MAX.
void wf_error_params(weft_error *error, const weft_error_param *params, size_t count);

// Forgets everything in *error, also its place.
void wf_error_clear(weft_error *error);

// Formats a number for a parameter: returns `buffer`.
#define WF_NUMBER_TEXT_MAX 24
const char *wf_number_text(char buffer[WF_NUMBER_TEXT_MAX], int64_t value);

// Fails with the reason of `errno_value`: ENOSPC and EDQUOT give WEFT_DISK_FULL
// ("io.disk_full"), ENOMEM gives WEFT_NO_MEMORY, all others WEFT_STORAGE with
// `code`. The parameters are path and reason (of the C library, in English).
weft_status wf_fail_errno(weft_error *error, int errno_value, const char *code,
                          const char *path);

// Fails with WEFT_NO_MEMORY ("memory.none").
weft_status wf_fail_memory(weft_error *error);

#endif
