#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "wire/source.h"

struct wf_gb18030 {
    iconv_t conversion;
};

weft_status wf_gb18030_new(wf_gb18030 **ret, weft_error *error)
{
    wf_gb18030 *converter = calloc(1, sizeof *converter);
    if (converter == NULL)
        return wf_fail_memory(error);
    converter->conversion = iconv_open("UTF-8", "GB18030");
    if (converter->conversion == (iconv_t)-1) {
        free(converter);
        return wf_fail(error, WEFT_STORAGE, "wire.no_gb18030", NULL);
    }
    *ret = converter;
    return WEFT_OK;
}

void wf_gb18030_free(wf_gb18030 *converter)
{
    if (converter == NULL)
        return;
    WF_IGNORE(iconv_close(converter->conversion) != 0, "nothing was left to write");
    free(converter);
}

void wf_gb18030_convert(wf_gb18030 *converter, const unsigned char *in, size_t in_size,
                        bool last, unsigned char *out, size_t out_size, size_t *ret_used,
                        size_t *ret_made)
{
    char *from = (char *)(uintptr_t)in; // iconv's type lacks the const it keeps
    char *to = (char *)out;
    size_t from_left = in_size, to_left = out_size;
    while (from_left > 0 && to_left > 0) {
        size_t result = iconv(converter->conversion, &from, &from_left, &to, &to_left);
        if (result != (size_t)-1 || errno == E2BIG)
            break;
        if (errno == EINVAL && !last)
            break; // the sequence goes on behind the buffer
        if (to_left == 0)
            break;
        *to++ = *from++;
        to_left--;
        from_left--;
    }
    *ret_used = in_size - from_left;
    *ret_made = out_size - to_left;
}
