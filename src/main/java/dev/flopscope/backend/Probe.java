package dev.flopscope.backend;

/** A fixed amount of one kind of work. */
@FunctionalInterface
public interface Probe {
    /** Does the work once, on everything the backend has, and says how fast it went; the implementation gives the unit. */
    double sample();
}
