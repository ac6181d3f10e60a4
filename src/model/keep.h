// Keeping classes of facts: how long their bodies can be read.
#ifndef WF_MODEL_KEEP_H
#define WF_MODEL_KEEP_H

// Numbers are stored, and are classes of keys: never renumber.
// X(name, number, word, zh, en)
#define WF_KEEP_TABLE(X)                                                                 \
    X(WF_KEEP_REGISTER, 1, "register", "登记", "register")                               \
    X(WF_KEEP_CASE, 2, "case", "病例", "cases")                                          \
    X(WF_KEEP_TESTING, 3, "testing", "检测", "testing")                                  \
    X(WF_KEEP_ORDER, 4, "order", "管控措施", "orders")                                   \
    X(WF_KEEP_VISIT, 5, "visit", "到访", "visits")                                       \
    X(WF_KEEP_ACCOUNT, 6, "account", "账户", "accounts")

typedef enum {
#define X(name, number, word, zh, en) name = number,
    WF_KEEP_TABLE(X)
#undef X
        WF_KEEP_END
} wf_keep;
// "testing"
const char *wf_keep_word(wf_keep keep);

#endif
