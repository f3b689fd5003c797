package dev.flopscope.sweep;

import dev.flopscope.TestModels;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.machine.Build;
import dev.flopscope.sweep.Measured.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Rows made up for tests. */
final class SweepRows {
    static final ModelConfig MODEL = TestModels.builder("m").build();
    static final ModelConfig CHANGED = TestModels.builder("m").dFf(13).build();
    static final Environment HERE = environment("Haswell");
    static final Environment ELSEWHERE = environment("Zen");
    static final Instant DATE = Instant.parse("2026-01-01T00:00:00Z");

    private SweepRows() {}

    private static Environment environment(String kernel) {
        return new Environment(
                "CPU, \"fast\"", 2, "AVX2", "OpenBLAS", "0.3.19", kernel, "17", "Linux amd64", new Build("1.2", "abc"));
    }

    static SweepPoint point(ModelConfig model, int context) {
        return point(model, context, new Attention(Algorithm.TILED, 8, 8));
    }

    static SweepPoint point(ModelConfig model, int context, Attention attention) {
        return new SweepPoint(new RunSpec(
                model,
                1,
                OptionalInt.of(context),
                OptionalInt.empty(),
                OptionalInt.empty(),
                LogitsRows.ALL,
                attention,
                new Prompt.Seeded(),
                WeightsMode.FULL,
                1,
                Engine.OPENBLAS,
                2));
    }

    static SweepRow measured(SweepPoint point, Environment environment, long flops, boolean agrees, Double... samples) {
        Totals all = new Totals(flops, flops, List.of(samples));
        Optional<Totals> decode =
                point.spec().decode().isPresent() ? Optional.of(new Totals(3, 4, List.of(samples))) : Optional.empty();
        return new SweepRow(
                point,
                environment,
                DATE,
                Optional.of(new Measured(all, decode, agrees, OptionalLong.of(7))),
                Optional.empty());
    }

    static SweepRow skipped(SweepPoint point) {
        return new SweepRow(point, HERE, DATE, Optional.empty(), Optional.of("needs 9 GiB,\n\"more\", than there is"));
    }
}
