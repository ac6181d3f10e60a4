#include "access/asked/telling.h"

weft_status wf_telling_begin(const wf_contacts_asked *asked, wf_telling *ret,
                             weft_error *error)
{
    *ret = (wf_telling){.asked = asked};
    if (asked->answer.span.count == 0)
        return WEFT_OK;
    WF_TRY(wf_trace_rows_new(&asked->net, &asked->answer.span, &ret->rows, error));
    ret->work.rows = wf_trace_rows_of(ret->rows);
    ret->work.day_starts = wf_trace_rows_day_starts(ret->rows);
    return WEFT_OK;
}

void wf_telling_done(wf_telling *telling)
{
    wf_trace_rows_free(telling->rows);
    wf_guess_done(&telling->work);
}

weft_status wf_telling_find(wf_telling *telling, const wf_contact *of, weft_telling *ret,
                            weft_error *error)
{
    static const char *const words[WF_GUESS_COUNT] = {[WF_GUESS_HARD] = "",
                                                      [WF_GUESS_FEW] = "few",
                                                      [WF_GUESS_HOME] = "home",
                                                      [WF_GUESS_MET] = "met"};
    const wf_trace_contacts *answer = &telling->asked->answer;
    wf_guess guess;
    if (of == NULL || telling->rows == NULL) {
        *ret = (weft_telling){.guessable = true, .why = "unknown"};
        return WEFT_OK;
    }
    WF_TRY(wf_guess_find(&telling->work, &answer->found, of, &guess, error));
    *ret =
        (weft_telling){.guessable = guess.why != WF_GUESS_HARD,
                       .why = words[guess.why],
                       .has_day = true,
                       .day = {answer->span.first.number + (int32_t)guess.day},
                       .kind = guess.tells_kind ? wf_place_kind_word(guess.kind) : NULL};
    return WEFT_OK;
}
