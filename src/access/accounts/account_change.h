// How accounts are changed, by the owner or by an actor who may: include/weft/accounts.h
// with the rights of an actor. Each call is for the owner's turn
// (access/shared/shared.h).
#ifndef WF_ACCESS_ACCOUNTS_ACCOUNT_CHANGE_H
#define WF_ACCESS_ACCOUNTS_ACCOUNT_CHANGE_H

#include "access/accounts/actor.h"
#include "access/city/city.h"
#include "weft/accounts.h"
#include "weft/facts.h"

// Sends one fact as the actor, after their rights to it were checked
// (access/rights/scope.h). A fact that names no grid lies in the actor's.
weft_status wf_fact_send_as(weft_city *city, const wf_actor *actor, const char *kind,
                            const char *const *fields, size_t fields_count,
                            const weft_fact_options *options, weft_fact_reply *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// `now`: the machine's. Beside the errors of weft_token_issue: "token.over".
weft_status wf_token_issue(weft_city *city, const wf_actor *actor,
                           const weft_token_request *request, weft_time now,
                           weft_token_reply *ret, weft_error *error) WEFT_MUST_CHECK;
// Whether there is a token of that id which the actor may revoke, else "token.none", or
// "token.several": asked before the owner's turn, in which everybody waits.
weft_status wf_token_may_revoke(wf_accounts *accounts, const wf_actor *actor,
                                const char *id, weft_error *error) WEFT_MUST_CHECK;
// What the actor does not manage is not there for them ("token.none").
weft_status wf_token_revoke(weft_city *city, const wf_actor *actor, const char *id,
                            const char *device, const char *user, const char *reason,
                            size_t *ret_count, weft_error *error) WEFT_MUST_CHECK;
// Users set their own; other actors those of users whom they manage, else
// WEFT_NOT_FOUND ("user.unknown").
weft_status wf_user_secret_set(weft_city *city, const wf_actor *actor, const char *user,
                               const char *password, bool with_codes,
                               weft_secret_reply *ret, weft_error *error) WEFT_MUST_CHECK;

// A user's own password, already hashed (wf_secret_hash): the owner's turn is short.
// Their sessions end; ret->totp is the new secret of codes, if one was asked for.
weft_status wf_user_password_set(weft_city *city, const wf_actor *actor, const char *hash,
                                 bool with_codes, weft_secret_reply *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
