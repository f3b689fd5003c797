package dev.flopscope.backend;

/** The angles of rotary positions, as a backend keeps them. Opaque. */
public interface RotaryTable {
    /** How many positions there are angles for. */
    int positions();
}
