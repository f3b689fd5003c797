package dev.flopscope.schema;

import java.math.BigInteger;
import java.util.List;

/**
 * From the total of one convention to that of another: {@code from_flops} and all differences make {@code to_flops}.
 *
 * @param from the first convention
 * @param to the second
 * @param fromFlops its FLOPs
 * @param toFlops those of the second
 * @param lines one a term
 */
public record BridgeRecord(String from, String to, BigInteger fromFlops, BigInteger toFlops, List<Line> lines) {
    /** One term by both conventions, and what each does otherwise than we do, where they differ. */
    public record Line(
            String term, BigInteger fromFlops, BigInteger toFlops, BigInteger difference, List<String> why) {}
}
