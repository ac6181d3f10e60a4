#include "visits/tally.h"

#include "base/pages.h"

weft_status wf_tally_init(wf_tally *tally, uint64_t ordinals_end, weft_error *error)
{
    *tally = (wf_tally){0};
    tally->words = (size_t)(ordinals_end / 64) + 1;
    tally->pieces = wf_pages_new(tally->words * sizeof *tally->pieces);
    tally->fresh_pieces = wf_pages_new(tally->words * sizeof *tally->fresh_pieces);
    if (tally->pieces != NULL && tally->fresh_pieces != NULL)
        return WEFT_OK;
    wf_tally_done(tally);
    return wf_fail_memory(error);
}

void wf_tally_done(wf_tally *tally)
{
    wf_pages_free(tally->pieces, tally->words * sizeof *tally->pieces);
    wf_pages_free(tally->fresh_pieces, tally->words * sizeof *tally->fresh_pieces);
    *tally = (wf_tally){0};
}

void wf_tally_result(const wf_tally *tally, uint64_t *ret_fresh, uint64_t *ret_had)
{
    uint64_t fresh = tally->fresh, had = tally->had;
    for (size_t i = 0; i < tally->words; i++) {
        uint64_t pieces = tally->pieces[i], new_ones = tally->fresh_pieces[i];
        fresh += (uint64_t)__builtin_popcountll(new_ones);
        had += (uint64_t)__builtin_popcountll(pieces & ~new_ones);
    }
    *ret_fresh = fresh;
    *ret_had = had;
}
