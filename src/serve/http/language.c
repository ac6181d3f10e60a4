#include "serve/http/language.h"

#include <string.h>

enum { weight_max = 1000, header_bytes_max = 1024 };

bool wf_language_read(wf_text tag, wf_language *ret)
{
    if (tag.size < 2 || (tag.size > 2 && tag.bytes[2] != '-'))
        return false;
    if (strncasecmp(tag.bytes, "zh", 2) == 0)
        *ret = WF_LANGUAGE_ZH;
    else if (strncasecmp(tag.bytes, "en", 2) == 0)
        *ret = WF_LANGUAGE_EN;
    else
        return false;
    return true;
}

// "q=0.8" in thousandths; a weight that is none counts as 0.
static int weight_of(wf_text text)
{
    double weight;
    if (text.size < 3 || (text.bytes[0] | 0x20) != 'q' || text.bytes[1] != '=')
        return 0;
    if (!wf_parse_double((wf_text){text.bytes + 2, text.size - 2}, 0, 1, &weight))
        return 0;
    return (int)(weight * weight_max);
}

// The text up to `stop`; *rest is what follows it.
static wf_text cut(wf_text *rest, char stop)
{
    const char *at = rest->size > 0 ? memchr(rest->bytes, stop, rest->size) : NULL;
    size_t size = at != NULL ? (size_t)(at - rest->bytes) : rest->size;
    wf_text head = {rest->bytes, size};
    size_t taken = at != NULL ? size + 1 : size;
    rest->bytes += taken;
    rest->size -= taken;
    return wf_text_trim(head);
}

wf_language wf_language_of_header(wf_text header, wf_language otherwise)
{
    wf_language best = otherwise, language;
    int best_weight = 0;
    if (header.size > header_bytes_max)
        return otherwise;
    while (header.size > 0) {
        wf_text range = cut(&header, ',');
        wf_text tag = cut(&range, ';');
        int weight = range.size > 0 ? weight_of(wf_text_trim(range)) : weight_max;
        if (weight > best_weight && wf_language_read(tag, &language)) {
            best = language;
            best_weight = weight;
        }
    }
    return best;
}
