// What the desks' holes say of little stories (support/story.h): facts as they come, and
// what is missing then.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/story.h"

#define ORDER                                                                            \
    "08:30 O-1/1 order.issued order=M-1 kind=hold persons=P-1 clause=c-1 "               \
    "because=L-1/1 until=2021-12-14T08:00:00+08:00 grid=320214\n"

static const story stories[] = {
    // ---- testing/tube_no_result ----
    {"a sealed tube owes a result 12 hours after its first sample",
     "07:30 S-1/1 sample.collected tube=T-1 person=P-1 grid=320214\n"
     "07:35 S-1/2 sample.collected tube=T-1 person=P-2 grid=320214\n"
     "07:40 S-1/3 tube.sealed tube=T-1 count=2\n",
     "testing/tube_no_result T-1 320214 testing since 07:40 due 19:30\n"},
    {"a tube that is still open owes none",
     "07:30 S-1/1 sample.collected tube=T-1 person=P-1 grid=320214\n", ""},
    {"a result closes it, before or after the sealing comes",
     "07:30 S-1/1 tube.sealed tube=T-1 count=1\n"
     "15:00 L-1/1 tube.resulted tube=T-1 result=negative\n"
     "15:00 L-1/2 tube.resulted tube=T-2 result=negative\n"
     "07:31 S-1/2 tube.sealed tube=T-2 count=1\n",
     ""},
    {"a sealing whose samples have not come is counted from the sealing",
     "08:00 S-1/1 tube.sealed tube=T-1 count=10 grid=320214\n",
     "testing/tube_no_result T-1 320214 testing since 08:00 due 20:00\n"},
    {"so is a tube that a laboratory signed for and nobody has sealed",
     "07:30 S-1/1 sample.collected tube=T-1 person=P-1 grid=320214\n"
     "09:00 L-1/1 tube.received tube=T-1 lab=L\n",
     "testing/tube_no_result T-1 320214 testing since 09:00 due 19:30\n"},
    {"a result that was a mistake opens it again",
     "08:00 S-1/1 tube.sealed tube=T-1 count=1 grid=320214\n"
     "15:00 L-1/1 tube.resulted tube=T-1 result=negative\n"
     "15:10 L-1/2 fact.withdrawn device=L-1 seq=1 reason=mixed_up\n",
     "testing/tube_no_result T-1 320214 testing since 08:00 due 20:00\n"},
    {"a sealing that was withdrawn owes nothing",
     "08:00 S-1/1 tube.sealed tube=T-1 count=1 grid=320214\n"
     "08:10 S-1/2 fact.withdrawn device=S-1 seq=1 reason=wrong_tube\n",
     ""},
    {"a corrected sealing moves the time",
     "08:00 S-1/1 tube.sealed tube=T-1 count=1 grid=320214\n"
     "07:00 S-1/2 tube.sealed tube=T-1 count=1 instead=S-1/1 grid=320214\n",
     "testing/tube_no_result T-1 320214 testing since 07:00 due 19:00\n"},

    // ---- testing/tube_no_post ----
    {"a tube that was filled nobody knows where is nobody's",
     "07:30 S-1/1 sample.collected tube=T-1 person=P-1\n",
     "testing/tube_no_post T-1 - command since 07:30 due 09:30\n"},
    {"so is a positive one of which no sample has come; a negative one binds nobody",
     "08:00 L-1/1 tube.resulted tube=T-1 result=positive\n"
     "08:00 L-1/2 tube.resulted tube=T-2 result=negative\n",
     "testing/tube_no_post T-1 - command since 08:00 due 10:00\n"},
    {"a sample that says where closes it, whenever it comes",
     "08:00 L-1/1 tube.received tube=T-1 lab=L\n"
     "08:10 L-1/2 tube.resulted tube=T-1 result=positive\n"
     "07:30 S-1/1 sample.collected tube=T-1 person=P-1 grid=320214\n",
     ""},
    {"so does the sealing, and what was a mistake opens it again",
     "07:30 S-1/1 sample.collected tube=T-1 person=P-1\n"
     "07:40 S-1/2 tube.sealed tube=T-1 count=1 grid=320214\n"
     "07:30 S-1/3 sample.collected tube=T-2 person=P-1 grid=320214\n"
     "07:50 S-1/4 fact.withdrawn device=S-1 seq=2 reason=wrong_tube\n",
     "testing/tube_no_post T-1 - command since 07:30 due 09:30\n"},

// ---- testing/lab_silent ----
#define TUBE(number, tube)                                                               \
    "06:30 S-1/" number " sample.collected tube=" tube " person=P-1 grid=320214\n"
    {"a laboratory that has resulted before owes results a day after its next tube",
     TUBE("1", "T-1") TUBE("2", "T-2") "07:00 L-1/1 tube.received tube=T-1 lab=L\n"
                                       "07:30 L-1/2 tube.resulted tube=T-1 "
                                       "result=negative lab=L\n"
                                       "+1 08:00 L-1/3 tube.received tube=T-2 lab=L "
                                       "grid=320214001\n",
     "testing/tube_no_result T-2 320214 testing since +1 08:00 due 18:30\n"
     "testing/lab_silent L 320214001 testing since +1 08:00 due +2 20:00\n"},
    {"later tubes do not put it off, and those of before its last word do not count",
     TUBE("1", "T-1") TUBE("2", "T-2") TUBE("3", "T-3")
         TUBE("4", "T-4") "07:00 L-1/1 tube.received tube=T-1 lab=L grid=320214001\n"
                          "07:10 L-1/2 tube.received tube=T-2 lab=L grid=320214001\n"
                          "07:30 L-1/3 tube.resulted tube=T-1 result=negative lab=L\n"
                          "+1 08:00 L-1/4 tube.received tube=T-3 lab=L\n"
                          "+1 20:00 L-1/5 tube.received tube=T-4 lab=L\n"
                          "+1 21:00 M-1/1 tube.resulted tube=T-2 result=negative lab=M\n"
                          "+1 21:00 M-1/2 tube.resulted tube=T-3 result=negative lab=M\n"
                          "+1 21:00 M-1/3 tube.resulted tube=T-4 result=negative lab=M\n",
     "testing/lab_silent L 320214001 testing since +1 08:00 due +2 20:00\n"},
    {"one result of that day or later closes it, and its withdrawal opens it again",
     TUBE("1", "T-1") TUBE("2", "T-2") TUBE(
         "3", "T-3") "07:30 L-1/1 tube.resulted tube=T-1 result=negative lab=L\n"
                     "+1 08:00 L-1/2 tube.received tube=T-2 lab=L\n"
                     "+1 09:00 L-1/3 tube.resulted tube=T-2 result=negative lab=L\n"
                     "07:30 K-1/1 tube.resulted tube=T-3 result=negative lab=K\n"
                     "+1 08:00 K-1/2 tube.received tube=T-2 lab=K\n"
                     "+1 09:00 K-1/3 tube.resulted tube=T-2 result=negative lab=K\n"
                     "+1 09:10 K-1/4 fact.withdrawn device=K-1 seq=3 reason=a_slip\n",
     "testing/lab_silent K - testing since +1 08:00 due +2 20:00\n"},
    {"one that never resulted anything is not expected to, nor is one without tubes",
     TUBE("1", "T-1") TUBE("2", "T-2")
         TUBE("3", "T-3") "07:30 L-1/1 tube.resulted tube=T-1 result=negative lab=L\n"
                          "08:00 K-1/1 tube.received tube=T-2 lab=K\n"
                          "08:10 M-1/1 tube.resulted tube=T-2 result=negative\n",
     ""},

    // ---- order/binding_without_reason: must stay empty ----
    {"an order whose only reason was a mistake binds nobody",
     "08:00 L-1/1 tube.resulted tube=T-1 result=positive\n" ORDER
     "09:00 L-1/2 fact.withdrawn device=L-1 seq=1 reason=mixed_up\n",
     ""},
    {"nor does one that was lifted",
     "08:00 L-1/1 tube.resulted tube=T-1 result=positive\n" ORDER
     "09:00 O-1/2 order.lifted order=M-1\n",
     "testing/tube_no_post T-1 - command since 08:00 due 10:00\n"},

    // ---- register/fact_conflict ----
    {"the same number for another fact is a conflict of the sender",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/1 tube.resulted tube=T-1 result=positive\n",
     "register/fact_conflict S-1 - register since 08:05 due +1 08:05\n"},
    {"the same fact twice is none",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n",
     ""},
    {"many conflicts of a sender are one hole, since the first",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:00 S-1/2 tube.resulted tube=T-2 result=negative\n"
     "08:09 S-1/2 tube.resulted tube=T-2 result=positive\n"
     "08:05 S-1/1 tube.resulted tube=T-1 result=positive\n",
     "register/fact_conflict S-1 - register since 08:05 due +1 08:05\n"},
    {"it is the post of the sender's grid that closes it",
     "07:00 O-1/1 device.enrolled device=S-1 role=sampler grid=320214\n"
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/1 tube.resulted tube=T-1 result=positive\n",
     "register/fact_conflict S-1 320214 register since 08:05 due +1 08:05\n"},
    {"whoever looked into it closes it",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/1 tube.resulted tube=T-1 result=positive\n"
     "09:00 O-1/1 sender.checked device=S-1 reason=the_phone_was_reset\n",
     ""},
    {"but not what contradicts itself after that",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:00 S-1/2 tube.resulted tube=T-2 result=negative\n"
     "08:05 S-1/1 tube.resulted tube=T-1 result=positive\n"
     "09:00 O-1/1 sender.checked device=S-1 reason=the_phone_was_reset\n"
     "09:05 S-1/2 tube.resulted tube=T-2 result=grey\n",
     "register/fact_conflict S-1 - register since 09:05 due +1 09:05\n"},
    {"a refusal that is withdrawn closes it",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/1 tube.resulted tube=T-1 result=positive\n"
     "08:10 O-1/1 fact.withdrawn device=weft/refused seq=1 reason=a_test\n",
     ""},

    // ---- register/sender_gap ----
    {"a number that was left out is a gap when a later one has come",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/3 tube.resulted tube=T-3 result=negative\n",
     "register/sender_gap S-1 - register since 08:05 due 10:05\n"},
    {"so is the beginning of a book",
     "08:00 S-1/4 tube.resulted tube=T-1 result=negative\n",
     "register/sender_gap S-1 - register since 08:00 due 10:00\n"},
    {"what comes late closes it",
     "08:00 S-1/1 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/3 tube.resulted tube=T-3 result=negative\n"
     "08:01 S-1/2 tube.resulted tube=T-2 result=negative\n",
     ""},
    {"several gaps of a sender are one hole, since the first",
     "08:00 S-1/2 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/4 tube.resulted tube=T-3 result=negative\n"
     "08:09 S-1/6 tube.resulted tube=T-2 result=negative\n",
     "register/sender_gap S-1 - register since 08:00 due 10:00\n"},
    {"a smaller gap is owed since what stands behind it",
     "08:00 S-1/9 tube.resulted tube=T-1 result=negative\n"
     "08:05 S-1/1 tube.resulted tube=T-3 result=negative\n"
     "08:06 S-1/5 tube.resulted tube=T-3 result=negative\n",
     "register/sender_gap S-1 - register since 08:00 due 10:00\n"},
    {"who looked into it says that it will not come",
     "07:00 O-1/1 device.enrolled device=S-1 role=sampler grid=320214\n"
     "08:00 S-1/2 tube.resulted tube=T-1 result=negative\n"
     "09:00 O-1/2 sender.checked device=S-1 reason=the_phone_fell_into_a_canal\n",
     ""},
    {"what is missing after that is a gap again",
     "07:00 O-1/1 device.enrolled device=S-1 role=sampler grid=320214\n"
     "08:00 S-1/2 tube.resulted tube=T-1 result=negative\n"
     "09:00 O-1/2 sender.checked device=S-1 reason=the_phone_fell_into_a_canal\n"
     "09:10 S-1/4 tube.resulted tube=T-2 result=negative\n",
     "register/sender_gap S-1 320214 register since 09:10 due 11:10\n"},
    {"reactions have the numbers of their causes, not a book",
     "08:00 rule/pool/S-1/7 tube.resulted tube=T-1 result=negative\n", ""},

    // ---- register/same_person ----
    {"two ids with one number of a document look like one person",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11 grid=320214\n",
     "register/same_person P-2 320214 register since 09:00 due +1 09:00\n"},
    {"both have to be registered: since then it is owed",
     "08:00 V-1/1 sample.collected tube=T-1 person=P-1 grid=320214\n"
     "08:10 R-1/1 person.registered person=P-2 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-1 id_number=11\n",
     "register/same_person P-2 - register since 09:00 due +1 09:00\n"},
    {"people with numbers of their own do not",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=12\n"
     "09:00 R-1/3 person.registered person=P-3\n"
     "09:00 R-1/4 person.registered person=P-4\n",
     ""},
    {"saying that they are one person closes it",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11\n"
     "10:00 R-1/3 person.same a=P-2 b=P-1\n",
     ""},
    {"so does saying that they are two, whenever it comes",
     "10:00 R-1/3 person.not_same a=P-1 b=P-2\n"
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11\n",
     ""},
    {"of three, the pair that is settled is closed",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11\n"
     "09:30 R-1/3 person.registered person=P-3 id_number=11\n"
     "10:00 R-1/4 person.same a=P-1 b=P-2\n",
     "register/same_person P-3 - register since 09:30 due +1 09:30\n"},
    {"a number that is corrected closes it for both",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11\n"
     "09:30 R-1/3 person.registered person=P-2 id_number=12\n",
     ""},
    {"a registration that is withdrawn closes it for both",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11\n"
     "09:30 R-1/3 fact.withdrawn device=R-1 seq=2 reason=a_slip\n",
     ""},
    {"what was settled opens again when that was a mistake",
     "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
     "09:00 R-1/2 person.registered person=P-2 id_number=11\n"
     "10:00 R-1/3 person.same a=P-1 b=P-2\n"
     "11:00 R-1/4 fact.withdrawn device=R-1 seq=3 reason=a_slip\n",
     "register/same_person P-2 - register since 09:00 due +1 09:00\n"},

// ---- cases ----
// Each case is worked on from 08:00 on; what is not said here is done at once.
#define CASE "08:00 I-1/1 case.reported case=C-1 person=P-1 outbreak=O-1 grid=320214\n"
#define SET_APART                                                                        \
    "08:00 I-2/1 case.isolated case=C-1 where=hospital\n"                                \
    "08:00 I-2/2 case.treated case=C-1 care=hospital\n"
#define SEARCHED "08:00 I-3/1 case.investigated case=C-1 milestone=source_search\n"
#define REPORTED_ON                                                                      \
    "08:00 I-4/1 case.investigated case=C-1 milestone=first_facts\n"                     \
    "08:00 I-4/2 case.investigated case=C-1 milestone=core_report\n"                     \
    "08:00 I-4/3 case.investigated case=C-1 milestone=full_report\n"                     \
    "08:00 I-10/1 case.interviewed case=C-1 teller=case\n"
#define DONE CASE SET_APART SEARCHED REPORTED_ON
    {"a reported case owes first facts in 2 hours, a core report in 4, in 24 a full one "
     "and to be asked",
     CASE SET_APART SEARCHED,
     "cases/no_first_facts C-1 320214 tracing since 08:00 due 10:00\n"
     "cases/no_core_report C-1 320214 tracing since 08:00 due 12:00\n"
     "cases/no_full_report C-1 320214 tracing since 08:00 due +1 08:00\n"
     "cases/no_interview C-1 320214 tracing since 08:00 due +1 08:00\n"},
    {"whoever has all of it owes nothing, in whatever order it came",
     REPORTED_ON SEARCHED SET_APART CASE, ""},
    {"the time of the report is what the report says, where it does",
     DONE "07:30 I-4/4 fact.withdrawn device=I-4 seq=1 reason=a_slip\n"
          "07:30 I-1/2 case.reported case=C-1 reported=2021-12-12T07:00:00+08:00\n",
     "cases/no_first_facts C-1 320214 tracing since 07:00 due 09:00\n"},
    {"who is a case is set apart within 2 hours, and it is decided on their care in 24",
     CASE SEARCHED REPORTED_ON,
     "cases/not_isolated C-1 320214 isolation since 08:00 due 10:00\n"
     "cases/no_treatment C-1 320214 medical since 08:00 due +1 08:00\n"},
    {"a decision that was a mistake is owed again",
     DONE "09:10 I-5/1 fact.withdrawn device=I-2 seq=2 reason=a_mix_up\n",
     "cases/no_treatment C-1 320214 medical since 08:00 due +1 08:00\n"},
    {"somebody else may speak for a case; what they did not say is owed again",
     CASE SET_APART SEARCHED
     "08:00 I-4/1 case.investigated case=C-1 milestone=first_facts\n"
     "08:00 I-4/2 case.investigated case=C-1 milestone=core_report\n"
     "08:00 I-4/3 case.investigated case=C-1 milestone=full_report\n"
     "09:00 I-5/1 case.interviewed case=C-1 teller=spouse why_proxy=cannot_speak\n"
     "10:00 I-6/1 case.reported case=C-2 person=P-2 outbreak=O-1 grid=320214\n"
     "10:00 I-6/2 case.interviewed case=C-2 teller=parent why_proxy=child\n"
     "10:00 I-6/3 case.outcome case=C-2 outcome=died\n"
     "10:00 I-6/4 case.investigated case=C-2 milestone=source_search\n"
     "10:00 I-6/5 case.investigated case=C-2 milestone=first_facts\n"
     "10:00 I-6/6 case.investigated case=C-2 milestone=core_report\n"
     "10:00 I-6/7 case.investigated case=C-2 milestone=full_report\n"
     "10:10 I-6/8 fact.withdrawn device=I-6 seq=2 reason=the_wrong_case\n",
     "cases/no_interview C-2 320214 tracing since 10:00 due +1 10:00\n"},
    {"who has recovered or died needs neither",
     CASE SEARCHED REPORTED_ON "09:00 I-2/1 case.outcome case=C-1 outcome=recovered\n",
     ""},
    {"a case that was found to be none owes nothing",
     CASE "09:00 I-2/1 case.classified case=C-1 classification=not_a_case\n", ""},
    {"until that is taken back",
     DONE "09:00 I-5/1 case.classified case=C-1 classification=not_a_case\n"
          "09:10 I-5/2 fact.withdrawn device=I-5 seq=1 reason=a_mix_up\n"
          "09:10 I-5/3 fact.withdrawn device=I-2 seq=1 reason=a_mix_up\n",
     "cases/not_isolated C-1 320214 isolation since 08:00 due 10:00\n"},
    {"a case without symptoms that has some is asked about, whichever came first",
     DONE "09:00 I-5/1 case.classified case=C-1 classification=asymptomatic\n"
          "09:30 I-6/1 case.reported case=C-1 onset=2021-12-09T08:00:00+08:00\n",
     "cases/asymptomatic_symptoms C-1 320214 tracing since 09:00 due +1 09:00\n"},
    {"until the symptoms are denied, and the onset is taken back",
     DONE "09:00 I-5/1 case.classified case=C-1 classification=asymptomatic\n"
          "09:30 I-6/1 case.reported case=C-1 onset=2021-12-09T08:00:00+08:00 "
          "symptomatic=yes\n"
          "09:40 I-6/2 fact.withdrawn device=I-6 seq=1 reason=of_another_illness\n"
          "09:45 I-7/1 case.reported case=C-1 symptomatic=yes\n"
          "09:50 I-7/2 case.reported case=C-1 symptomatic=no\n",
     ""},
    {"two investigators who say different onsets are asked which is right",
     DONE "09:00 I-5/1 case.reported case=C-1 onset=2021-12-09T08:00:00+08:00\n"
          "09:30 I-6/1 case.reported case=C-1 onset=2021-12-10T09:00:00+08:00\n",
     "cases/told_differently C-1 320214 tracing since 09:30 due +1 09:30\n"},
    {"hours of one day are no contradiction, nor does anybody contradict themselves",
     DONE "09:00 I-5/1 case.reported case=C-1 onset=2021-12-09T08:00:00+08:00\n"
          "09:10 I-6/1 case.reported case=C-1 onset=2021-12-09T20:00:00+08:00\n"
          "09:00 I-7/1 case.investigated case=C-1 milestone=first_facts origin=imported\n"
          "09:20 I-7/2 case.investigated case=C-1 milestone=first_facts origin=linked\n",
     ""},
    {"nor is who does not know yet, or a list that was imported",
     DONE "09:00 I-5/1 case.investigated case=C-1 milestone=first_facts origin=unknown\n"
          "09:10 I-6/1 case.investigated case=C-1 milestone=core_report origin=linked\n"
          "09:10 import/x/1 case.reported case=C-1 onset=2021-12-01T08:00:00+08:00\n"
          "09:20 I-7/1 case.reported case=C-1 onset=2021-12-09T08:00:00+08:00\n",
     ""},
    {"agreeing, or a correction, closes it",
     DONE "09:00 I-5/1 case.investigated case=C-1 milestone=first_facts origin=imported\n"
          "09:10 I-6/1 case.investigated case=C-1 milestone=core_report origin=linked "
          "linked_case=C-0\n"
          "09:20 I-5/2 case.investigated case=C-1 milestone=core_report origin=linked\n"
          "09:00 I-8/1 case.reported case=C-1 onset=2021-12-09T08:00:00+08:00\n"
          "09:00 I-9/1 case.reported case=C-1 onset=2021-12-12T08:00:00+08:00\n"
          "09:40 I-9/2 fact.withdrawn device=I-9 seq=1 reason=day_and_month_swapped\n",
     ""},
    {"a case that nobody knows the source of is searched for by the full report",
     CASE SET_APART REPORTED_ON,
     "cases/no_source_search C-1 320214 tracing since 08:00 due +1 08:00\n"},
    {"unless it is linked, or was a contact that was confirmed",
     CASE SET_APART REPORTED_ON
     "08:10 I-6/1 contact.confirmed case=C-0 person=P-1 outbreak=O-1 level=close "
     "judgement=they_met grid=320214\n"
     "08:10 I-6/2 contact.reached outbreak=O-1 person=P-1 how=phone\n"
     "08:10 I-6/3 contact.placed outbreak=O-1 person=P-1 where=hospital\n"
     "08:10 I-6/4 contact.tested outbreak=O-1 person=P-1\n",
     ""},
    {"a case without a grid is nobody's, until it is known where its person lives",
     "08:00 I-1/1 case.reported case=C-1 person=P-1\n" SET_APART SEARCHED REPORTED_ON,
     "cases/no_post C-1 - command since 08:00 due 08:00\n"},
    {"then it is theirs who work there",
     "08:00 I-1/1 case.reported case=C-1 person=P-1\n" SEARCHED REPORTED_ON
     "08:00 I-2/1 case.treated case=C-1 care=home\n"
     "09:00 R-1/1 person.registered person=P-1 grid=320214001\n",
     "cases/not_isolated C-1 320214001 isolation since 08:00 due 10:00\n"},
    {"a place of exposure owes a list or a notice by the core report",
     DONE "09:00 I-5/1 place.exposed case=C-1 place=M-1 outbreak=O-1 grid=320214\n"
          "13:00 I-5/2 place.exposed case=C-1 place=M-2 outbreak=O-1 grid=320214\n"
          "13:00 I-5/3 place.exposed case=C-1 place=M-3 outbreak=O-1 grid=320214\n"
          "14:00 I-5/4 place.listed case=C-1 place=M-3\n",
     "cases/place_not_listed M-1 320214 tracing since 09:00 due 12:00\n"
     "cases/place_not_listed M-2 320214 tracing since 13:00 due 13:00\n"},
    {"a notice of the place closes it, one of another outbreak does not",
     DONE "09:00 I-5/1 place.exposed case=C-1 place=M-1 outbreak=O-1 grid=320214\n"
          "09:00 I-5/2 place.exposed case=C-1 place=M-2 outbreak=O-1 grid=320214\n"
          "09:30 I-5/3 notice.published notice=N-1 place=M-1 outbreak=O-1 advice=come\n"
          "09:30 I-5/4 notice.published notice=N-2 place=M-2 outbreak=O-2 advice=come\n",
     "cases/place_not_listed M-2 320214 tracing since 09:00 due 12:00\n"},
    {"who reports something of themselves is answered at once",
     "09:00 R-1/1 self.reported report=S-1 person=P-7 about=visit place=M-1 "
     "happened=2021-12-10T10:00:00+08:00 grid=320214\n"
     "09:00 R-1/2 self.reported report=S-2 person=P-8 about=symptom "
     "happened=2021-12-10T10:00:00+08:00 grid=320214\n"
     "09:05 I-1/1 self.answered report=S-2 answer=go_to_clinic\n",
     "cases/self_report_unanswered S-1 320214 tracing since 09:00 due 09:00\n"},
    {"a health worker who was exposed needs a grade of follow-up",
     "09:00 I-1/1 exposure.recorded exposure=E-1 person=P-7 kind=care protection=partial "
     "grid=320214\n"
     "09:00 I-1/2 exposure.recorded exposure=E-2 person=P-8 kind=care grid=320214\n"
     "09:00 I-1/3 exposure.recorded exposure=E-3 person=P-8 kind=animal grid=320214\n"
     "09:10 I-1/4 exposure.recorded exposure=E-2 person=P-8 follow_up=monitoring\n",
     "cases/exposure_no_grade E-1 320214 medical since 09:00 due 09:00\n"},

// ---- tracing ----
#define CONFIRMED                                                                        \
    "09:00 I-5/1 contact.confirmed case=C-1 person=P-2 outbreak=O-1 level=close "        \
    "exposed_until=2021-12-11T20:00:00+08:00 judgement=they_met grid=320214\n"
#define REACHED "10:00 I-6/1 contact.reached outbreak=O-1 person=P-2 how=phone\n"
#define PLACED "11:00 I-6/2 contact.placed outbreak=O-1 person=P-2 where=site\n"
    {"who was named is judged by the core report, later ones at once",
     DONE "09:00 I-5/1 contact.named case=C-1 person=P-2 outbreak=O-1 how=interview "
          "grid=320214\n"
          "13:00 I-5/2 contact.named case=C-1 person=P-3 outbreak=O-1 how=lookup "
          "grid=320214\n"
          "13:00 I-5/3 contact.named case=C-1 person=P-4 outbreak=O-1 how=lookup\n"
          "13:10 I-5/4 contact.dismissed case=C-1 person=P-4 outbreak=O-1 "
          "reason=outside_window\n",
     "tracing/contact_not_confirmed P-2 320214 tracing since 09:00 due 12:00\n"
     "tracing/contact_not_confirmed P-3 320214 tracing since 13:00 due 13:00\n"},
    {"nobody is a contact of their own case, by whichever of their ids: who was named is "
     "shown to who named them, and owes nothing else",
     DONE CONFIRMED "10:00 R-1/1 person.same a=P-1 b=P-2\n",
     "tracing/contact_is_case P-1 320214 tracing since 09:00 due +1 09:00\n"},
    {"until they are dismissed",
     DONE CONFIRMED "10:00 R-1/1 person.same a=P-1 b=P-2\n"
                    "10:10 I-5/2 contact.dismissed case=C-1 person=P-2 outbreak=O-1 "
                    "reason=wrong_person\n",
     ""},
    {"or are two after all",
     DONE CONFIRMED "10:00 R-1/1 person.same a=P-1 b=P-2\n"
                    "10:10 R-1/2 person.not_same a=P-1 b=P-2\n",
     "tracing/contact_not_reached P-2 320214 tracing since 09:00 due +1 09:00\n"},
    {"or the case is another's",
     DONE CONFIRMED "10:00 R-1/1 person.same a=P-1 b=P-2\n"
                    "10:10 I-1/2 case.reported case=C-1 person=P-8\n",
     "tracing/contact_not_reached P-1 320214 tracing since 09:00 due +1 09:00\n"},
    {"who was named before anybody knew whose case it is, and who was not identified, "
     "too",
     "07:00 I-5/1 contact.named case=C-1 person=P-1 outbreak=O-1 how=interview "
     "grid=320214\n"
     "07:10 I-5/2 contact.unidentified contact=U-1 case=C-1 outbreak=O-1 "
     "description=red_coat grid=320214\n"
     "07:20 I-5/3 contact.identified contact=U-1 case=C-1 person=P-9 outbreak=O-1 "
     "grid=320214\n" DONE "09:00 R-1/1 person.same a=P-9 b=P-1\n",
     "tracing/contact_is_case P-1 320214 tracing since 08:00 due +1 08:00\n"},
    {"and by whichever of their ids it is dismissed",
     DONE CONFIRMED "10:00 R-1/1 person.same a=P-1 b=P-2\n"
                    "10:10 I-5/2 contact.dismissed case=C-1 person=P-1 outbreak=O-1 "
                    "reason=wrong_person\n",
     ""},
    {"what is done for a contact counts in the outbreak that their case comes to have",
     "07:00 I-5/1 contact.confirmed case=C-1 person=P-2 outbreak=O-2 level=close "
     "judgement=they_met grid=320214\n"
     "07:10 I-6/1 contact.reached outbreak=O-2 person=P-2 how=phone\n" DONE,
     "tracing/contact_not_placed P-2 320214 isolation since 07:10 due 19:00\n"},
    {"and so does what is done in it from then on, by whichever of their ids",
     "07:00 I-5/1 contact.confirmed case=C-1 person=P-2 outbreak=O-2 level=close "
     "judgement=they_met grid=320214\n"
     "07:05 G-1/1 person.same a=P-2 b=P-9\n"
     "07:10 I-6/1 contact.reached outbreak=O-2 person=P-9 how=phone\n" DONE
     "09:00 I-6/2 contact.placed outbreak=O-1 person=P-9 where=site\n",
     "tracing/contact_not_tested P-2 320214 testing since 09:00 due +1 09:00\n"},
    {"a close contact is reached within a day of being named", DONE CONFIRMED,
     "tracing/contact_not_reached P-2 320214 tracing since 09:00 due +1 09:00\n"},
    {"in the place of isolation 12 hours after being judged", DONE CONFIRMED REACHED,
     "tracing/contact_not_placed P-2 320214 isolation since 10:00 due 21:00\n"},
    {"sampled a day after they came", DONE CONFIRMED REACHED PLACED,
     "tracing/contact_not_tested P-2 320214 testing since 11:00 due +1 11:00\n"},
    {"and then owes nothing more here",
     DONE CONFIRMED REACHED PLACED "12:00 S-1/1 contact.tested outbreak=O-1 person=P-2\n",
     ""},
    {"a contact of two cases is reached once for both",
     DONE CONFIRMED "09:00 I-5/2 contact.confirmed case=C-2 person=P-2 outbreak=O-1 "
                    "level=close judgement=they_met grid=320214\n" REACHED PLACED
                    "12:00 S-1/1 contact.tested outbreak=O-1 person=P-2\n",
     ""},
    {"but not for another outbreak",
     DONE CONFIRMED "09:00 I-5/2 contact.confirmed case=C-2 person=P-2 outbreak=O-2 "
                    "level=close judgement=they_met grid=320214\n" REACHED PLACED
                    "12:00 S-1/1 contact.tested outbreak=O-1 person=P-2\n",
     "tracing/contact_not_reached P-2 320214 tracing since 09:00 due +1 09:00\n"},
    {"a general contact owes none of it",
     DONE "09:00 I-5/1 contact.confirmed case=C-1 person=P-2 outbreak=O-1 level=general "
          "judgement=a_hall grid=320214\n",
     ""},
    {"who was dismissed is left alone, and who is confirmed again is not",
     DONE CONFIRMED "09:30 I-5/2 contact.dismissed case=C-1 person=P-2 outbreak=O-1 "
                    "reason=wrong_person\n"
                    "10:30 I-5/3 contact.confirmed case=C-1 person=P-3 outbreak=O-1 "
                    "level=close judgement=they_met grid=320214\n"
                    "10:40 I-5/4 contact.dismissed case=C-1 person=P-3 outbreak=O-1 "
                    "reason=wrong_person\n"
                    "10:50 I-5/5 contact.confirmed case=C-1 person=P-3 outbreak=O-1 "
                    "level=close judgement=they_met_after_all grid=320214\n",
     "tracing/contact_not_reached P-3 320214 tracing since 10:30 due +1 10:30\n"},
#define TWIN                                                                             \
    "09:05 I-5/2 contact.confirmed case=C-1 person=P-9 outbreak=O-1 level=close "        \
    "exposed_until=2021-12-11T20:00:00+08:00 judgement=they_met grid=320214\n"
#define SAME "09:10 G-1/1 person.same a=P-2 b=P-9\n"
    {"two records of one person owe once, and what is done for one of them is done",
     DONE CONFIRMED TWIN SAME
     "10:00 I-6/1 contact.reached outbreak=O-1 person=P-9 how=phone\n",
     "tracing/contact_not_placed P-2 320214 isolation since 10:00 due 21:00\n"},
    {"and each what it owed when they are two again",
     DONE CONFIRMED TWIN SAME
     "10:00 I-6/1 contact.reached outbreak=O-1 person=P-9 how=phone\n"
     "10:10 G-1/2 person.not_same a=P-2 b=P-9\n",
     "tracing/contact_not_placed P-9 320214 isolation since 10:00 due 21:05\n"
     "tracing/contact_not_reached P-2 320214 tracing since 09:00 due +1 09:00\n"},
    {"under the id that is registered, which has a telephone number",
     DONE CONFIRMED TWIN SAME "09:20 G-1/2 person.registered person=P-9 name=x\n",
     "tracing/contact_not_reached P-9 320214 tracing since 09:00 due +1 09:00\n"},
    {"a second record that was dismissed as the wrong person takes nobody off the list",
     DONE CONFIRMED TWIN "09:08 I-5/3 contact.dismissed case=C-1 person=P-9 outbreak=O-1 "
                         "reason=wrong_person\n" SAME,
     "tracing/contact_not_reached P-2 320214 tracing since 09:00 due +1 09:00\n"},
    {"who was found to have met nobody did so by none of their ids",
     DONE CONFIRMED TWIN SAME "09:30 I-5/3 contact.dismissed case=C-1 person=P-2 "
                              "outbreak=O-1 reason=no_contact\n",
     ""},
    {"when the case was none, nobody is its contact",
     DONE CONFIRMED "09:30 I-7/1 case.classified case=C-1 classification=not_a_case\n",
     ""},
#define ORDERED                                                                          \
    "09:10 O-1/1 order.issued order=M-1 kind=central_isolation persons=P-2 clause=c-1 "  \
    "because=I-5/1 until=2021-12-26T08:00:00+08:00 grid=320214\n"                        \
    "09:10 I-6/3 contact.tested outbreak=O-1 person=P-2\n" REACHED PLACED
#define NO_CASE "11:30 I-7/1 case.classified case=C-1 classification=not_a_case\n"
    {"nor is anybody held as one", DONE CONFIRMED ORDERED NO_CASE,
     "tracing/bound_of_no_case M-1 320214 order since 11:30 due 11:30\n"},
    {"until the order is lifted, or the case is one after all",
     DONE CONFIRMED ORDERED NO_CASE "11:40 O-1/2 order.lifted order=M-1\n", ""},
    {"a case that is one after all holds them again",
     DONE CONFIRMED ORDERED NO_CASE
     "11:50 I-7/2 case.classified case=C-1 classification=confirmed\n",
     ""},
    {"who is a contact of another case is bound for that",
     DONE CONFIRMED ORDERED
     "10:00 I-5/2 contact.confirmed case=C-2 person=P-2 outbreak=O-1 level=close "
     "judgement=they_met grid=320214\n" NO_CASE,
     ""},
    {"and so is who is a case",
     DONE CONFIRMED ORDERED NO_CASE
     "11:40 I-8/1 case.reported case=C-3 person=P-2 outbreak=O-1 grid=320214\n"
     "11:40 I-8/2 case.isolated case=C-3 where=hospital\n"
     "11:40 I-8/3 case.treated case=C-3 care=hospital\n"
     "11:40 I-8/4 case.investigated case=C-3 milestone=source_search\n"
     "11:40 I-8/5 case.investigated case=C-3 milestone=first_facts\n"
     "11:40 I-8/6 case.investigated case=C-3 milestone=core_report\n"
     "11:40 I-8/7 case.investigated case=C-3 milestone=full_report\n"
     "11:40 I-8/8 case.interviewed case=C-3 teller=case\n",
     ""},
    {"a contact whom nobody knows is found out within a day",
     DONE "09:00 I-5/1 contact.unidentified contact=U-1 case=C-1 outbreak=O-1 "
          "description=red_coat grid=320214\n",
     "tracing/contact_unidentified U-1 320214 tracing since 09:00 due +1 09:00\n"},
    {"and is one to be judged then",
     DONE "09:00 I-5/1 contact.unidentified contact=U-1 case=C-1 outbreak=O-1 "
          "description=red_coat\n"
          "10:00 I-5/2 contact.identified contact=U-1 case=C-1 person=P-2 outbreak=O-1 "
          "grid=320214\n",
     "tracing/contact_not_confirmed P-2 320214 tracing since 10:00 due 12:00\n"},
    {"a contact who is away needs a letter to where they are",
     DONE CONFIRMED "09:10 I-6/1 contact.reached outbreak=O-1 person=P-2 how=phone\n"
                    "09:10 G-1/1 person.absent person=P-2 reason=travelling\n",
     "tracing/contact_away_no_letter P-2 320214 tracing since 09:00 due 09:00\n"
     "tracing/contact_not_placed P-2 320214 isolation since 09:10 due 21:00\n"},
    {"also where nobody said why they are away",
     DONE CONFIRMED "09:10 I-6/1 contact.reached outbreak=O-1 person=P-2 how=phone\n"
                    "09:10 G-1/1 person.absent person=P-2\n",
     "tracing/contact_away_no_letter P-2 320214 tracing since 09:00 due 09:00\n"
     "tracing/contact_not_placed P-2 320214 isolation since 09:10 due 21:00\n"},
    {"and who is said to be kept elsewhere, whoever was asked to keep them there",
     DONE CONFIRMED REACHED
     "09:20 I-6/2 contact.placed outbreak=O-1 person=P-2 where=other_region\n",
     "tracing/contact_away_no_letter P-2 320214 tracing since 09:00 due 09:00\n"
     "tracing/contact_not_tested P-2 320214 testing since 09:20 due +1 09:20\n"},
    {"until that region is asked",
     DONE CONFIRMED REACHED
     "09:20 I-6/2 contact.placed outbreak=O-1 person=P-2 where=other_region\n"
     "09:20 I-8/1 letter.sent letter=X-1 region=elsewhere about=control persons=P-2 "
     "outbreak=O-1 grid=320214\n"
     "09:30 I-8/2 letter.answered letter=X-1 answer=done\n",
     "tracing/contact_not_tested P-2 320214 testing since 09:20 due +1 09:20\n"},
    {"or they are placed here after all",
     DONE CONFIRMED REACHED
     "09:20 I-6/2 contact.placed outbreak=O-1 person=P-2 where=other_region\n"
     "09:40 I-6/3 contact.placed outbreak=O-1 person=P-2 where=site\n",
     "tracing/contact_not_tested P-2 320214 testing since 09:20 due +1 09:20\n"},
    {"and not where they lie in hospital",
     DONE CONFIRMED "09:10 I-6/1 contact.reached outbreak=O-1 person=P-2 how=phone\n"
                    "09:10 G-1/1 person.absent person=P-2 reason=hospital\n",
     "tracing/contact_not_placed P-2 320214 isolation since 09:10 due 21:00\n"},
    {"and the letter a receipt",
     DONE CONFIRMED REACHED "09:10 G-1/1 person.absent person=P-2 reason=travelling\n"
                            "09:20 I-8/1 letter.sent letter=X-1 region=elsewhere "
                            "about=control persons=P-2 outbreak=O-1 grid=320214\n",
     "tracing/letter_no_receipt X-1 320214 tracing since 09:20 due 11:20\n"
     "tracing/contact_not_placed P-2 320214 isolation since 10:00 due 21:00\n"},
    {"a contact without a grid is nobody's",
     DONE "09:00 I-5/1 contact.confirmed case=C-1 person=P-2 outbreak=O-1 level=general "
          "judgement=a_hall\n",
     "tracing/contact_no_post P-2 - command since 09:00 due 09:00\n"},
    {"a letter that was sent is asked after a day after it came there, until its last "
     "word",
     "09:00 I-1/1 letter.sent letter=X-1 region=elsewhere about=check grid=320214\n"
     "09:30 I-1/2 letter.answered letter=X-1 answer=received\n"
     "09:00 I-1/3 letter.sent letter=X-2 region=elsewhere about=check grid=320214\n"
     "09:30 I-1/4 letter.answered letter=X-2 answer=checked\n"
     "10:00 I-1/5 letter.answered letter=X-2 answer=done\n",
     "tracing/letter_no_answer X-1 320214 tracing since 09:30 due +1 09:30\n"},
    {"a letter that came is checked in 2 hours, its people held in 8, answered in 24",
     "09:00 I-1/1 letter.received letter=X-1 region=elsewhere about=control persons=P-2 "
     "grid=320214\n",
     "tracing/letter_not_checked X-1 320214 tracing since 09:00 due 11:00\n"
     "tracing/letter_not_controlled X-1 320214 tracing since 09:00 due 17:00\n"
     "tracing/letter_not_answered X-1 320214 tracing since 09:00 due +1 09:00\n"},
    {"being held is being checked, and is no last word",
     "09:00 I-1/1 letter.received letter=X-1 region=elsewhere about=control persons=P-2 "
     "grid=320214\n"
     "10:00 I-1/2 letter.answered letter=X-1 answer=under_control\n",
     "tracing/letter_not_answered X-1 320214 tracing since 09:00 due +1 09:00\n"},
    {"a letter that is answered in full is over, control and all",
     "09:00 I-1/1 letter.received letter=X-1 region=elsewhere about=control persons=P-2 "
     "grid=320214\n"
     "10:00 I-1/2 letter.answered letter=X-1 answer=done\n",
     ""},
    {"who is not to be found here is the end of a letter",
     "09:00 I-1/1 letter.received letter=X-1 region=elsewhere about=control persons=P-2 "
     "grid=320214\n"
     "10:00 I-1/2 letter.answered letter=X-1 answer=not_found\n",
     ""},

// ---- command/post_not_held ----
#define OUTBREAK "07:00 K-1/1 outbreak.declared outbreak=O-1\n"
#define HELD(seq, user, from, until)                                                     \
    "07:10 K-2/" #seq " post.held post=tracing@320214 user=" user " from=2021-12-" from  \
    ":00+08:00 until=2021-12-" until ":00+08:00 grid=320214\n"
#define TASK                                                                             \
    "09:00 K-3/1 task.assigned task=J-1 hole=tracing/letter_no_receipt subject=X-1 "     \
    "post=tracing@320214 due=2021-12-12T20:00:00+08:00 grid=320214\n"
#define ASKED                                                                            \
    "08:00 K-4/1 instruction.received instruction=Y-1 source=province asks=a_list "      \
    "post=tracing@320214 reply_by=2021-12-13T08:00:00+08:00 grid=320214\n"
#define REPLY "command/instruction_no_reply Y-1 320214 command since 08:00 due +1 08:00\n"
    {"a post is owed a holder from the end of its last shift, whoever has it before",
     OUTBREAK HELD(1, "wang", "12T08:00", "12T20:00")
         HELD(2, "li", "12T12:00", "12T16:00"),
     "command/post_not_held tracing@320214 320214 command since 20:00 due 20:00\n"},
    {"the next shift moves that on, in whatever order the roster comes",
     HELD(2, "li", "12T20:00", "13T08:00")
         OUTBREAK HELD(1, "wang", "12T08:00", "12T20:00"),
     "command/post_not_held tracing@320214 320214 command since +1 08:00 due +1 08:00\n"},
    {"two who leave together leave one hole",
     OUTBREAK HELD(1, "wang", "12T08:00", "12T20:00")
         HELD(2, "li", "12T08:00", "12T20:00"),
     "command/post_not_held tracing@320214 320214 command since 20:00 due 20:00\n"},
    {"a shift that was withdrawn is none",
     OUTBREAK HELD(1, "wang", "12T08:00", "12T20:00")
         HELD(2, "li", "12T20:00",
              "13T08:00") "10:00 K-2/3 fact.withdrawn device=K-2 seq=2 reason=a_slip\n",
     "command/post_not_held tracing@320214 320214 command since 20:00 due 20:00\n"},
    {"without an outbreak rosters may run out", HELD(1, "wang", "12T08:00", "12T20:00"),
     ""},
    {"and when it is over they may",
     OUTBREAK HELD(1, "wang", "12T08:00",
                   "12T20:00") "19:00 K-1/2 outbreak.ended outbreak=O-1\n",
     ""},
    {"who gives a task to a post that nobody ever held is told so", TASK OUTBREAK,
     "command/post_not_held tracing@320214 320214 command since 09:00 due 09:00\n"},
    {"until somebody does", TASK OUTBREAK HELD(1, "wang", "12T08:00", "12T20:00"),
     "command/post_not_held tracing@320214 320214 command since 20:00 due 20:00\n"},
    {"an instruction needs its post held without an outbreak, too", ASKED,
     "command/post_not_held tracing@320214 320214 command since 08:00 due 08:00\n" REPLY},
    {"until it is answered",
     ASKED "09:00 K-4/2 instruction.answered instruction=Y-1 answer=done\n", ""},

    // ---- command/deadline_no_post ----
    {"a letter without a grid is nobody's, whatever else it owes",
     "09:00 I-1/1 letter.sent letter=X-1 region=elsewhere about=check persons=P-2\n",
     "command/deadline_no_post X-1 - command since 09:00 due 09:00\n"
     "tracing/letter_no_receipt X-1 - tracing since 09:00 due 11:00\n"},
    {"so is who is not identified, until it is said where",
     "09:00 I-1/1 contact.unidentified contact=U-1 case=C-0 outbreak=O-1 "
     "description=a_red_coat\n"
     "09:10 I-1/2 contact.unidentified contact=U-2 case=C-0 outbreak=O-1 "
     "description=a_blue_coat\n"
     "09:20 I-1/3 contact.unidentified contact=U-2 case=C-0 outbreak=O-1 "
     "description=a_blue_coat grid=320214\n",
     "command/deadline_no_post U-1 - command since 09:00 due 09:00\n"
     "tracing/contact_unidentified U-1 - tracing since 09:00 due +1 09:00\n"
     "tracing/contact_unidentified U-2 320214 tracing since 09:10 due +1 09:10\n"},
    {"of what was found to be no case nobody has to be found out",
     "09:00 I-1/1 contact.unidentified contact=U-1 case=C-0 outbreak=O-1 "
     "description=a_red_coat\n"
     "09:30 I-1/2 case.classified case=C-0 classification=not_a_case\n",
     ""},
    {"until it is found to be one after all",
     "09:00 I-1/1 contact.unidentified contact=U-1 case=C-0 outbreak=O-1 "
     "description=a_red_coat\n"
     "09:30 I-1/2 case.classified case=C-0 classification=not_a_case\n"
     "09:40 I-1/3 fact.withdrawn device=I-1 seq=2 reason=a_slip\n",
     "command/deadline_no_post U-1 - command since 09:00 due 09:00\n"
     "tracing/contact_unidentified U-1 - tracing since 09:00 due +1 09:00\n"},
    {"and an exposure or a self-report of somebody of whom no home is known",
     "09:00 I-1/1 exposure.recorded exposure=E-1 person=P-7 kind=care\n"
     "09:00 R-1/1 self.reported report=S-1 person=P-8 about=symptom "
     "happened=2021-12-10T10:00:00+08:00\n"
     "09:30 R-2/1 person.registered person=P-8 grid=320214\n",
     "cases/exposure_no_grade E-1 - medical since 09:00 due 09:00\n"
     "cases/self_report_unanswered S-1 320214 tracing since 09:00 due 09:00\n"
     "command/deadline_no_post E-1 - command since 09:00 due 09:00\n"},

// ---- register/missing_day ----
#define DELIVERED(seq, at, first, last)                                                  \
    at " D-1/" #seq " visits.received kind=visits rows=1 accepted=1 had=0 refused=0 "    \
       "first_day=2021-12-" first " last_day=2021-12-" last "\n"
    {"whoever delivered yesterday's visits owes today's a day and 12 hours later",
     OUTBREAK DELIVERED(1, "07:30", "01", "11"),
     "register/missing_day visits - register since 07:30 due +1 19:30\n"},
    {"what comes in time moves that on, in whatever order it comes",
     DELIVERED(2, "08:30", "12", "12") OUTBREAK DELIVERED(1, "07:30", "01", "11"),
     "register/missing_day visits - register since 08:30 due +1 20:30\n"},
    {"a later day does not hide one that was left out",
     OUTBREAK DELIVERED(1, "07:30", "01", "09") DELIVERED(2, "08:30", "11", "11"),
     "register/missing_day visits - register since 07:30 due +1 19:30\n"},
    {"the day that was missing closes it",
     OUTBREAK DELIVERED(1, "07:30", "01", "09") DELIVERED(2, "08:30", "11", "11")
         DELIVERED(3, "08:40", "10", "10"),
     "register/missing_day visits - register since 08:30 due +1 20:30\n"},
    {"a delivery that was withdrawn never came",
     OUTBREAK DELIVERED(1, "07:30", "01", "09") DELIVERED(
         2, "08:30", "10",
         "11") "08:40 D-1/3 fact.withdrawn device=D-1 seq=2 reason=a_wrong_file\n",
     "register/missing_day visits - register since 07:30 due +1 19:30\n"},
    {"without an outbreak nobody owes a day", DELIVERED(1, "07:30", "01", "11"), ""},
    {"and after it nobody does",
     OUTBREAK DELIVERED(1, "07:30", "01", "11") "09:00 K-1/2 outbreak.ended "
                                                "outbreak=O-1\n",
     ""},
};

