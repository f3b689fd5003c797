package dev.flopscope.run;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.count.SiteCount;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.flops.ProductForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Reads the logits of the first sequence, chunk by chunk, as they come. */
final class LogitsReader {
    private final List<Integer> argmax = new ArrayList<>();
    private float[] last = new float[0];
    private double sum;
    private double squares;

    /** Reads those of a chunk of {@code batch} sequences. */
    void read(Backend backend, Tensor logits, int batch) {
        last = new float[Math.toIntExact(logits.columns())];
        for (long row = 0; row < logits.rows() / batch; row++) {
            backend.readRow(logits, row, last);
            int largest = 0;
            for (int id = 0; id < last.length; id++) {
                sum += last[id];
                squares += (double) last[id] * last[id];
                largest = last[id] > last[largest] ? id : largest;
            }
            argmax.add(largest);
        }
    }

    /** What was read. */
    Logits logits(Measurement measurement) {
        List<Float> values = new ArrayList<>(last.length);
        for (float value : last) {
            values.add(value);
        }
        return new Logits(
                measurement,
                argmax.size(),
                last.length,
                values,
                argmax,
                sum,
                Math.sqrt(squares),
                tokensPerExpert(measurement.prefill()));
    }

    /** Rows that each expert's way up had, layer by layer. */
    static List<List<Long>> tokensPerExpert(PhaseMeasurement phase) {
        List<List<Long>> layers = new ArrayList<>();
        PhaseAccount expected = phase.account();
        for (int layer = 0; layer < expected.layers().size(); layer++) {
            int number = layer;
            int experts = expected.layers().get(layer).stream()
                    .mapToInt(ProductForm::experts)
                    .max()
                    .orElse(0);
            if (experts > 0) {
                layers.add(LongStream.range(0, experts)
                        .map(expert -> rows(
                                phase.counts(), new MatmulSite(MatmulKind.FFN_UP, number, Math.toIntExact(expert))))
                        .boxed()
                        .toList());
            }
        }
        return layers;
    }

    private static long rows(Map<MatmulSite, SiteCount> counts, MatmulSite site) {
        return counts.containsKey(site)
                ? counts.get(site).callsByShape().entrySet().stream()
                        .mapToLong(entry -> Math.multiplyExact(entry.getKey().m(), (long) entry.getValue()))
                        .sum()
                : 0;
    }
}
