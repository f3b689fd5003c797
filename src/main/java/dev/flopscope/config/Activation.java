package dev.flopscope.config;

/** The non-linearity of a feed-forward network. */
public enum Activation {
    /** x / (1 + exp(−x)), also called swish (Elfwing et al. 2017). */
    SILU,
    /** GELU in GPT-2's tanh form (Hendrycks and Gimpel 2016). */
    GELU_TANH,
    /** GELU as it is defined, x·Φ(x), with the normal distribution's Φ (Hendrycks and Gimpel 2016). */
    GELU
}
