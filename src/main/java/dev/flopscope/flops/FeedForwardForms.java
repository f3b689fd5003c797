package dev.flopscope.flops;

import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import java.util.List;

/** The closed forms of a block's feed-forward network: three products of D·F with a gate (Shazeer 2020), two without. */
record FeedForwardForms(FeedForwardConfig network, long dModel) {
    /** D·F for each matrix. */
    long parameters() {
        return Exact.product(isGated() ? 3 : 2, dModel, network.width());
    }

    /** The products of one layer, in the order of a pass. */
    List<ProductForm> products(Phase phase) {
        ProductForm up = Projection.of(MatmulKind.FFN_UP, phase, "D·F", dModel, network.width());
        ProductForm down = Projection.of(MatmulKind.FFN_DOWN, phase, "F·D", network.width(), dModel);
        return isGated()
                ? List.of(Projection.of(MatmulKind.FFN_GATE, phase, "D·F", dModel, network.width()), up, down)
                : List.of(up, down);
    }

    /** Widths of the buffers that hold one row of a pass, by name. */
    List<MemoryAccount.Width> buffers() {
        MemoryAccount.Width up = new MemoryAccount.Width("up", network.width());
        return isGated() ? List.of(new MemoryAccount.Width("gate", network.width()), up) : List.of(up);
    }

    private boolean isGated() {
        return network instanceof FeedForwardConfig.Gated;
    }
}
