// A small law profile written by the test itself, so that single lines can be spoiled.
#ifndef TEST_SUPPORT_SMALL_LAW_H
#define TEST_SUPPORT_SMALL_LAW_H

#define SMALL_DAYS(value) "{value: " value ", unit: d, source: book, sure: A}\n"

// Its sources are those of support/small_protocol.h.
static const char small_law[] =
    "name: small\n"
    "title: {zh: \"小\", en: \"Small\"}\n"
    "wording: small\n"
    "reasons:\n"
    "  habit: \"It has always been so.\"\n"
    "clauses:\n"
    "  first-1:\n"
    "    cite: \"First book, line 1\"\n"
    "    text: {zh: \"可以隔离。\", en: \"There may be isolation.\"}\n"
    "    decided_by: {zh: \"某人\", en: \"someone\"}\n"
    "    orders: [hold, home_isolation]\n"
    "    max_days: {value: 14, unit: d, source: book, sure: A}\n"
    "    source: book\n"
    "    sure: A\n"
    "  second:\n"
    "    cite: \"Second book\"\n"
    "    text: {zh: \"无。\", en: \"Nothing.\"}\n"
    "    decided_by: {zh: \"某人\", en: \"someone\"}\n"
    "    orders: []\n"
    "    source: guess\n"
    "    sure: D\n"
    "    why: habit\n"
    "reactions:\n"
    "  pool_hold: {clause: first-1, source: book, sure: A}\n"
    "appeal:\n"
    "  days: " SMALL_DAYS(
        "60") "  to: {zh: \"某处\", en: \"somewhere\"}\n"
              "keeping:\n"
              "  case: " SMALL_DAYS("1000") "  testing: " SMALL_DAYS(
                  "90") "  order: " SMALL_DAYS("61") "  account: " SMALL_DAYS("400");

#endif
