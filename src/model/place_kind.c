#include "model/place_kind.h"

typedef struct {
    const char *word;
    const char *zh;
    const char *en;
} kind_row;

static const kind_row kind_rows[WF_PLACE_KIND_COUNT] = {
#define X(name, word, zh, en) [WF_PLACE_##name] = {word, zh, en},
    WF_PLACE_KIND_TABLE(X)
#undef X
};

static const kind_row *row_of(wf_place_kind kind)
{
    WF_ASSERT((unsigned)kind < WF_PLACE_KIND_COUNT);
    return &kind_rows[kind];
}

const char *wf_place_kind_word(wf_place_kind kind)
{
    return row_of(kind)->word;
}

const char *wf_place_kind_zh(wf_place_kind kind)
{
    return row_of(kind)->zh;
}

const char *wf_place_kind_en(wf_place_kind kind)
{
    return row_of(kind)->en;
}

bool wf_place_kind_parse(wf_text word, wf_place_kind *ret)
{
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        if (wf_text_equal(word, wf_text_of(kind_rows[kind].word))) {
            *ret = (wf_place_kind)kind;
            return true;
        }
    }
    return false;
}
