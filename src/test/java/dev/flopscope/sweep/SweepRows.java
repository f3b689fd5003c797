package dev.flopscope.sweep;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows made up for tests. */
final class SweepRows {
    static final Place HERE = new Place("CPU", 2, "AVX2", "OpenBLAS", "0.3.19", "Haswell", "17", "Linux amd64");
    static final Place ELSEWHERE = new Place("CPU", 2, "AVX2", "OpenBLAS", "0.3.19", "Zen", "17", "Linux amd64");

    private SweepRows() {}

    static SweepPoint point(String hash, int context) {
        return new SweepPoint("m", hash, 1, context, 2, "tiled", 8, 8, "full", 1);
    }

    static SweepRow measured(SweepPoint point, Place place, long flops, boolean agrees, Double... samples) {
        Measured measured = new Measured(flops, flops, List.of(samples), agrees, OptionalLong.of(7));
        return new SweepRow(point, place, "2026-01-01T00:00:00Z", Optional.of(measured), Optional.empty());
    }

    static SweepRow skipped(SweepPoint point) {
        return new SweepRow(
                point,
                HERE,
                "2026-01-01T00:00:00Z",
                Optional.empty(),
                Optional.of("needs 9 GiB, \"more\", than there is"));
    }
}
