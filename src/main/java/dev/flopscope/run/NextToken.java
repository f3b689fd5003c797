package dev.flopscope.run;

import dev.flopscope.tensor.Matrix;
import dev.flopscope.text.Gpt2Tokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads the most likely next tokens off a row of logits. */
final class NextToken {
    private static final int GPT2_VOCABULARY = 50_257;

    private NextToken() {}

    /** The likeliest token after the position of {@code row}; of equals, the one with the lowest id. */
    static int likeliest(Matrix logits, long row) {
        float[] values = new float[logits.columns()];
        logits.readRow(row, values, values.length);
        int likeliest = 0;
        for (int id = 1; id < values.length; id++) {
            if (values[id] > values[likeliest]) {
                likeliest = id;
            }
        }
        return likeliest;
    }

    /** The text of {@code ids}, if GPT-2's vocabulary is the one of {@code vocabSize} tokens. */
    static Optional<String> text(List<Integer> ids, int vocabSize) {
        return vocabSize == GPT2_VOCABULARY ? Optional.of(new Gpt2Tokenizer().decode(ids)) : Optional.empty();
    }

    /** The {@code count} most likely tokens after the position of {@code row}, the likeliest first. */
    static List<Prediction> top(Matrix logits, long row, int count) {
        float[] values = new float[logits.columns()];
        logits.readRow(row, values, values.length);
        double max = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .max()
                .orElseThrow();
        double sum = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.exp(values[i] - max))
                .sum();
        Gpt2Tokenizer tokenizer = new Gpt2Tokenizer();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
                .limit(count)
                .map(i -> new Prediction(
                        i,
                        values.length == GPT2_VOCABULARY ? tokenizer.decode(i) : "",
                        Math.exp(values[i] - max) / sum))
                .toList();
    }
}
