package dev.flopscope.run;

import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Tensor;
import dev.flopscope.text.Gpt2Tokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the most likely next tokens off logits.
 *
 * @param backend what the logits are on
 * @param batch B; the logits have the rows of one sequence after those of another
 */
record NextToken(Backend backend, int batch) {
    private static final int GPT2_VOCABULARY = 50_257;

    /** Of each sequence the likeliest token after its last row of {@code logits}; of equals, the one with the lowest id. */
    int[] likeliest(Tensor logits) {
        return IntStream.range(0, batch)
                .map(sequence -> likeliest(lastRow(logits, sequence)))
                .toArray();
    }

    private static int likeliest(float[] values) {
        int likeliest = 0;
        for (int id = 1; id < values.length; id++) {
            if (values[id] > values[likeliest]) {
                likeliest = id;
            }
        }
        return likeliest;
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
                .map(i ->
                        new Prediction(i, text(List.of(i), values.length).orElse(""), Math.exp(values[i] - max) / sum))
                .toList();
    }

    /** The text of {@code ids}, if GPT-2's vocabulary is the one of {@code vocabSize} tokens. */
    static Optional<String> text(List<Integer> ids, int vocabSize) {
        return vocabSize == GPT2_VOCABULARY ? Optional.of(new Gpt2Tokenizer().decode(ids)) : Optional.empty();
    }
}
