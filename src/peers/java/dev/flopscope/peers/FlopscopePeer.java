package dev.flopscope.peers;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.count.FlopTally;
import dev.flopscope.forward.Transformer;
import dev.flopscope.matmul.CountingMatmul;
import dev.flopscope.matmul.TimingMatmul;
import dev.flopscope.run.PreparedModel;
import dev.flopscope.tensor.Matrix;
import dev.flopscope.time.TimeTally;
import org.jspecify.annotations.Nullable;

/** Flopscope itself, counting and timing every product as it does for its users. */
final class FlopscopePeer implements Peer {
    private final Engine engine;
    private final Transformer transformer;
    private @Nullable Matrix logits;

    /** A pass of {@code tokens} tokens over {@code model}, whose engine is {@code engine} and which stays its owner's. */
    FlopscopePeer(Engine engine, PreparedModel model, int tokens) {
        this.engine = engine;
        TimeTally timer = new TimeTally();
        transformer = model.transformer(
                1,
                tokens,
                Attention.of(Attention.Algorithm.TILED),
                new CountingMatmul(new TimingMatmul(model.matmul(), timer), new FlopTally()),
                timer);
    }

    @Override
    public String name() {
        return "Flopscope, " + engine.label();
    }

    @Override
    public void run(int[] ids) {
        logits = transformer.forward(ids, done -> {});
    }

    @Override
    public void readLogits(int row, float[] destination) {
        if (logits == null) {
            throw new IllegalStateException("no pass was run");
        }
        logits.readRow(row, destination, destination.length);
    }

    @Override
    public void close() {
        // The model owns the buffers.
    }
}