static void what_is_missing_is_said_and_ends_with_what_closes_it(void **state)
{
    (void)state;
    stories_hold(stories, sizeof stories / sizeof *stories);
}

// The rule is not empty by itself: were the view to show an order whose reasons are gone,
// it would be said.
static void an_order_that_is_shown_without_a_reason_is_said(void **state)
{
    (void)state;
    static const wf_sql_text lying = {"order/in_force",
                                      "-- title: 有效 | In force\n"
                                      "-- about: 全部 | all of them\n"
                                      "-- column: order_id = orders.order_id\n"
                                      "-- column: grid = orders.grid\n"
                                      "-- column: issued_at = orders.issued_at\n"
                                      "-- column: kind = orders.kind\n"
                                      "-- column: ends_at = orders.ends_at\n"
                                      "-- key: order_id\n"
                                      "-- sorts: order_id\n"
                                      "-- publish: yes\n"
                                      "SELECT order_id, grid, issued_at, kind, ends_at "
                                      "FROM orders"};
    const wf_holes_query all = {.rule = SIZE_MAX, .not_yet_due = true};
    made_holes made;
    wf_buffer said = {0};
    made_holes_new_over(&made, NULL, &lying);
    story_tell(&made, "07:50 S-1/1 sample.collected tube=T-1 person=P-1 grid=320214\n"
                      "08:00 L-1/1 tube.resulted tube=T-1 result=positive\n" ORDER);
    assert_int_equal(made_holes_list(&made, &all, &said), 0);
    story_tell(&made, "09:00 L-1/2 fact.withdrawn device=L-1 seq=1 reason=mixed_up\n");
    assert_int_equal(made_holes_list(&made, &all, &said), 1);
    assert_true(wf_buffer_append(&said, "", 1));
    assert_non_null(strstr(said.bytes, "order/binding_without_reason M-1 320214 order"));
    wf_buffer_done(&said);
    made_holes_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_said_and_ends_with_what_closes_it),
        cmocka_unit_test(an_order_that_is_shown_without_a_reason_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
