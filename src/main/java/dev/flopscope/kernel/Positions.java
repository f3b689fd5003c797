package dev.flopscope.kernel;

/**
 * Where the tokens of each sequence of a pass stand: at {@code first}, {@code first + 1} and so on.
 *
 * @param first the position of each sequence's first token, from 0
 * @param count tokens of each sequence, at least 1
 */
public record Positions(int first, int count) {
    /** The position of a row, when rows come sequence by sequence. */
    int of(long row) {
        return first + (int) (row % count);
    }
}
