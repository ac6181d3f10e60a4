#include "epi/risk.h"

#include <math.h>
#include <stdbool.h>

#include "base/status.h"

// Beyond each end of each of two steps; four of them are 5 %.
static const double beyond = 0.0125;

// ---- incubation ----

static double log_normal_below(const wf_protocol *protocol, double days)
{
    double z = (log(days) - protocol->incubation_meanlog.value) /
               protocol->incubation_sdlog.value;
    return erfc(-z / sqrt(2)) / 2;
}

double wf_risk_shown(const wf_protocol *protocol, double days)
{
    double most = protocol->incubation_max_d.value;
    double least =
        protocol->incubation_min_d.given ? protocol->incubation_min_d.value : 0;
    if (!protocol->incubation_max_d.given || !(days > 0))
        return 0;
    if (days >= most)
        return 1;
    if (protocol->incubation_meanlog.given && protocol->incubation_sdlog.given &&
        protocol->incubation_sdlog.value > 0)
        return log_normal_below(protocol, days) / log_normal_below(protocol, most);
    return days <= least ? 0 : (days - least) / (most - least);
}

// ---- attack rate ----

// Unlike lgamma it writes no global.
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

// The continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated from
// its beginning (Lentz); it settles within some sqrt(max(a, b)) steps for
// x < (a + 1) / (a + b + 2).
static double beta_fraction(double a, double b, double x)
{
    enum { steps_max = 100000 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double product = d;
    for (int step = 1; step <= steps_max; step++) {
        double m = step;
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (int half = 0; half < 2; half++) {
            double by = half == 0 ? even : odd;
            d = 1 + by * d;
            c = 1 + by / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            change = c * d;
            product *= change;
        }
        if (fabs(change - 1) < 1e-12)
            break;
    }
    return product;
}

// P(B <= x) of a beta variable.
static double beta_below(double a, double b, double x)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    double front =
        exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// The x below which a beta variable lies with that probability, by halving.
static double beta_quantile(double a, double b, double share)
{
    double low = 0, high = 1;
    for (int i = 0; i < 60; i++) {
        double middle = low + (high - low) / 2;
        if (beta_below(a, b, middle) < share)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

// ---- chance ----

// P(N <= x) of a Poisson variable, summed away from x on the side that is small.
static double poisson_below(double mean, double x)
{
    if (mean <= 0)
        return 1;
    double term = exp(x * log(mean) - mean - log_gamma(x + 1)), sum = 0;
    if (x < mean) {
        for (double k = x; k >= 0 && term > 1e-18 * (sum + 1e-300); k--) {
            sum += term;
            term *= k / mean;
        }
        return sum;
    }
    for (double k = x + 1; term > 0; k++) {
        term *= mean / k;
        sum += term;
        if (term < 1e-18)
            break;
    }
    return 1 - sum;
}

// The smallest x, 0 to `top`, with P(N <= x) >= share.
static uint64_t poisson_quantile(double mean, double share, uint64_t top)
{
    uint64_t low = 0, high = top;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (poisson_below(mean, (double)middle) >= share)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

wf_risk_interval wf_risk_of(const wf_risk_counts *counts)
{
    double cases = (double)counts->cases, clear = counts->clear;
    WF_ASSERT(counts->open <= WF_RISK_OPEN_MAX && clear >= 0 && counts->hidden >= 0 &&
              counts->hidden <= (double)counts->open);
    if (counts->open == 0)
        return (wf_risk_interval){0, 0};
    double a = cases + 0.5, b = clear + 0.5;
    double low = cases > 0 ? beta_quantile(a, b, beyond) : 0;
    double high = clear > 0 ? beta_quantile(a, b, 1 - beyond) : 1;
    double mean = high * (double)counts->open;
    // P(N <= x - 1) <= share for the largest such x, which is where P(N <= x) passes it.
    uint64_t least = poisson_quantile(low * counts->hidden, beyond, counts->open);
    uint64_t most = poisson_quantile(mean, 1 - beyond, counts->open);
    // The bound of Anderson and Samuels holds from the mean on.
    uint64_t above = (uint64_t)ceil(mean);
    most = most > above ? most : above;
    most = most < counts->open ? most : counts->open;
    return (wf_risk_interval){least < most ? least : most, most};
}
