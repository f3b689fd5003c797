package dev.flopscope.flops;

import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.ArrayList;
import java.util.List;

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

    /** One product of the last token of each sequence with a weight: (B, in)·(in, out), so 2·B·in·out FLOPs. */
    static ProductForm ofLastTokens(MatmulKind kind, Phase phase, String letters, long in, long out) {
        return new ProductForm(
                kind,
                "2·B·" + letters,
                Exact.product(2, phase.batch(), in, out),
                List.of(new ProductShape(phase.batch(), in, out, 1)));
    }
}
