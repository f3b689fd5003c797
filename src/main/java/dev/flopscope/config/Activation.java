package dev.flopscope.config;

/** The non-linearity of a feed-forward network. */
public enum Activation {
    /** x / (1 + exp(−x)), also called swish (Elfwing et al. 2017). */
    SILU,
    /** GELU in GPT-2's tanh form (Hendrycks and Gimpel 2016). */
    GELU_TANH,
    /** GELU as it is defined, x·Φ(x), with the normal distribution's Φ (Hendrycks and Gimpel 2016). */
    GELU,
    /** x / (1 + exp(−1.702·x)): GELU by the logistic function (Hendrycks and Gimpel 2016). */
    QUICK_GELU;

    /** What x is multiplied by within the logistic function of {@link #QUICK_GELU}. */
    public static final double QUICK_GELU_STEEPNESS = 1.702;
}
