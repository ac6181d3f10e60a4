#include "weft/search.h"

#include "access/city/city.h"
#include "store/register/search.h"

enum { limit_default = 50 };

static const char *const columns[] = {[WEFT_FIND_NAME] = "name",
                                      [WEFT_FIND_PHONE] = "phone",
                                      [WEFT_FIND_ID_NUMBER] = "id_number"};

weft_status weft_find(weft_city *city, const weft_find_query *query,
                      bool (*row)(void *context, const weft_found_person *row),
                      void *context, weft_find_summary *ret, weft_error *error)
{
    wf_person_found *found = NULL;
    size_t count = 0;
    weft_find_summary summary = {0};
    WF_ASSERT(query->limit <= WEFT_FIND_LIMIT_MAX);
    wf_person_search ask = {.column = columns[query->by],
                            .value = wf_text_of(query->value),
                            .grid = wf_text_of(query->grid != NULL ? query->grid : ""),
                            .limit =
                                query->limit == 0 ? limit_default : (size_t)query->limit};
    WF_TRY(wf_register_search(city->reg, &ask, wf_city_new_answer(city), &found, &count,
                              &summary.found, error));
    for (size_t i = 0; i < count; i++) {
        weft_found_person one = {found[i].person.bytes, found[i].name.bytes,
                                 found[i].grid.bytes};
        if (!row(context, &one))
            return wf_fail(error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    }
    summary.given = count;
    *ret = summary;
    return WEFT_OK;
}
