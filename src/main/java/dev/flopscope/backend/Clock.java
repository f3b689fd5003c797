package dev.flopscope.backend;

/** Tells when the work of a backend happens: the host's clock where the host computes, the device's elsewhere. */
@FunctionalInterface
public interface Clock {
    /** Nanoseconds since some moment, as of the work that was asked for last. */
    long now();
}
