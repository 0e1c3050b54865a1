//! Bounds and tails of the binomial distribution.

/// How often a range is halved to find a bound.
const HALVINGS: u32 = 48;

/// The probability of at most `k` of `n` if each has probability `p`.
pub(super) fn at_most(k: f64, n: f64, p: f64) -> f64 {
    if k >= n || p <= 0.0 {
        return 1.0;
    }
    if k < 0.0 || p >= 1.0 {
        return 0.0;
    }
    tail(k.floor(), n.floor(), p)
}

/// The probability of at least `k` of `n` if each has probability `p`.
pub(super) fn at_least(k: f64, n: f64, p: f64) -> f64 {
    at_most(n.floor() - k.ceil(), n, 1.0 - p)
}

/// Sums downward from `k`, where terms shrink as soon as `k` lies below the mean; above it, the sum is near 1 anyway.
fn tail(k: f64, n: f64, p: f64) -> f64 {
    if k >= n * p {
        // Nothing of interest: the median is within one of the mean.
        return 1.0;
    }
    let ln_first =
        ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0) + k * p.ln() + (n - k) * (-p).ln_1p();
    let (mut term, mut sum, mut at) = (1.0, 0.0, k);
    while term > 1e-17 * sum {
        sum += term;
        if at <= 0.0 {
            break;
        }
        term *= at / (n - at + 1.0) * (1.0 - p) / p;
        at -= 1.0;
    }
    (ln_first + f64::ln(sum)).exp().min(1.0)
}

/// The lowest probability with which at least `k` of `n` are not rarer than `alpha` (Clopper and Pearson's bound). Unlike
/// Wilson's it is right for few matches too, where that is far too high for small `alpha`.
pub(super) fn lowest(k: f64, n: f64, alpha: f64) -> f64 {
    if k < 1.0 || k > n {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, k / n);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if at_least(k, n, middle) <= alpha { low = middle } else { high = middle }
    }
    low
}

/// The bounds of the probability of which `p` was seen in `n`, for `z` standard deviations (Wilson's score interval).
pub(super) fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let (z2, scale) = (z * z, 1.0 + z * z / n);
    let middle = p + z2 / (2.0 * n);
    let width = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    (((middle - width) / scale).max(0.0), ((middle + width) / scale).min(1.0))
}

/// The standard deviations beyond which a normal variable lies, on one side, with probability `alpha` (at most a half):
/// Abramowitz and Stegun 26.2.23, off by less than 0.00045.
pub(super) fn deviations(alpha: f64) -> f64 {
    let t = (-2.0 * alpha.max(1e-300).ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    t - above / below
}

/// Stirling's series; arguments are at least 1.
fn ln_gamma(x: f64) -> f64 {
    let (mut shift, mut x) = (0.0, x);
    while x < 12.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x;
    shift + (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_binomial_distribution() {
        // Sums of exact terms.
        for (k, n, p, wanted) in [
            (0.0, 10.0, 0.5, 1.0 / 1024.0),
            (2.0, 10.0, 0.5, 56.0 / 1024.0),
            (0.0, 1000.0, 0.03, 0.97_f64.powi(1000)),
            (1.0, 4.0, 0.9, 0.0037),
        ] {
            let got = at_most(k, n, p);
            assert!((got / wanted - 1.0).abs() < 1e-9, "{k} {n} {p}: {got}");
        }
        assert!((at_least(9.0, 10.0, 0.5) - 11.0 / 1024.0).abs() < 1e-12);
        assert_eq!(at_most(5.0, 5.0, 0.1), 1.0);
    }

    #[test]
    fn bounds_hold_what_they_promise() {
        assert!((deviations(0.025) - 1.96).abs() < 1e-3 && (deviations(1e-6) - 4.7534).abs() < 1e-3);
        let (low, high) = wilson(0.3, 100.0, 1.96);
        assert!((low - 0.2189).abs() < 1e-3 && (high - 0.3958).abs() < 1e-3, "{low} {high}");
        assert_eq!(wilson(0.0, 0.0, 2.0), (0.0, 1.0));
        // One of n: 1 - (1 - p)^n = alpha. Five of a million: a gamma quantile.
        assert!((lowest(1.0, 1000.0, 1e-6) / 1e-9 - 1.0).abs() < 1e-3);
        assert!((lowest(5.0, 1e6, 0.025) / 1.6235e-6 - 1.0).abs() < 1e-3);
        assert!((lowest(30.0, 100.0, 0.025) - 0.2124).abs() < 1e-4);
        assert_eq!(lowest(0.0, 1000.0, 1e-6), 0.0);
    }
}
