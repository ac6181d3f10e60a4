#include "epi/tail.h"

double wf_tail_poisson_binomial(const double *probabilities, size_t count, size_t least,
                                double *work)
{
    if (least == 0)
        return 1;
    if (least > count)
        return 0;
    work[0] = 1;
    for (size_t i = 0; i < count; i++) {
        double p = probabilities[i];
        work[i + 1] = work[i] * p;
        for (size_t k = i; k > 0; k--)
            work[k] = work[k] * (1 - p) + work[k - 1] * p;
        work[0] *= 1 - p;
    }
    double tail = 0;
    for (size_t k = count + 1; k-- > least;)
        tail += work[k];
    return tail < 1 ? tail : 1;
}

double wf_tail_at_least(const double *probabilities, size_t count, size_t least,
                        double *work)
{
    if (least == 0)
        return 1;
    // work[k]: k trials succeeded so far, work[least]: that many or more.
    work[0] = 1;
    for (size_t k = 1; k <= least; k++)
        work[k] = 0;
    for (size_t i = 0; i < count; i++) {
        double p = probabilities[i];
        work[least] += work[least - 1] * p;
        for (size_t k = least - 1; k > 0; k--)
            work[k] = work[k] * (1 - p) + work[k - 1] * p;
        work[0] *= 1 - p;
    }
    return work[least] < 1 ? work[least] : 1;
}

void wf_tail_holm(const double *p_values, size_t count, uint64_t tests, double *ret)
{
    double least = 0;
    for (size_t i = 0; i < count; i++) {
        double corrected = p_values[i] * (double)(tests - i);
        if (corrected > 1)
            corrected = 1;
        if (corrected < least)
            corrected = least;
        least = corrected;
        ret[i] = corrected;
    }
}
