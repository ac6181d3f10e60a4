// Looks (DESIGN §1, 7): whoever reads a person's data names a reference, which is what
// the work at hand is about, and a purpose. Both are closed lists.
#ifndef WF_MODEL_LOOK_H
#define WF_MODEL_LOOK_H

#include "base/text.h"
#include "model/kind.h"

// What a look can rest on.
// X(NAME, word, 中文, English)
#define WF_REFERENCE_TABLE(X)                                                            \
    X(CASE, "case", "病例", "case")                                                      \
    X(ROUND, "round", "检测轮次", "round of testing")                                    \
    X(ORDER, "order", "管控措施", "order")                                               \
    X(ZONE, "zone", "管控区域", "zone")                                                  \
    X(SITE, "site", "采样点或其他工作场所", "sampling site or other place of work")      \
    X(TASK, "task", "任务", "task")                                                      \
    X(REQUEST, "request", "服务请求", "request for help")

typedef enum {
#define X(name, word, zh, en) WF_REFERENCE_##name,
    WF_REFERENCE_TABLE(X)
#undef X
        WF_REFERENCE_COUNT
} wf_reference_kind;

extern const char *const wf_reference_words[]; // ended by NULL

// For what persons are shown.
typedef enum {
    WF_LOOK_READ,   // a page of a view, a hole
    WF_LOOK_TRACE,  // contacts, who was there, source: from a case with evidence only
    WF_LOOK_EXPORT, // a file that leaves
    WF_LOOK_USES
} wf_look_use;

#define WF_ON(name) (UINT32_C(1) << WF_REFERENCE_##name)
#define WF_FOR(use) (UINT32_C(1) << WF_LOOK_##use)

// What people's data are looked at for: which references may found it, which use it is.
// A purpose is what the person is told, so that it is said in words that they know.
// X(NAME, word, references, uses, 中文, English)
#define WF_PURPOSE_TABLE(X)                                                              \
    X(TRACE_CONTACTS, "trace-contacts", WF_ON(CASE), WF_FOR(TRACE) | WF_FOR(READ),       \
      "判定和通知密切接触者", "finding and telling contacts")                            \
    X(FIND_SOURCE, "find-source", WF_ON(CASE), WF_FOR(TRACE) | WF_FOR(READ), "查找来源", \
      "finding the source")                                                              \
    X(INTERVIEW, "interview", WF_ON(CASE) | WF_ON(TASK), WF_FOR(READ), "流行病学访谈",   \
      "an interview")                                                                    \
    X(FIND_MISSED, "find-missed", WF_ON(ROUND) | WF_ON(ZONE) | WF_ON(SITE),              \
      WF_FOR(READ), "查找漏检人员", "finding whom testing missed")                       \
    X(GIVE_RESULT, "give-result",                                                        \
      WF_ON(CASE) | WF_ON(ROUND) | WF_ON(ORDER) | WF_ON(SITE), WF_FOR(READ),             \
      "核对和告知检测结果", "checking and telling a test result")                        \
    X(CARRY_OUT_ORDER, "carry-out-order", WF_ON(ORDER) | WF_ON(ZONE), WF_FOR(READ),      \
      "落实管控措施", "carrying out an order")                                           \
    X(CARE, "care",                                                                      \
      WF_ON(CASE) | WF_ON(ORDER) | WF_ON(ZONE) | WF_ON(TASK) | WF_ON(REQUEST),           \
      WF_FOR(READ), "就医和生活保障", "medical care and daily needs")                    \
    X(CORRECT_RECORD, "correct-record",                                                  \
      WF_ON(CASE) | WF_ON(ORDER) | WF_ON(TASK) | WF_ON(REQUEST), WF_FOR(READ),           \
      "更正记录", "correcting a record")                                                 \
    X(HAND_OVER, "hand-over", WF_ON(CASE) | WF_ON(ROUND) | WF_ON(ORDER) | WF_ON(ZONE),   \
      WF_FOR(EXPORT), "移交其他负责机构", "handing over to another office in charge")    \
    X(PRINT, "print",                                                                    \
      WF_ON(ROUND) | WF_ON(ORDER) | WF_ON(ZONE) | WF_ON(SITE) | WF_ON(TASK),             \
      WF_FOR(EXPORT), "打印工作名单", "printing lists to work from")

typedef enum {
#define X(name, word, references, uses, zh, en) WF_PURPOSE_##name,
    WF_PURPOSE_TABLE(X)
#undef X
        WF_PURPOSE_COUNT
} wf_purpose;

extern const char *const wf_purpose_words[]; // ended by NULL

// Which work group somebody of a role acts for: what the person is told of who looked.
// X(ROLE, word, 中文, English)
#define WF_OFFICE_TABLE(X)                                                               \
    X(COMMANDER, "command", "应急指挥部", "the command centre")                          \
    X(LEAD, "work_group", "工作专班", "a work group's lead")                             \
    X(INVESTIGATOR, "tracing", "流调溯源组", "contact tracing")                          \
    X(GRID_WORKER, "community", "社区防控组", "the community's grid workers")            \
    X(GUARD, "gates", "卡口值守组", "gates and checkpoints")                             \
    X(SAMPLER, "sampling", "采样组", "sampling")                                         \
    X(LAB, "laboratory", "检测机构", "the laboratory")                                   \
    X(MEDIC, "medical", "医疗救治组", "medical care")                                    \
    X(REGULATOR, "supervision", "市场监管组", "market and transport supervision")        \
    X(AUDITOR, "audit", "监督审计组", "audit")                                           \
    X(OPERATOR, "systems", "系统运行组", "running of the system")                        \
    X(RESIDENT, "resident", "居民", "a resident")

extern const char *const wf_office_words[]; // in the order of wf_role, ended by NULL

#define WF_LOOK_PERSONS_MAX 500 // shown by one answer; more is an export

// The place of a word in such a list; SIZE_MAX: none of it.
size_t wf_word_place(const char *const *words, wf_text word);

// Whether the purpose is for this use and may rest on such a reference.
bool wf_purpose_fits(wf_purpose purpose, wf_reference_kind reference, wf_look_use use);
const char *wf_purpose_zh(wf_purpose purpose);
const char *wf_purpose_en(wf_purpose purpose);
const char *wf_reference_zh(unsigned kind); // of a wf_reference_kind
const char *wf_reference_en(unsigned kind);
const char *wf_office_zh(unsigned role); // of a wf_role
const char *wf_office_en(unsigned role);

#endif
