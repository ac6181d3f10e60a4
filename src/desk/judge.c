#include "desk/judge.h"

#include <stdlib.h>
#include <string.h>

#include "desk/declare.h"
#include "desk/order/check.h"
#include "desk/order/kinds.h"
#include "desk/register/account_check.h"
#include "desk/register/check.h"
#include "desk/register/kinds.h"
#include "desk/subject.h"
#include "desk/tracing/check.h"

struct wf_desk_judge {
    const wf_law *law;
    wf_subjects *subjects;
    wf_judge hook;
};

// What each kind of decision is about, and how that stands afterwards. Its first field
// names it.
static const struct {
    const wf_kind *kind;
    wf_subject_class subject_class;
    wf_subject_state after;
} decisions[] = {
    {&wf_kind_order_issued, WF_SUBJECT_ORDER, WF_SUBJECT_GOES_ON},
    {&wf_kind_order_lifted, WF_SUBJECT_ORDER, WF_SUBJECT_OVER},
    {&wf_kind_outbreak_declared, WF_SUBJECT_OUTBREAK, WF_SUBJECT_GOES_ON},
    {&wf_kind_outbreak_ended, WF_SUBJECT_OUTBREAK, WF_SUBJECT_OVER},
    {&wf_kind_device_enrolled, WF_SUBJECT_DEVICE, WF_SUBJECT_GOES_ON},
    {&wf_kind_device_revoked, WF_SUBJECT_DEVICE, WF_SUBJECT_OVER},
    {&wf_kind_user_added, WF_SUBJECT_USER, WF_SUBJECT_GOES_ON},
    {&wf_kind_user_changed, WF_SUBJECT_USER, WF_SUBJECT_GOES_ON},
    {&wf_kind_user_removed, WF_SUBJECT_USER, WF_SUBJECT_OVER},
    {&wf_kind_user_secret_set, WF_SUBJECT_USER, WF_SUBJECT_GOES_ON},
    {&wf_kind_token_issued, WF_SUBJECT_TOKEN, WF_SUBJECT_GOES_ON},
    {&wf_kind_token_revoked, WF_SUBJECT_TOKEN, WF_SUBJECT_OVER},
    {&wf_kind_assignment_given, WF_SUBJECT_ASSIGNMENT, WF_SUBJECT_GOES_ON},
    {&wf_kind_assignment_ended, WF_SUBJECT_ASSIGNMENT, WF_SUBJECT_OVER},
    {&wf_kind_custody_given, WF_SUBJECT_CUSTODY, WF_SUBJECT_GOES_ON},
    {&wf_kind_custody_taken, WF_SUBJECT_CUSTODY, WF_SUBJECT_GOES_ON},
    {&wf_kind_custody_ended, WF_SUBJECT_CUSTODY, WF_SUBJECT_OVER},
};

static size_t place_of(const wf_fact *fact)
{
    size_t place = 0;
    while (place < COUNT_OF(decisions) && decisions[place].kind != fact->kind)
        place++;
    WF_ASSERT(place < COUNT_OF(decisions)); // a new kind of decision is added above
    return place;
}

// In whose grid that has to lie which a decision ends: in the decision's own, for nobody
// ends what is in the charge of others. The city's rules end what they began, wherever
// it lies by now.
static wf_text area_of(const wf_fact *fact)
{
    static const char rules[] = "rule/";
    bool ends = fact->kind == &wf_kind_order_lifted ||
                fact->kind == &wf_kind_assignment_ended ||
                fact->kind == &wf_kind_custody_ended;
    bool is_rule = fact->id.device.size > sizeof rules - 1 &&
                   memcmp(fact->id.device.bytes, rules, sizeof rules - 1) == 0;
    return ends && !is_rule ? fact->grid : WF_TEXT("");
}

// A device and a user may not have one name: looks, exports and tokens say by it who they
// are of, and whoever enrols a device that is called as a colleague would look at people
// in their name. That of one who was removed is not free either.
static weft_status check_name(const wf_desk_judge *judge, wf_database *rows,
                              const wf_fact *fact, weft_error *error)
{
    bool is_device = fact->kind == &wf_kind_device_enrolled;
    wf_subject_state other = WF_SUBJECT_UNKNOWN;
    if (!is_device && fact->kind != &wf_kind_user_added)
        return WEFT_OK;
    WF_TRY(wf_subjects_ask(judge->subjects, rows,
                           is_device ? WF_SUBJECT_USER : WF_SUBJECT_DEVICE,
                           fact->values[0].text, WF_TEXT(""), &other, error));
    if (other == WF_SUBJECT_UNKNOWN)
        return WEFT_OK;
    wf_error_at(error, NULL, 0, fact->kind->fields[0].name);
    return wf_fail(error, WEFT_BAD_INPUT, is_device ? "device.is_user" : "user.is_device",
                   NULL);
}

static weft_status judge(void *context, wf_store *store, wf_database *rows,
                         const wf_fact *fact, weft_error *error)
{
    const wf_desk_judge *judge = context;
    if (wf_tracing_judges(fact->kind))
        return wf_tracing_check(store, rows, fact, error);
    wf_subject_class subject_class = decisions[place_of(fact)].subject_class;
    wf_subject_state state = WF_SUBJECT_UNKNOWN;
    WF_TRY(wf_subjects_ask(judge->subjects, rows, subject_class, fact->values[0].text,
                           area_of(fact), &state, error));
    if (subject_class != WF_SUBJECT_ORDER) {
        WF_TRY(wf_register_check(fact, state, error));
        WF_TRY(check_name(judge, rows, fact, error));
        return wf_account_check(store, rows, fact, state, error);
    }
    WF_TRY(wf_order_check_state(fact, state, error));
    if (fact->kind != &wf_kind_order_issued)
        return WEFT_OK;
    WF_TRY(wf_order_check(judge->law, fact, error));
    return wf_order_check_reasons(store, fact, error);
}

static weft_status added(void *context, const wf_fact *fact, weft_error *error)
{
    const wf_desk_judge *judge = context;
    if (wf_tracing_judges(fact->kind))
        return WEFT_OK; // nothing that a later decision is judged by
    size_t place = place_of(fact);
    return wf_subjects_note(judge->subjects, decisions[place].subject_class,
                            fact->values[0].text, fact->grid, decisions[place].after,
                            error);
}

static void ended(void *context)
{
    const wf_desk_judge *judge = context;
    wf_subjects_forget(judge->subjects);
}

weft_status wf_desk_judge_new(const wf_law *law, wf_desk_judge **ret, weft_error *error)
{
    wf_desk_judge *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    made->law = law;
    made->hook =
        (wf_judge){.judge = judge, .added = added, .ended = ended, .context = made};
    weft_status status = wf_subjects_new(&made->subjects, error);
    if (status != WEFT_OK) {
        free(made);
        return status;
    }
    *ret = made;
    return WEFT_OK;
}

void wf_desk_judge_free(wf_desk_judge *judge)
{
    if (judge == NULL)
        return;
    wf_subjects_free(judge->subjects);
    free(judge);
}

const wf_judge *wf_desk_judge_hook(const wf_desk_judge *judge)
{
    return &judge->hook;
}
