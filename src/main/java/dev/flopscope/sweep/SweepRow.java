package dev.flopscope.sweep;

import dev.flopscope.config.ModelConfigWriter;
import dev.flopscope.config.RunSpec;
import dev.flopscope.schema.AccountRecord;
import dev.flopscope.schema.Envelope;
import dev.flopscope.schema.Json;
import dev.flopscope.schema.SweepFile;
import dev.flopscope.sweep.Measured.Totals;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One combination of a sweep, which was measured or skipped for a reason.
 *
 * @param point its settings
 * @param environment where it was measured, and by what
 * @param date when
 * @param measured what was measured; empty if it was skipped
 * @param skipped why it was not measured; empty if it was
 */
public record SweepRow(
        SweepPoint point,
        Environment environment,
        Instant date,
        Optional<Measured> measured,
        Optional<String> skipped) {
    /**
     * Checks that the row is one or the other, and that it has figures of decoding if it decodes.
     *
     * @throws IllegalArgumentException if that is not so
     */
    public SweepRow {
        if (measured.isPresent() == skipped.isPresent()) {
            throw new IllegalArgumentException("a row is either measured or skipped: " + point.describe());
        }
        boolean decodes = point.spec().decode().isPresent();
        if (measured.filter(found -> found.decode().isPresent() != decodes).isPresent()) {
            throw new IllegalArgumentException("figures of decoding do not suit the settings: " + point.describe());
        }
    }

    /** The run that gave the row, and would give it again. */
    public RunSpec spec() {
        return point.spec();
    }

    /** The row as files have it. */
    public SweepFile.Row record() {
        RunSpec spec = point.spec();
        OptionalInt decode = spec.decode();
        return new SweepFile.Row(
                new SweepFile.Model(spec.model().name(), point.modelHash(), ModelConfigWriter.write(spec.model())),
                spec.batch(),
                point.context(),
                Json.orNull(spec.chunk()),
                spec.logits(),
                new AccountRecord.Attention(spec.attention().algorithm(), point.queryTile(), point.keyTile(), null),
                spec.weights(),
                spec.seed(),
                spec.checkpoint().map(Path::toString).orElse(null),
                ofAll(Totals::flops),
                ofAll(all -> new SweepFile.Times(all.median(), all.least(), all.most(), all.samples())),
                ofAll(Totals::gflopsPerSecond),
                decode.isEmpty() ? null : decoded(decode.getAsInt()),
                measured.map(Measured::agrees).orElse(null),
                skipped.orElse(null),
                Json.orNull(measured.map(Measured::peakResidentBytes).orElse(OptionalLong.empty())),
                environment.engine(spec),
                environment.machine(),
                new Envelope.Program(
                        environment.flopscope().version(),
                        environment.flopscope().commit()),
                date.toString());
    }

    private SweepFile.Decode decoded(int steps) {
        Optional<Totals> totals = measured.flatMap(Measured::decode);
        return new SweepFile.Decode(
                steps,
                totals.map(Totals::flops).orElse(null),
                totals.map(found -> new SweepFile.Times(null, null, null, found.samples()))
                        .orElse(null));
    }

    private <T> @Nullable T ofAll(Function<Totals, T> figure) {
        return measured.map(Measured::all).map(figure).orElse(null);
    }

    /** Whether it was measured on this hardware often enough and agreed, so that it need not be measured again. */
    boolean suffices(Environment here, int repetitions) {
        return environment.sameHardware(here)
                && measured.filter(
                                found -> found.agrees() && found.all().samples().size() >= repetitions)
                        .isPresent();
    }

    /** Whether {@code newer} takes its place: the settings and the hardware are the same. */
    boolean isReplacedBy(SweepRow newer) {
        return point.equals(newer.point) && environment.sameHardware(newer.environment);
    }
}
