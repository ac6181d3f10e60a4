// What is elsewhere: backups, copies of the ring; and whether this city is itself one
// that was restored.
#include "access/doctor/doctor.h"
#include "weft/backup.h"
#include "weft/keys.h"

static void check_backup(wf_doctor *doctor)
{
    enum { old_days = 2 };
    const weft_city *city = doctor->city;
    weft_backup_summary last = weft_backup_last(city);
    uint64_t commits = wf_ledger_now(wf_store_ledger(city->store)).commits;
    int64_t days = (doctor->now.us - last.at.us) / (24 * 3600 * WF_US_PER_S);
    bool none = last.id[0] == '\0';
    // A drill can be played again.
    bool due = city->kind == WEFT_CITY_REAL && commits > (none ? 0 : last.commits) &&
               (none || days > old_days);
    char at[WF_TIME_TEXT_MAX], new_commits[WF_NUMBER_TEXT_MAX];
    wf_doctor_say(doctor, "backup", due ? WEFT_CHECK_LOOK : WEFT_CHECK_OK,
                  none ? "doctor.backup_none" : "doctor.backup", "at",
                  weft_city_time_text(city, last.at, at), "commits",
                  wf_number_text(new_commits, (int64_t)(commits - last.commits)), NULL);
}

typedef struct {
    uint64_t out, overdue;
    weft_day until; // of the first that must be destroyed
} copies;

static void count_copy(void *context, const weft_key_copy *one)
{
    copies *all = context;
    if (one->end != WEFT_COPY_OUT)
        return;
    all->out++;
    all->overdue += one->overdue;
    if (one->until.number < all->until.number)
        all->until = one->until;
}

static void check_copies(wf_doctor *doctor)
{
    copies all = {.until = {INT32_MAX}};
    char count[WF_NUMBER_TEXT_MAX], day[WF_DAY_TEXT_MAX];
    weft_keys_copies(doctor->city, count_copy, &all);
    if (all.out == 0)
        wf_doctor_say(doctor, "key_copies", WEFT_CHECK_OK, "doctor.copies_none", NULL);
    else if (all.overdue == 0)
        wf_doctor_say(doctor, "key_copies", WEFT_CHECK_OK, "doctor.copies", "count",
                      wf_number_text(count, (int64_t)all.out), "day",
                      wf_day_text(day, all.until), NULL);
    else
        wf_doctor_say(doctor, "key_copies", WEFT_CHECK_BAD, "doctor.copies_overdue",
                      "count", wf_number_text(count, (int64_t)all.overdue), "day",
                      wf_day_text(day, all.until), NULL);
}

static void say_restored(void *context, const weft_restoration *one)
{
    wf_doctor *doctor = context;
    char at[WF_TIME_TEXT_MAX], backed_up[WF_TIME_TEXT_MAX], was[WF_NUMBER_TEXT_MAX],
        is[WF_NUMBER_TEXT_MAX];
    wf_doctor_say(doctor, "restored", WEFT_CHECK_OK, "doctor.restored", "at",
                  weft_city_time_text(doctor->city, one->at, at), "backed_up",
                  weft_city_time_text(doctor->city, one->backed_up, backed_up), "was",
                  wf_number_text(was, (int64_t)one->old_commits), "is",
                  wf_number_text(is, (int64_t)one->new_commits), NULL);
}

void wf_doctor_copies(wf_doctor *doctor)
{
    check_backup(doctor);
    check_copies(doctor);
    weft_restorations(doctor->city, say_restored, doctor);
}
