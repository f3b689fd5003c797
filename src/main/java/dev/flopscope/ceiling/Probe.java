package dev.flopscope.ceiling;

/** A fixed amount of one kind of work. */
@FunctionalInterface
public interface Probe {
    /** Does the work once, on all threads it was made for, and says how fast it went; the implementation gives the unit. */
    double sample();
}
