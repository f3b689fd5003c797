package dev.flopscope.flops;

import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The closed form of products of all rows of a chunk with one weight. */
final class Projection {
    private Projection() {}

    /**
     * One product a chunk of all its tokens with a weight: (B·q, in)·(in, out), so 2·B·T·in·out FLOPs over T tokens.
     *
     * @param letters in and out in letters, such as {@code D·F}
     */
    static ProductForm of(MatmulKind kind, Phase phase, String letters, long in, long out) {
        Tokens tokens = new Tokens(phase);
        long rest = phase.tokens() % phase.queries();
        List<ProductShape> shapes = new ArrayList<>();
        shapes.add(new ProductShape(
                Exact.product(phase.batch(), phase.queries()), in, out, phase.tokens() / phase.queries()));
        if (rest > 0) {
            shapes.add(new ProductShape(Exact.product(phase.batch(), rest), in, out, 1));
        }
        return new ProductForm(
                kind, "2·B·" + tokens.letter() + "·" + letters, Exact.product(2, tokens.all(), in, out), shapes);
    }

    /**
     * Products of experts: each of all its rows in a chunk with a weight, (rows, in)·(in, out). Which rows an expert gets is for
     * the router to say, but all experts together get k a token, so 2·k·B·T·in·out FLOPs. The shapes are those of rows that are
     * spread as evenly as can be.
     */
    static ProductForm ofExperts(
            MatmulKind kind, Phase phase, String letters, FeedForwardConfig.Experts mixture, long in, long out) {
        Tokens tokens = new Tokens(phase);
        Map<Long, Long> calls = new TreeMap<>(Comparator.reverseOrder());
        phase.chunks().forEach(chunk -> {
            long rows = Exact.product(chunk.rows(), mixture.perToken());
            long fewer = rows / mixture.count();
            long more = rows % mixture.count();
            calls.merge(fewer + 1, more, Math::addExact);
            calls.merge(fewer, mixture.count() - more, Math::addExact);
        });
        List<ProductShape> shapes = calls.entrySet().stream()
                .filter(entry -> entry.getKey() > 0 && entry.getValue() > 0)
                .map(entry -> new ProductShape(entry.getKey(), in, out, entry.getValue()))
                .toList();
        return new ProductForm(
                kind,
                "2·k·B·" + tokens.letter() + "·" + letters,
                Exact.product(2, mixture.perToken(), tokens.all(), in, out),
                shapes,
                mixture.count());
    }

    /** One product of the last token of each sequence with a weight: (B, in)·(in, out), so 2·B·in·out FLOPs. */
    static ProductForm ofLastTokens(MatmulKind kind, Phase phase, String letters, long in, long out) {
        return new ProductForm(
                kind,
                "2·B·" + letters,
                Exact.product(2, phase.batch(), in, out),
                List.of(new ProductShape(phase.batch(), in, out, 1)));
    }
}
