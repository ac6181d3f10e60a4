#include "visits/tail_mark.h"

#include <string.h>

#include "base/bytes.h"

enum {
    plain_bytes = WF_TAIL_MARK_BYTES - WF_SEAL_BLOB_OVERHEAD,
    context_bytes = WF_TAIL_HEAD_BYTES + 1
};

bool wf_tail_mark_equal(const wf_tail_mark *a, const wf_tail_mark *b)
{
    return a->records == b->records && a->length == b->length &&
           memcmp(a->last_tag, b->last_tag, sizeof a->last_tag) == 0;
}

static void put_context(unsigned char context[context_bytes], const unsigned char *head,
                        unsigned place)
{
    memcpy(context, head, WF_TAIL_HEAD_BYTES);
    context[WF_TAIL_HEAD_BYTES] = (unsigned char)place;
}

weft_status wf_tail_mark_seal(const wf_key *key,
                              const unsigned char head[WF_TAIL_HEAD_BYTES],
                              unsigned place, const wf_tail_mark *mark, wf_buffer *ret,
                              weft_error *error)
{
    unsigned char context[context_bytes], plain[plain_bytes];
    put_context(context, head, place);
    wf_put_u64(plain, mark->records);
    wf_put_u64(plain + 8, mark->length);
    memcpy(plain + 16, mark->last_tag, sizeof mark->last_tag);
    return wf_seal_blob(key, (wf_text){(char *)context, sizeof context},
                        (wf_text){(char *)plain, sizeof plain}, ret, error);
}

static weft_status open_mark(const wf_key *key, const unsigned char *file, unsigned place,
                             wf_tail_mark *ret, weft_error *error)
{
    unsigned char context[context_bytes];
    put_context(context, file, place);
    wf_text sealed = {(const char *)file + WF_TAIL_HEAD_BYTES +
                          (size_t)place * WF_TAIL_MARK_BYTES,
                      WF_TAIL_MARK_BYTES};
    wf_buffer plain = {0};
    weft_status status = wf_open_blob(key, (wf_text){(char *)context, sizeof context},
                                      sealed, &plain, error);
    if (status == WEFT_OK) {
        const unsigned char *from = (const unsigned char *)plain.bytes;
        ret->records = wf_get_u64(from);
        ret->length = wf_get_u64(from + 8);
        memcpy(ret->last_tag, from + 16, sizeof ret->last_tag);
    }
    wf_buffer_done(&plain);
    return status;
}

weft_status wf_tail_marks_open(const wf_key *key,
                               const unsigned char file[WF_TAIL_RECORDS_AT],
                               wf_tail_marks *ret, weft_error *error)
{
    wf_tail_mark marks[2] = {0};
    weft_status found[2];
    for (unsigned place = 0; place < 2; place++) {
        weft_error why = {0};
        found[place] = open_mark(key, file, place, &marks[place], &why);
        if (found[place] != WEFT_OK && found[place] != WEFT_DAMAGED) {
            *error = why;
            return found[place];
        }
    }
    if (found[0] != WEFT_OK && found[1] != WEFT_OK)
        return wf_fail(error, WEFT_DAMAGED, "seal.damaged", NULL);
    unsigned newest = found[1] == WEFT_OK &&
                      (found[0] != WEFT_OK || marks[1].records > marks[0].records);
    *ret = (wf_tail_marks){.newest = marks[newest],
                           .torn = found[1 - newest] != WEFT_OK,
                           .spare = 1 - newest};
    return WEFT_OK;
}
