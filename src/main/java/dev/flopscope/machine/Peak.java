package dev.flopscope.machine;

/**
 * One of the two lines that no product can be above, and which measurement it comes from.
 *
 * @param value GFLOP/s, or bytes a second
 * @param source what reached it, in words
 */
public record Peak(double value, String source) {
    Peak higher(Peak other) {
        return other.value > value ? other : this;
    }
}
