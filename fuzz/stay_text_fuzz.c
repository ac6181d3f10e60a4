// Free text about stays. What comes out lies in what went in, and within its limits.
#include <stdint.h>

#include "base/status.h"
#include "desk/cases/stay_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_within(wf_text part, wf_text whole)
{
    return part.size == 0 || (part.bytes >= whole.bytes && part.size <= whole.size &&
                              part.bytes + part.size <= whole.bytes + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_text text = {(const char *)data, size};
    wf_stay_said said[wf_stay_text_stays_max];
    weft_day today;
    size_t count;
    WF_ASSERT(wf_day_from_date(2021, 12, 11, &today));
    wf_stay_text_read(text, today, said, &count);
    WF_ASSERT(count <= wf_stay_text_stays_max);
    for (size_t i = 0; i < count; i++) {
        const wf_stay_said *one = &said[i];
        WF_ASSERT(is_within(one->text, text) && is_within(one->place, one->text));
        WF_ASSERT(one->start >= -1 && one->start <= 1440);
        WF_ASSERT(one->end == -1 || one->end >= one->start);
        WF_ASSERT(one->has_day == ((one->asks & WF_STAY_ASK_DAY) == 0));
    }
    return 0;
}
