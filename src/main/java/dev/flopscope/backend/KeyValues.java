package dev.flopscope.backend;

/** The keys and values of one layer that attention reads: those of the chunk at hand alone, or a cache. Opaque. */
public interface KeyValues {
    /** The most tokens of each sequence that it holds. */
    int capacity();
}
