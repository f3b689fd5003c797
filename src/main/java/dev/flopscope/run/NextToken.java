package dev.flopscope.run;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.text.Tokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the next tokens off logits.
 *
 * @param backend what the logits are on
 * @param batch B; the logits have the rows of one sequence after those of another
 * @param sampler chooses
 * @param tokenizer says what ids mean, if it is known
 */
record NextToken(Backend backend, int batch, TokenSampler sampler, Optional<Tokenizer> tokenizer) {
    /** Of each sequence the token that is chosen by the last row of its {@code logits}. */
    int[] choose(Tensor logits) {
        return IntStream.range(0, batch)
                .map(sequence -> sampler.choose(lastRow(logits, sequence)))
                .toArray();
    }

    private float[] lastRow(Tensor logits, int sequence) {
        float[] values = new float[Math.toIntExact(logits.columns())];
        backend.readRow(logits, (sequence + 1L) * (logits.rows() / batch) - 1, values);
        return values;
    }

    /** The {@code most} most likely tokens after the last row of the first sequence, the likeliest first. */
    List<Prediction> top(Tensor logits, int most) {
        float[] values = lastRow(logits, 0);
        double max = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .max()
                .orElseThrow();
        double sum = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.exp(values[i] - max))
                .sum();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
                .limit(most)
                .map(i -> new Prediction(i, text(List.of(i)).orElse(""), Math.exp(values[i] - max) / sum))
                .toList();
    }

    /** The text of {@code ids}, if the tokenizer is known. */
    Optional<String> text(List<Integer> ids) {
        return tokenizer.map(known -> known.decode(ids));
    }
}
