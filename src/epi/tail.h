// Exact tail probabilities, and their correction for many tests.
//
// Method: Poisson-binomial distribution by convolution (n independent trials with
// probabilities of their own; exact, n² steps, sums of products only, so that nothing
// cancels); Holm's step-down correction, which holds whatever the dependence of tests.
#ifndef WF_EPI_TAIL_H
#define WF_EPI_TAIL_H

#include <stddef.h>
#include <stdint.h>

// P(at least `least` of `count` independent trials succeed). Probabilities in [0, 1];
// `work` has room for count + 1 doubles. The smallest terms are summed first, so
// that tails down to 1e-300 keep their digits.
double wf_tail_poisson_binomial(const double *probabilities, size_t count, size_t least,
                                double *work);

// The same in count × least steps; the last digits may differ. `work` has room for
// least + 1 doubles. For screens, where few of many succeeded.
double wf_tail_at_least(const double *probabilities, size_t count, size_t least,
                        double *work);

// Holm: p values ascending in, corrected out (never falling, at most 1). `tests` ≥ count
// of the whole family; those not given have p = 1.
void wf_tail_holm(const double *p_values, size_t count, uint64_t tests, double *ret);

#endif
