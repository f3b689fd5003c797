package dev.flopscope.schema;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.config.Attention.Algorithm;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.WeightsMode;
import dev.flopscope.schema.AccountRecord.Flops;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file of {@code sweep}; {@code complete} says whether every combination has its row. */
public record SweepFile(
        @JsonUnwrapped Envelope envelope,
        String convention,
        List<Row> rows,
        List<Exponents> exponents,
        boolean complete) {

    /**
     * One combination, measured or skipped: also a line of JSON lines and, flattened, of CSV. {@code checkpoint} is the folder that
     * the weights were read from, if they were.
     */
    public record Row(
            Model model,
            int batch,
            int context,
            @Nullable Integer chunk,
            LogitsRows logits,
            AccountRecord.Attention attention,
            WeightsMode weights,
            long seed,
            @Nullable String checkpoint,
            @Nullable Flops flops,
            @Nullable Times seconds,
            @Nullable Double gflopsPerSecond,
            @Nullable Decode decode,
            @Nullable Boolean agrees,
            @Nullable String skipped,
            @Nullable Long peakResidentBytes,
            Envelope.Engine engine,
            Envelope.Machine machine,
            Envelope.Program flopscope,
            String date) {
        /** Checks the extents. */
        public Row {
            Json.requirePositive("batch", batch);
            Json.requirePositive("context", context);
            Json.requirePositive("chunk", chunk == null ? 1 : chunk);
        }
    }

    /** A model: {@code hash} tells configs of one name apart, {@code config} is what {@code MODEL} files are made of. */
    public record Model(String name, String hash, ObjectNode config) {}

    /** Wall time of the repetitions. */
    public record Times(
            @Nullable Double median,
            @Nullable Double least,
            @Nullable Double most,
            List<Double> samples) {
        /** Checks the samples. */
        public Times {
            Json.require(!samples.isEmpty(), "samples is missing");
            samples.forEach(sample -> Json.requireSeconds("samples", sample));
        }
    }

    /** What was decoded after the prompt; it is part of the row's own figures too. */
    public record Decode(
            int steps, @Nullable Flops flops, @Nullable Times seconds) {
        /** Checks the steps. */
        public Decode {
            Json.requirePositive("steps", steps);
        }
    }

    /** How figures grow with the context, and what the rows that show it have in common. */
    public record Exponents(
            String model,
            String hash,
            int batch,
            int threads,
            WeightsMode weights,
            Algorithm algorithm,
            @Nullable Integer queryTile,
            @Nullable Integer keyTile,
            @Nullable Integer chunk,
            @Nullable Integer decode,
            LogitsRows logits,
            List<Integer> contexts,
            Exponent time,
            Exponent counted,
            String cpu,
            String kernel) {}

    /** A fitted exponent of T. */
    public record Exponent(double exponent, double standardError) {}
}
