package dev.flopscope.machine;

/**
 * One of the two lines that no product can be above, and which measurement it comes from.
 *
 * @param value GFLOP/s, or bytes a second
 * @param source what reached it, in words
 */
public record Roof(double value, String source) {
    Roof higher(Roof other) {
        return other.value > value ? other : this;
    }
}
