#include "desk/register/check.h"

#include <string.h>

#include "desk/declare.h"
#include "desk/register/kinds.h"

static weft_status wrong(weft_error *error, const wf_fact *fact, const char *code)
{
    wf_error_at(error, NULL, 0, fact->kind->fields[0].name);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

// Facts of these senders mean something to the city: a reaction, a file, a refusal.
static bool is_reserved(wf_text device)
{
    static const char *const prefixes[] = {"rule/", "import/", "weft/", "user/"};
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        size_t size = strlen(prefixes[i]);
        if (device.size >= size && memcmp(device.bytes, prefixes[i], size) == 0)
            return true;
    }
    return false;
}

weft_status wf_register_check(const wf_fact *fact, wf_subject_state state,
                              weft_error *error)
{
    const wf_kind *kind = fact->kind;
    bool unknown = state == WF_SUBJECT_UNKNOWN;
    if (kind == &wf_kind_outbreak_ended && unknown)
        return wrong(error, fact, "outbreak.unknown");
    if (kind == &wf_kind_device_enrolled && is_reserved(fact->values[0].text))
        return wrong(error, fact, "device.reserved");
    if (kind == &wf_kind_device_revoked && unknown)
        return wrong(error, fact, "device.unknown");
    if (kind == &wf_kind_user_added && state == WF_SUBJECT_GOES_ON &&
        fact->amends.device.size == 0)
        return wrong(error, fact, "user.there");
    if ((kind == &wf_kind_user_changed || kind == &wf_kind_user_removed) && unknown)
        return wrong(error, fact, "user.unknown");
    return WEFT_OK;
}
