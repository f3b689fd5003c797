package dev.flopscope.peers;

import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.Tensor;
import dev.flopscope.benchmark.BenchmarkModel;
import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.count.FlopTally;
import dev.flopscope.forward.Transformer;
import dev.flopscope.time.TimeTally;
import org.jspecify.annotations.Nullable;

/** Flopscope itself, counting and timing every product as it does for its users. */
final class FlopscopePeer implements Peer {
    private final Engine engine;
    private final BenchmarkModel model;
    private final Transformer transformer;
    private final ExecutionContext context;
    private @Nullable Tensor logits;

    /** A pass over {@code model}, whose engine is {@code engine} and which stays its owner's. */
    FlopscopePeer(Engine engine, BenchmarkModel model) {
        this.engine = engine;
        this.model = model;
        this.transformer = model.transformer(Attention.of(Attention.Algorithm.TILED));
        this.context = model.observed(new FlopTally(), new TimeTally());
    }

    @Override
    public String name() {
        return "Flopscope, " + engine.label();
    }

    @Override
    public void run(int[] ids) {
        logits = model.run(transformer, ids, context, done -> {});
    }

    @Override
    public void readLogits(int row, float[] destination) {
        if (logits == null) {
            throw new IllegalStateException("no pass was run");
        }
        model.backend().readRow(logits, row, destination);
    }

    @Override
    public void close() {
        // The model owns the buffers.
    }
}
